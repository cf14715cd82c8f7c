#include "switching/begin.hpp"

#include "acquiring/state.hpp"
#include "ledger/draft.hpp"
#include "wallet/state.hpp"

namespace huitong::switching {
namespace {

constexpr Duration refund_window = days(365);  // business-rules 1.4 G

bool must_confirm(const Sides& sides, const Payment& payment) {
    return payment.terms.kind == PaymentKind::cpm && !payment.terms.payer_link.named() &&
           payment.terms.minor > sides.wallet_rules.code_free_minor;
}

}  // namespace

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

Result<AccountId> Sought::position(ParticipantId id, Currency currency) const {
    CHECK(linked(sides_.switching, id));
    TRY(found, position_of(sides_.switching, id, currency));
    return found->id();
}

Decided<void> Sought::payer_position(Payment& payment, ParticipantId id) const {
    TRY(account, position(id, payment.terms.currency));
    payment.terms.payer_link = id;
    payment.terms.payer_account = account;
    return {};
}

Decided<void> Sought::payee_position(Payment& payment, ParticipantId id) const {
    TRY(account, position(id, payment.terms.currency));
    payment.terms.payee_link = id;
    payment.terms.payee_account = account;
    return {};
}

Decided<void> Sought::payee_order(Payment& payment, OrderId id) const {
    TRY(order, sides_.acquiring.orders.find(id, Error::order_not_found));
    TRY(account, acquiring::payable(sides_.acquiring, *order, "", now_));
    if (order->amount() != payment.amount()) return refuse(Error::amount_mismatch);
    payment.terms.order = id;
    payment.terms.merchant = order->terms.merchant;
    payment.terms.payee_account = account;
    return {};
}

Decided<void> Sought::payer_of_code(Payment& payment) const {
    TRY(user, wallet::spend_payer_code(sides_.wallet, payment.terms.code, payment.id(), now_,
                                       effects_.wallet));
    payment.terms.payer = user->id();
    payment.terms.payer_account = user->terms.account;
    return {};
}

Decided<void> Sought::payer_of_original(Payment& payment, const Payment& original) const {
    payment.terms.original = original.id();
    const std::int64_t left = original.terms.minor - original.state.refunded_minor;
    if (original.state.status != PaymentStatus::completed)
        return refuse(Error::refund_order_unpaid);
    if (original.terms.currency != payment.terms.currency) return refuse(Error::currency_mismatch);
    if (payment.terms.minor > left) return refuse(Error::refund_exceeds_payment);
    if (now_ > original.state.ended_at + refund_window) return refuse(Error::refund_window_closed);
    payment.terms.payer = original.terms.payer;
    payment.terms.payee_account = original.terms.payer_account;
    if (!original.terms.payer_link.named()) return {};
    payment.terms.code = original_on_link(original);
    return payee_position(payment, original.terms.payer_link);
}

Decided<void> begin(const Sides& sides, Life& life, Payment& payment) {
    if (must_confirm(sides, payment)) return life.ask_payer(payment);
    CHECK(life.reserve(payment));
    if (payment.terms.responder_link().named()) return {};
    return life.accept(payment);
}

bool is_answer(const Stop& stop) {
    return !stop.is_miss() && describe(stop.error).kind != ErrorKind::failure;
}

bool is_refusal(const Decided<void>& done) {
    return !done &&
           (done.error().is_miss() || describe(done.error().error).kind != ErrorKind::decline);
}

Decided<Payment> recorded(Life& life, Payment payment, const Decided<void>& done) {
    if (!done) {
        if (!is_answer(done.error())) return std::unexpected(done.error());
        CHECK(life.decline(payment, name_of(done.error().error)));
    }
    life.record(payment);
    return payment;
}

}  // namespace huitong::switching
