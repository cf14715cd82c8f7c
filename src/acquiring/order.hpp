// An order: a merchant's wish to be paid. Paid at most once.
//
//     open --pay--> paid            open --reserve--> locked --complete--> paid
//     open --close, expiry--> closed                  locked --decline, reverse--> open
//
// A till's order (micropay) is locked, paid or closed from the first, and its locked --> closed.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::acquiring {

// How the customer meets the order (wechatpay-v3 4.1, trade_type). micropay: the till reads the
// payer's code, and the order is made by the entry that charges it.
enum class TradeType : std::uint8_t { native = 0, jsapi = 1, h5 = 2, app = 3, micropay = 4 };
enum class OrderStatus : std::uint8_t { open = 0, locked = 1, paid = 2, closed = 3 };

struct OrderTerms {
    OrderId id;
    MerchantId merchant;
    std::string out_trade_no;
    TradeType trade_type = TradeType::native;
    std::string appid;
    std::string description;
    std::string attach;
    std::string notify_url;
    std::string payer_openid;  // jsapi: only this user of the appid may pay
    std::int64_t minor = 0;
    Currency currency;
    std::string extras;  // the rarely used members (detail, scene_info, ..) as canonical JSON
    std::string content_digest;  // SHA-256 of the business fields: tells a repeat from a reuse
    Instant created_at;
    Instant expires_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "order_id", self.id);
        v(2, "merchant_id", self.merchant);
        v(3, "out_trade_no", self.out_trade_no);
        v(4, "trade_type", self.trade_type);
        v(5, "appid", self.appid);
        v(6, "description", self.description);
        v(7, "attach", self.attach);
        v(8, "notify_url", self.notify_url);
        v(9, "payer_openid", self.payer_openid);
        v(10, "minor", self.minor);
        v(11, "currency", self.currency);
        v(12, "extras", self.extras);
        v(13, "content_digest", self.content_digest);
        v(14, "created_at", self.created_at);
        v(15, "expires_at", self.expires_at);
    }
    friend bool operator==(const OrderTerms&, const OrderTerms&) = default;
};

struct OrderState {
    OrderStatus status = OrderStatus::open;
    Instant code_expires_at;  // the code's life is shorter than the order's (wechatpay-v3 4.1)
    PaymentId payment;        // the one that paid it, or holds it
    UserId payer;
    Instant ended_at;  // paid or closed
    std::int64_t refunded_minor = 0;
    std::uint32_t refund_count = 0;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "code_expires_at", self.code_expires_at);
        v(3, "payment_id", self.payment);
        v(4, "payer_id", self.payer);
        v(5, "ended_at", self.ended_at);
        v(6, "refunded_minor", self.refunded_minor);
        v(7, "refund_count", self.refund_count);
    }
    friend bool operator==(const OrderState&, const OrderState&) = default;
};

struct Order {
    using IdType = OrderId;
    using Terms = OrderTerms;
    using State = OrderState;
    static constexpr RecordKind kind = RecordKind::order;

    OrderTerms terms;
    OrderState state;

    [[nodiscard]] OrderId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {terms.merchant.value, terms.out_trade_no}; }
    [[nodiscard]] Money amount() const { return {terms.minor, terms.currency}; }
    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace huitong::acquiring
