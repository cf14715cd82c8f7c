#include <algorithm>

#include "acquiring/acquiring.hpp"
#include "acquiring/state.hpp"
#include "base/ensure.hpp"
#include "ledger/draft.hpp"

namespace huitong::acquiring {

Decided<const Refund*> repeated_refund(const Acquiring& acquiring, const CreateRefund& command) {
    TRY(first, acquiring.refunds.find(
                   NaturalKey{command.terms.merchant.value, command.terms.out_refund_no}));
    if (first != nullptr && first->terms.content_digest != command.terms.content_digest)
        return refuse(Error::refund_number_reused);
    return first;
}

Decided<const Order*> refundable(const Acquiring& acquiring, const CreateRefund& command,
                                 const Rules& rules, Instant now) {
    if (acquiring.merchants.find(command.terms.merchant) == nullptr)
        return refuse(Error::merchant_not_found);
    auto found = find_order(acquiring, command.order);
    if (!found && found.error() == Stop{Error::order_not_found})
        return refuse(Error::refund_order_not_found);
    TRY(order, found);
    if (order->state.status != OrderStatus::paid) return refuse(Error::refund_order_unpaid);
    if (order->terms.currency != command.terms.currency) return refuse(Error::currency_mismatch);
    if (command.terms.minor <= 0) return refuse(Error::amount_not_positive);
    if (order->terms.minor != command.total_minor) return refuse(Error::refund_total_differs);
    if (now > order->state.ended_at + rules.refund_window)
        return refuse(Error::refund_window_closed);
    if (order->state.refund_count >= rules.refunds_max) return refuse(Error::refund_count_exceeded);
    if (command.terms.minor > order->terms.minor - order->state.refunded_minor)
        return refuse(Error::refund_exceeds_payment);
    return order;
}

Result<void> post_refund(const Merchant& merchant, RefundFunds funds, AccountId to, Money amount,
                         ledger::Draft& draft) {
    const std::int64_t unsettled =
        funds == RefundFunds::available
            ? 0
            : std::min(amount.minor, draft.available(merchant.terms.unsettled).minor);
    const std::int64_t rest = amount.minor - unsettled;
    if (rest > 0 &&
        (funds == RefundFunds::unsettled || draft.available(merchant.terms.available).minor < rest))
        return refuse(Error::merchant_funds_insufficient);
    if (unsettled > 0)
        CHECK(draft.post(merchant.terms.unsettled, to, {unsettled, amount.currency}));
    if (rest > 0) CHECK(draft.post(merchant.terms.available, to, {rest, amount.currency}));
    return {};
}

Decided<void> end_refund(const Acquiring& acquiring, RefundId id, const RefundEnd& end, Instant now,
                         ledger::Draft& draft, Effects& effects) {
    TRY(refund, acquiring.refunds.find(id, Error::refund_not_found));
    RefundState state = refund->state;
    state.ended_at = now;
    state.status = end.given ? RefundStatus::success : RefundStatus::closed;
    state.decline = end.given ? std::string() : end.decline;
    put_image(effects.refunds, changed<Refund>(id, state));
    if (end.given) return {};

    TRY(order, acquiring.orders.find(refund->terms.order, Error::order_not_found));
    OrderState paid = order->state;
    paid.refunded_minor -= refund->terms.minor;
    put_image(effects.orders, changed<Order>(order->id(), paid));
    const Merchant* merchant = acquiring.merchants.find(refund->terms.merchant);
    ENSURE(merchant != nullptr);  // A refund is only made for a merchant, and merchants stay.
    const AccountId back = refund->terms.funds == RefundFunds::available
                               ? merchant->terms.available
                               : merchant->terms.unsettled;
    CHECK(draft.post(end.from, back, {refund->terms.minor, refund->terms.currency}));
    return {};
}

Decided<const Refund*> find_refund(const Acquiring& acquiring, MerchantId merchant,
                                   const std::string& out_refund_no) {
    TRY(refund, acquiring.refunds.find(NaturalKey{merchant.value, out_refund_no}));
    if (refund == nullptr) return refuse(Error::refund_not_found);
    return refund;
}

}  // namespace huitong::acquiring
