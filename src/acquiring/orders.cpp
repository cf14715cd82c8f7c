#include <algorithm>

#include "acquiring/acquiring.hpp"
#include "acquiring/state.hpp"
#include "ledger/draft.hpp"

namespace huitong::acquiring {
namespace {

Instant code_expiry(const OrderTerms& terms, const Rules& rules, Instant now) {
    const Duration life = terms.trade_type == TradeType::h5 ? rules.h5_code_life : rules.code_life;
    return std::min(now + life, terms.expires_at);
}

// The same number again: the first answer while the order can be paid, with a code that still
// works.
Decided<Order> repeat(const Order& first, const OrderTerms& again, const Rules& rules, Instant now,
                      Effects& effects) {
    if (first.terms.content_digest != again.content_digest)
        return refuse(Error::order_number_reused);
    if (first.state.status == OrderStatus::paid) return refuse(Error::order_number_paid);
    if (first.state.status == OrderStatus::closed) return refuse(Error::order_closed);
    if (now >= first.terms.expires_at) return refuse(Error::order_expired);
    Order order = first;
    if (now >= first.state.code_expires_at) {
        order.state.code_expires_at = code_expiry(first.terms, rules, now);
        effects.orders.push_back(changed<Order>(order.id(), order.state));
    }
    return order;
}

}  // namespace

Decided<Order> create_order(const Acquiring& acquiring, const CreateOrder& command,
                            const Rules& rules, Instant now, Effects& effects) {
    const Merchant* merchant = acquiring.merchants.find(command.terms.merchant);
    if (merchant == nullptr) return refuse(Error::merchant_not_found);
    if (merchant->state.status != MerchantStatus::active) return refuse(Error::merchant_frozen);
    if (std::ranges::find(merchant->state.appids, command.terms.appid) ==
        merchant->state.appids.end())
        return refuse(Error::appid_not_bound);
    if (command.terms.minor <= 0) return refuse(Error::amount_not_positive);
    if (command.terms.minor > amount_minor_max) return refuse(Error::amount_overflow);
    Order order{command.terms, {}};
    TRY(first, acquiring.orders.find(order.key()));
    if (first != nullptr) return repeat(*first, command.terms, rules, now, effects);

    OrderTerms& terms = order.terms;
    terms.created_at = now;
    terms.expires_at =
        terms.expires_at.ms == 0
            ? now + rules.order_life
            : std::clamp(terms.expires_at, now + rules.order_life_min, now + rules.order_life_max);
    order.state.code_expires_at = code_expiry(terms, rules, now);
    effects.orders.push_back(created(order));
    return order;
}

Decided<const Order*> find_order(const Acquiring& acquiring, const OrderRef& ref) {
    if (!ref.id.named()) {
        TRY(order, acquiring.orders.find(NaturalKey{ref.merchant.value, ref.out_trade_no}));
        if (order == nullptr) return refuse(Error::order_not_found);
        return order;
    }
    TRY(order, acquiring.orders.find(ref.id, Error::order_not_found));
    if (order->terms.merchant != ref.merchant) return refuse(Error::order_not_found);
    return order;
}

Decided<Order> close_order(const Acquiring& acquiring, const CloseOrder& command, Instant now,
                           Effects& effects) {
    TRY(known, find_order(acquiring, command.order));
    if (known->terms.trade_type == TradeType::micropay) return refuse(Error::order_reversal_only);
    if (known->state.status == OrderStatus::paid) return refuse(Error::order_paid);
    if (known->state.status == OrderStatus::locked) return refuse(Error::order_locked);
    Order order = *known;
    if (order.state.status == OrderStatus::open) {
        order.state.status = OrderStatus::closed;
        order.state.ended_at = now;
        effects.orders.push_back(changed<Order>(order.id(), order.state));
    }
    return order;
}

Decided<Order> expire_order(const Acquiring& acquiring, const ExpireOrder& command, Instant now,
                            Effects& effects) {
    TRY(known, acquiring.orders.find(command.order, Error::order_not_found));
    Order order = *known;
    if (order.state.status == OrderStatus::open && now >= order.terms.expires_at) {
        order.state.status = OrderStatus::closed;
        order.state.ended_at = now;
        effects.orders.push_back(changed<Order>(order.id(), order.state));
    }
    return order;
}

Result<void> payable_now(const Order& order, Instant now) {
    switch (order.state.status) {
        case OrderStatus::paid:
            return refuse(Error::order_paid);
        case OrderStatus::closed:
            return refuse(Error::order_closed);
        case OrderStatus::locked:
            return refuse(Error::order_locked);
        case OrderStatus::open:
            break;
    }
    if (now >= order.terms.expires_at) return refuse(Error::order_expired);
    if (now >= order.state.code_expires_at) return refuse(Error::order_code_expired);
    return {};
}

Result<AccountId> payable(const Acquiring& acquiring, const Order& order, const std::string& openid,
                          Instant now) {
    CHECK(payable_now(order, now));
    if (!order.terms.payer_openid.empty() && order.terms.payer_openid != openid)
        return refuse(Error::order_payer_differs);
    const Merchant* merchant = acquiring.merchants.find(order.terms.merchant);
    if (merchant == nullptr || merchant->state.status != MerchantStatus::active)
        return refuse(Error::merchant_frozen);
    return merchant->terms.unsettled;
}

OrderState paid_state(const Order& order, PaymentId payment, UserId payer, Instant now) {
    OrderState state = order.state;
    state.status = OrderStatus::paid;
    state.payment = payment;
    state.payer = payer;
    state.ended_at = now;
    return state;
}

OrderState locked_state(const Order& order, PaymentId payment) {
    OrderState state = order.state;
    state.status = OrderStatus::locked;
    state.payment = payment;
    return state;
}

OrderState unlocked_state(const Order& order, bool for_good, Instant now) {
    OrderState state = order.state;
    state.payment = {};
    // An order whose timer came while it was locked is closed now.
    const bool closed = for_good || now >= order.terms.expires_at;
    state.status = closed ? OrderStatus::closed : OrderStatus::open;
    if (closed) state.ended_at = now;
    return state;
}

}  // namespace huitong::acquiring
