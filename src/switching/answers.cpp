// The later steps of a payment: what the responder, the requester and the timer bring.
#include "ledger/draft.hpp"
#include "switching/life.hpp"
#include "switching/linked.hpp"

namespace huitong::switching {
namespace {

using enum PaymentStatus;

// Takes one step of a payment that is in memory or fetched, and records where it led.
template <class Step>
Decided<Payment> step(const Sides& sides, const Payment& known, Instant now, SidesEffects effects,
                      Step&& take) {
    Payment payment = known;
    Life life(sides, now, effects);
    CHECK(take(life, payment));
    life.note(payment);
    return payment;
}

Decided<const Payment*> requested(const Sides& sides, ParticipantId from,
                                  const std::string& request_id) {
    TRY(payment, sides.switching.payments.find(NaturalKey{from.value, request_id}));
    if (payment == nullptr) return refuse(Error::payment_not_found);
    return payment;
}

// May the requester take a completed payment back? Only a till may, on the same business day
// (design section 2). A till that got no answer just before the day ends asks a little later: its
// payment must not stay half done for that.
bool may_undo(const Payment& payment, const Rules& rules, Instant now) {
    if (payment.terms.kind != PaymentKind::cpm) return false;
    return business_day(now) == payment.terms.window ||
           now < payment.terms.created_at + rules.reversal_grace;
}

Payment remembered_reversal(const ReversePayment& command, Instant now) {
    return {
        .terms = {.id = command.id,
                  .request_id = command.request_id,
                  .created_at = now,
                  .requester = {command.from.value},
                  .payer_link = command.from,
                  .window = business_day(now)},
        .state = {
                  .status = reversed, .ended_at = now, .decline = name_of(Error::payment_reversed)}
    };
}

}  // namespace

Decided<Payment> answer_payment(const Sides& sides, const AnswerPayment& command, Instant now,
                                SidesEffects effects) {
    TRY(known, sides.switching.payments.find(command.payment, Error::payment_not_found));
    switch (known->state.status) {
        case reserved:
            if (known->state.accepted) break;
            return step(sides, *known, now, effects, [&](Life& life, Payment& payment) {
                payment.state.peer_reference = command.peer_reference;
                if (command.yes) return life.accept(payment);
                const bool named = error_named(command.decline) != Error::count_;
                return life.decline(payment,
                                    named ? command.decline : name_of(Error::peer_declined));
            });
        case reversing:
        case reversed:
            return *known;  // Too late; the courier sends the reversal again.
        case completed:
            break;
        case declined:
            if (command.yes) return refuse(Error::state_conflict);
            return *known;
        case confirming:
            return refuse(Error::state_conflict);
    }
    if (!command.yes) return refuse(Error::state_conflict);
    return *known;
}

Decided<Payment> commit_payment(const Sides& sides, const CommitPayment& command, Instant now,
                                SidesEffects effects) {
    TRY(known, requested(sides, command.from, command.request_id));
    if (known->state.status == completed) return *known;
    if (known->state.status == confirming) return refuse(Error::payment_undecided);
    if (known->state.status != reserved) return refuse(Error::state_conflict);
    if (!known->state.accepted) return refuse(Error::payment_undecided);
    return step(sides, *known, now, effects,
                [](Life& life, Payment& payment) { return life.complete(payment); });
}

Decided<Payment> take_back(const Sides& sides, const Payment& known, Instant now,
                           SidesEffects effects) {
    switch (known.state.status) {
        case reserved:
        case confirming:
            if (known.terms.kind == PaymentKind::refund) return refuse(Error::payment_undecided);
            return step(sides, known, now, effects, [](Life& life, Payment& payment) {
                return life.give_up(payment, name_of(Error::payment_reversed));
            });
        case completed:
            if (!may_undo(known, sides.rules, now)) return refuse(Error::payment_completed);
            return step(sides, known, now, effects,
                        [](Life& life, Payment& payment) { return life.undo(payment); });
        case declined:
        case reversing:
        case reversed:
            break;
    }
    return known;
}

Decided<Payment> reverse_payment(const Sides& sides, const ReversePayment& command, Instant now,
                                 SidesEffects effects) {
    TRY(known, sides.switching.payments.find(NaturalKey{command.from.value, command.request_id}));
    if (known == nullptr) {
        const Payment reversal = remembered_reversal(command, now);
        Life(sides, now, effects).record(reversal);
        return reversal;
    }
    return take_back(sides, *known, now, effects);
}

Decided<Payment> expire_payment(const Sides& sides, const ExpirePayment& command, Instant now,
                                SidesEffects effects) {
    TRY(known, sides.switching.payments.find(command.payment, Error::payment_not_found));
    const auto due = expiry_of(*known, sides.rules);
    if (!due || now < *due) return *known;
    return step(sides, *known, now, effects, [](Life& life, Payment& payment) {
        if (payment.state.status == confirming)
            return life.decline(payment, name_of(Error::payer_confirmation_missed));
        return life.give_up(payment, name_of(Error::transfer_expired));
    });
}

Decided<Payment> acknowledge_payment(const Sides& sides, const AcknowledgePayment& command,
                                     Instant now, SidesEffects effects) {
    TRY(known, sides.switching.payments.find(command.payment, Error::payment_not_found));
    const bool awaited =
        command.reversal ? known->state.status == reversing : known->state.commit_owed;
    if (!awaited) return *known;
    return step(sides, *known, now, effects, [&](Life&, Payment& payment) -> Decided<void> {
        if (command.reversal) payment.state.status = reversed;
        payment.state.commit_owed = false;
        return {};
    });
}

Decided<Payment> query_request(const Sides& sides, const QueryRequest& command) {
    TRY(payment, requested(sides, command.from, command.request_id));
    return *payment;
}

// An accepted payment waits for its requester alone, and a refund until it is answered.
std::optional<Instant> expiry_of(const Payment& payment, const Rules& rules) {
    if (payment.state.status == confirming)
        return payment.terms.created_at + rules.payer_confirmation;
    const bool waits = payment.state.status == reserved && !payment.state.accepted &&
                       payment.terms.kind != PaymentKind::refund;
    if (!waits) return std::nullopt;
    return payment.terms.created_at + rules.transfer_expiry;
}

}  // namespace huitong::switching
