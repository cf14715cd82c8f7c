#include "ledger/draft.hpp"
#include "switching/begin.hpp"
#include "switching/linked.hpp"
#include "switching/registry.hpp"
#include "wallet/state.hpp"

namespace huitong::switching {
namespace {

Result<void> admissible(Money amount) {
    if (amount.minor <= 0) return refuse(Error::amount_not_positive);
    if (amount.minor > amount_minor_max) return refuse(Error::amount_overflow);
    return {};
}

// A refund names the original by our number or by the requester's key.
Decided<const Payment*> original_of(const Switching& switching, const RequestPayment& command) {
    const Payment* original = nullptr;
    if (command.original.named()) {
        TRY(found, switching.payments.find(command.original, Error::payment_not_found));
        original = found;
    } else {
        TRY(found,
            switching.payments.find(NaturalKey{command.from.value, command.original_request_id}));
        original = found;
    }
    // Only the institution of the payee gives back, and only what it was paid.
    if (original == nullptr || original->terms.payee_link != command.from)
        return refuse(Error::payment_not_found);
    return original;
}

// Both sides of what an institution asks for.
Decided<void> find_sides(const Sides& sides, const Sought& sought, const RequestPayment& command,
                         Payment& payment) {
    switch (command.kind) {
        case PaymentKind::mpm:
            CHECK(sought.payer_position(payment, command.from));
            if (command.to.named()) return sought.payee_position(payment, command.to);
            return sought.payee_order(payment, command.order);
        case PaymentKind::cpm:
            CHECK(sought.payee_position(payment, command.from));
            if (command.to.named()) return sought.payer_position(payment, command.to);
            return sought.payer_of_code(payment);
        case PaymentKind::refund: {
            CHECK(sought.payer_position(payment, command.from));
            TRY(original, original_of(sides.switching, command));
            return sought.payer_of_original(payment, *original);
        }
    }
    std::unreachable();
}

Decided<void> opened(const Sides& sides, const RequestPayment& command, Instant now) {
    CHECK(check_opening(sides.switching.openings, command.from, command.code_kind, now));
    return {};
}

}  // namespace

Decided<Payment> request_payment(const Sides& sides, const RequestPayment& command, Instant now,
                                 SidesEffects effects) {
    CHECK(linked(sides.switching, command.from));
    CHECK(admissible(command.amount));
    CHECK(position_of(sides.switching, command.from, command.amount.currency));
    TRY(first, sides.switching.payments.find(NaturalKey{command.from.value, command.request_id}));
    if (first != nullptr) {
        // A reversal that came first knew nothing of the content.
        const bool unknown = first->terms.content_digest.empty();
        if (!unknown && first->terms.content_digest != command.content_digest)
            return refuse(Error::payment_key_reused);
        return *first;
    }
    Payment payment = fresh_payment(command.id, command.amount, now);
    payment.terms.requester = requester(command.from);
    payment.terms.request_id = command.request_id;
    payment.terms.kind = command.kind;
    payment.terms.code = command.code;
    payment.terms.subject = command.subject;
    payment.terms.content_digest = command.content_digest;

    Life life(sides, now, effects);
    Decided<void> done;
    if (command.kind != PaymentKind::refund) done = opened(sides, command, now);
    if (done) done = find_sides(sides, Sought(sides, now, effects), command, payment);
    if (done) done = begin(sides, life, payment);
    return recorded(life, std::move(payment), done);
}

Decided<Payment> pay_code(const Sides& sides, const PayCode& command, Instant now,
                          SidesEffects effects) {
    TRY(user, wallet::session_user(sides.wallet, command.session));
    TRY(first, sides.switching.payments.find(NaturalKey{user->id().value, command.request_id}));
    if (first != nullptr) {
        if (first->terms.code != command.code || first->amount() != command.amount)
            return refuse(Error::payment_key_reused);
        return *first;
    }
    if (command.expires_at.ms != 0 && now >= command.expires_at)
        return refuse(Error::resolve_token_unknown);
    CHECK(admissible(command.amount));
    Payment payment = fresh_payment(command.id, command.amount, now);
    payment.terms.requester = requester(user->id());
    payment.terms.request_id = command.request_id;
    payment.terms.code = command.code;
    payment.terms.subject = command.subject;
    payment.terms.payer = user->id();
    payment.terms.payer_account = user->terms.account;
    CHECK(Sought(sides, now, effects).payee_position(payment, command.to));

    Life life(sides, now, effects);
    Decided<void> done;
    if (const auto may = wallet::authorise(*user, command.amount, command.check, sides.wallet_rules,
                                           now, effects.wallet);
        !may)
        done = refuse(may.error());
    if (done) done = begin(sides, life, payment);
    if (is_refusal(done)) return std::unexpected(done.error());
    return recorded(life, std::move(payment), done);
}

Decided<Payment> confirm_payment(const Sides& sides, const ConfirmPayment& command, Instant now,
                                 SidesEffects effects) {
    TRY(user, wallet::session_user(sides.wallet, command.session));
    TRY(known, sides.switching.payments.find(command.payment, Error::payment_not_found));
    if (known->terms.payer != user->id()) return refuse(Error::payment_not_found);
    if (known->state.status != PaymentStatus::confirming) return *known;
    Payment payment = *known;
    Life life(sides, now, effects);
    const auto may = wallet::authorise(*user, payment.amount(), command.check, sides.wallet_rules,
                                       now, effects.wallet);
    if (!may && may.error() == Error::payment_password_wrong) return payment;
    if (!may) return refuse(may.error());

    Decided<void> done = life.reserve(payment);
    if (done) done = life.accept(payment);
    if (!done) {
        if (!is_answer(done.error())) return std::unexpected(done.error());
        CHECK(life.decline(payment, name_of(done.error().error)));
    }
    life.note(payment);
    return payment;
}

}  // namespace huitong::switching
