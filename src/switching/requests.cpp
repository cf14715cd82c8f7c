#include "base/ensure.hpp"
#include "switching/life.hpp"
#include "switching/linked.hpp"
#include "switching/registry.hpp"

namespace huitong::switching {
namespace {

constexpr Duration refund_window = days(365);  // business-rules 1.4 G

RequesterId requester(auto id) {
    return {id.value};
}

// Where the two sides of a payment are found: each adds its account and link to the terms.
class Sought {
public:
    Sought(const Sides& sides, Instant now, SidesEffects effects)
        : sides_(sides), now_(now), effects_(effects) {}

    Decided<void> payer_position(Payment& payment, ParticipantId id) const {
        TRY(account, position(id, payment.terms.currency));
        payment.terms.payer_link = id;
        payment.terms.payer_account = account;
        return {};
    }
    Decided<void> payee_position(Payment& payment, ParticipantId id) const {
        TRY(account, position(id, payment.terms.currency));
        payment.terms.payee_link = id;
        payment.terms.payee_account = account;
        return {};
    }
    Decided<void> payee_order(Payment& payment, OrderId id) const {
        TRY(order, sides_.acquiring.orders.find(id, Error::order_not_found));
        TRY(account, acquiring::payable(sides_.acquiring, *order, "", now_));
        if (order->amount() != payment.amount()) return refuse(Error::amount_mismatch);
        payment.terms.order = id;
        payment.terms.merchant = order->terms.merchant;
        payment.terms.payee_account = account;
        return {};
    }
    // The code is spent by this, whatever comes of it.
    Decided<void> payer_of_code(Payment& payment) const {
        TRY(user, wallet::spend_payer_code(sides_.wallet, payment.terms.code, payment.id(), now_,
                                           effects_.wallet));
        payment.terms.payer = user->id();
        payment.terms.payer_account = user->terms.account;
        return {};
    }
    // The original's payer takes what the payee gives back.
    Decided<void> payer_of_original(Payment& payment, const Payment& original) const {
        payment.terms.original = original.id();
        const std::int64_t left = original.terms.minor - original.state.refunded_minor;
        if (original.state.status != PaymentStatus::completed)
            return refuse(Error::refund_order_unpaid);
        if (original.terms.currency != payment.terms.currency)
            return refuse(Error::currency_mismatch);
        if (payment.terms.minor > left) return refuse(Error::refund_exceeds_payment);
        if (now_ > original.state.ended_at + refund_window)
            return refuse(Error::refund_window_closed);
        payment.terms.payer = original.terms.payer;
        payment.terms.payee_account = original.terms.payer_account;
        if (!original.terms.payer_link.named()) return {};
        payment.terms.code = original_on_link(original);
        return payee_position(payment, original.terms.payer_link);
    }

private:
    [[nodiscard]] Result<AccountId> position(ParticipantId id, Currency currency) const {
        CHECK(linked(sides_.switching, id));
        TRY(found, position_of(sides_.switching, id, currency));
        return found->id();
    }

    const Sides& sides_;
    Instant now_;
    SidesEffects effects_;
};

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

bool must_confirm(const Sides& sides, const Payment& payment) {
    return payment.terms.kind == PaymentKind::cpm && !payment.terms.payer_link.named() &&
           payment.terms.minor > sides.wallet_rules.code_free_minor;
}

// The first steps: reserve, and when the responder is hosted here, its answer.
Decided<void> begin(const Sides& sides, Life& life, Payment& payment) {
    if (must_confirm(sides, payment)) {
        payment.state.status = PaymentStatus::confirming;
        return {};
    }
    CHECK(life.reserve(payment));
    if (payment.terms.responder_link().named()) return {};
    return life.accept(payment);
}

// Whether a no is recorded: a miss, and what broke, is not an answer.
bool is_answer(const Stop& stop) {
    return !stop.is_miss() && describe(stop.error).kind != ErrorKind::failure;
}

Payment fresh_payment(PaymentId id, Money amount, Instant now) {
    return {
        .terms = {.id = id,
                  .minor = amount.minor,
                  .currency = amount.currency,
                  .created_at = now,
                  .window = business_day(now)},
        .state = {.status = PaymentStatus::declined, .ended_at = now}
    };
}

// What a payment's first steps lead to is recorded, a no as well.
Decided<Payment> recorded(Life& life, Payment payment, const Decided<void>& done) {
    if (!done) {
        if (!is_answer(done.error())) return std::unexpected(done.error());
        CHECK(life.decline(payment, name_of(done.error().error)));
    }
    life.record(payment);
    return payment;
}

bool is_refusal(const Decided<void>& done) {
    return !done &&
           (done.error().is_miss() || describe(done.error().error).kind != ErrorKind::decline);
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

Decided<Payment> charge_code(const Sides& sides, const ChargeCode& command, Instant now,
                             SidesEffects effects) {
    TRY(order, sides.acquiring.orders.find(command.order, Error::order_not_found));
    if (order->terms.merchant != command.merchant) return refuse(Error::order_not_found);
    const NaturalKey key{command.merchant.value, order->terms.out_trade_no};
    TRY(first, sides.switching.payments.find(key));
    if (first != nullptr) return *first;

    Payment payment = fresh_payment(command.id, order->amount(), now);
    payment.terms.requester = requester(command.merchant);
    payment.terms.request_id = key.text;
    payment.terms.kind = PaymentKind::cpm;
    payment.terms.code = command.code;
    payment.terms.subject = order->terms.description;
    const Sought sought(sides, now, effects);
    CHECK(sought.payee_order(payment, command.order));
    if (command.to.named()) CHECK(sought.payer_position(payment, command.to));

    Life life(sides, now, effects);
    Decided<void> done;
    if (!command.to.named()) done = sought.payer_of_code(payment);
    if (done) done = begin(sides, life, payment);
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
