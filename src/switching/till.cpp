// A till of a merchant hosted here: it charges payer codes, and takes back what it charged.
#include "acquiring/state.hpp"
#include "base/ensure.hpp"
#include "ledger/draft.hpp"
#include "switching/begin.hpp"
#include "switching/linked.hpp"

namespace huitong::switching {
namespace {

// The number is taken: by this very wish, whose payment is the answer, or by another.
Decided<Payment> repeat(const Sides& sides, const acquiring::Order& first,
                        const acquiring::OrderTerms& again) {
    if (first.terms.content_digest != again.content_digest)
        return refuse(first.state.status == acquiring::OrderStatus::paid
                          ? Error::order_paid
                          : Error::order_number_reused);
    TRY(payment, sides.switching.payments.find(first.key()));
    if (payment == nullptr) return refuse(Error::order_number_reused);
    return *payment;
}

Payment charge_of(const acquiring::Order& order, const acquiring::Merchant& payee,
                  const ChargeCode& command, Instant now) {
    Payment payment = fresh_payment(command.id, order.amount(), now);
    payment.terms.requester = requester(payee.id());
    payment.terms.request_id = order.terms.out_trade_no;
    payment.terms.kind = PaymentKind::cpm;
    payment.terms.code = command.code;
    payment.terms.subject = order.terms.description;
    payment.terms.order = order.id();
    payment.terms.merchant = payee.id();
    payment.terms.payee_account = payee.terms.unsettled;
    return payment;
}

}  // namespace

Decided<Payment> charge_code(const Sides& sides, const ChargeCode& command, Instant now,
                             SidesEffects effects) {
    const NaturalKey key{command.order.merchant.value, command.order.out_trade_no};
    TRY(known, sides.acquiring.orders.find(key));
    if (known != nullptr) return repeat(sides, *known, command.order);
    TRY(order, acquiring::create_order(sides.acquiring, {command.order}, sides.acquiring_rules, now,
                                       effects.acquiring));
    const acquiring::Merchant* payee = sides.acquiring.merchants.find(order.terms.merchant);
    ENSURE(payee != nullptr);  // create_order has found it.

    Payment payment = charge_of(order, *payee, command, now);
    const Sought sought(sides, now, effects);
    Life life(sides, now, effects);
    Decided<void> done = command.to.named() ? sought.payer_position(payment, command.to)
                                            : sought.payer_of_code(payment);
    if (done) done = begin(sides, life, payment);
    if (is_refusal(done)) return std::unexpected(done.error());
    return recorded(life, std::move(payment), done);
}

Decided<Payment> reverse_order(const Sides& sides, const ReverseOrder& command, Instant now,
                               SidesEffects effects) {
    TRY(order, acquiring::find_order(sides.acquiring, command.order));
    if (order->terms.trade_type != acquiring::TradeType::micropay)
        return refuse(Error::order_not_reversible);
    TRY(known, sides.switching.payments.find(order->key()));
    ENSURE(known != nullptr);  // A till's order is made by the entry that makes its payment.
    return take_back(sides, *known, now, effects);
}

}  // namespace huitong::switching
