#include "acquiring/state.hpp"
#include "ledger/draft.hpp"
#include "switching/life.hpp"
#include "wallet/state.hpp"

namespace huitong::switching {
namespace {

PaymentAnswer answer(const Sides& sides, const ledger::Draft& draft, const Payment& payment,
                     const acquiring::Order& order) {
    const acquiring::Merchant* merchant = sides.acquiring.merchants.find(order.terms.merchant);
    return {payment, draft.available(payment.terms.payer_account).minor, merchant->state.name,
            order.terms.description, order.terms.out_trade_no};
}

// The first answer to this key again, if the key says the same.
Decided<PaymentAnswer> repeat(const Sides& sides, const ledger::Draft& draft, const Payment& first,
                              const PayOrder& again) {
    if (first.terms.order != again.order) return refuse(Error::payment_key_reused);
    TRY(order, sides.acquiring.orders.find(again.order, Error::order_not_found));
    return answer(sides, draft, first, *order);
}

// The payer is at another institution: the money leaves the merchant and waits in transit, held by
// the payment that carries it, until that institution answers.
Decided<acquiring::Refund> refund_to_link(const Sides& sides,
                                          const acquiring::CreateRefund& command,
                                          acquiring::Refund refund, const acquiring::Order& order,
                                          const Payment& original, Instant now,
                                          SidesEffects effects) {
    CHECK(linked(sides.switching, original.terms.payer_link));
    TRY(position, position_of(sides.switching, original.terms.payer_link, refund.terms.currency));
    const acquiring::Merchant& merchant = *sides.acquiring.merchants.find(order.terms.merchant);
    CHECK(acquiring::post_refund(merchant, refund.terms.funds, position->terms.refunds_in_transit,
                                 {refund.terms.minor, refund.terms.currency}, effects.draft));
    refund.state = {.status = acquiring::RefundStatus::processing};
    acquiring::OrderState paid = order.state;
    paid.refunded_minor += refund.terms.minor;
    ++paid.refund_count;

    Payment movement{
        .terms = {.id = command.movement,
                  .order = order.id(),
                  .merchant = order.terms.merchant,
                  .payer_account = position->terms.refunds_in_transit,
                  .payee_account = position->id(),
                  .minor = refund.terms.minor,
                  .currency = refund.terms.currency,
                  .request_id = "refund/" + refund.terms.out_refund_no,
                  .created_at = now,
                  .requester = {order.terms.merchant.value},
                  .kind = PaymentKind::refund,
                  .payee_link = original.terms.payer_link,
                  .code = original_on_link(original),
                  .subject = refund.terms.reason,
                  .original = original.id(),
                  .refund = refund.id(),
                  .window = business_day(now)},
        .state = {}
    };
    Life life(sides, now, effects);
    CHECK(life.reserve(movement));
    life.record(movement);
    effects.acquiring.orders.push_back(changed<acquiring::Order>(order.id(), paid));
    effects.acquiring.refunds.push_back(created(refund));
    return refund;
}

}  // namespace

Decided<PaymentAnswer> pay_order(const Sides& sides, const PayOrder& command, Instant now,
                                 SidesEffects effects) {
    TRY(user, wallet::session_user(sides.wallet, command.session));
    TRY(first, sides.switching.payments.find(NaturalKey{user->id().value, command.request_id}));
    if (first != nullptr) return repeat(sides, effects.draft, *first, command);
    TRY(order, sides.acquiring.orders.find(command.order, Error::order_not_found));
    TRY(payee, acquiring::payable(sides.acquiring, *order, command.openid, now));

    auto moved = wallet::authorise(*user, order->amount(), command.check, sides.wallet_rules, now,
                                   effects.wallet);
    if (moved) moved = effects.draft.post(user->terms.account, payee, order->amount());
    if (!moved && describe(moved.error()).kind != ErrorKind::decline) return refuse(moved.error());

    Payment payment{
        .terms = {.id = command.id,
                  .order = order->id(),
                  .merchant = order->terms.merchant,
                  .payer = user->id(),
                  .payer_account = user->terms.account,
                  .payee_account = payee,
                  .minor = order->terms.minor,
                  .currency = order->terms.currency,
                  .request_id = command.request_id,
                  .created_at = now,
                  .requester = {user->id().value},
                  .window = business_day(now)},
        .state = {.ended_at = now}
    };
    if (moved) {
        effects.acquiring.orders.push_back(changed<acquiring::Order>(
            order->id(), acquiring::paid_state(*order, payment.id(), user->id(), now)));
    } else {
        payment.state.status = PaymentStatus::declined;
        payment.state.decline = describe(moved.error()).name;
    }
    effects.switching.payments.push_back(created(payment));
    return answer(sides, effects.draft, payment, *order);
}

Decided<PaymentAnswer> query_payment(const Sides& sides, const ledger::Draft& draft,
                                     const QueryPayment& command) {
    TRY(user, wallet::session_user(sides.wallet, command.session));
    TRY(payment, sides.switching.payments.find(command.id, Error::payment_not_found));
    const bool gives_back = payment->terms.kind == PaymentKind::refund;
    if (payment->terms.payer != user->id() || gives_back) return refuse(Error::payment_not_found);
    if (!payment->terms.order.named())  // The payee is at another institution.
        return PaymentAnswer{*payment, draft.available(user->terms.account).minor,
                             payment->payee_name(), payment->description(), ""};
    TRY(order, sides.acquiring.orders.find(payment->terms.order, Error::order_not_found));
    return answer(sides, draft, *payment, *order);
}

Decided<acquiring::Refund> refund_order(const Sides& sides, const acquiring::CreateRefund& command,
                                        Instant now, SidesEffects effects) {
    TRY(first, acquiring::repeated_refund(sides.acquiring, command));
    if (first != nullptr) return *first;
    TRY(order, acquiring::refundable(sides.acquiring, command, sides.acquiring_rules, now));
    TRY(payment, sides.switching.payments.find(order->state.payment, Error::payment_not_found));

    acquiring::Refund refund{.terms = command.terms, .state = {.ended_at = now}};
    refund.terms.order = order->id();
    refund.terms.payment = payment->id();
    refund.terms.created_at = now;
    if (payment->terms.payer_link.named())
        return refund_to_link(sides, command, std::move(refund), *order, *payment, now, effects);
    const Money amount{refund.terms.minor, refund.terms.currency};
    const acquiring::Merchant& merchant = *sides.acquiring.merchants.find(order->terms.merchant);
    const auto room = effects.draft.room(payment->terms.payer_account, amount);
    if (!room) {
        refund.state.status = acquiring::RefundStatus::closed;
        refund.state.decline = describe(room.error()).name;
        effects.acquiring.refunds.push_back(created(refund));
        return refund;
    }
    CHECK(acquiring::post_refund(merchant, refund.terms.funds, payment->terms.payer_account, amount,
                                 effects.draft));

    acquiring::OrderState paid = order->state;
    paid.refunded_minor += amount.minor;
    ++paid.refund_count;
    PaymentState given = payment->state;
    given.refunded_minor += amount.minor;
    effects.acquiring.orders.push_back(changed<acquiring::Order>(order->id(), paid));
    effects.switching.payments.push_back(changed<Payment>(payment->id(), given));
    effects.acquiring.refunds.push_back(created(refund));
    return refund;
}

}  // namespace huitong::switching
