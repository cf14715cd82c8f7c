// A refund: money back from the merchant to the payer of an order, in part or whole, never more
// than was paid.
#pragma once

#include <string>

#include "base/id.hpp"
#include "base/money.hpp"
#include "base/record.hpp"

namespace huitong::acquiring {

enum class RefundStatus : std::uint8_t { success = 0, processing = 1, closed = 2, abnormal = 3 };
// Which of the merchant's accounts pays (wechatpay-v3 5.1, funds_account).
enum class RefundFunds : std::uint8_t { unsettled_first = 0, unsettled = 1, available = 2 };

struct RefundTerms {
    RefundId id;
    OrderId order;
    PaymentId payment;
    MerchantId merchant;
    std::string out_refund_no;
    std::int64_t minor = 0;
    Currency currency;
    std::string reason;
    std::string notify_url;
    RefundFunds funds = RefundFunds::unsettled_first;
    std::string content_digest;
    Instant created_at;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "refund_id", self.id);
        v(2, "order_id", self.order);
        v(3, "payment_id", self.payment);
        v(4, "merchant_id", self.merchant);
        v(5, "out_refund_no", self.out_refund_no);
        v(6, "minor", self.minor);
        v(7, "currency", self.currency);
        v(8, "reason", self.reason);
        v(9, "notify_url", self.notify_url);
        v(10, "funds", self.funds);
        v(11, "content_digest", self.content_digest);
        v(12, "created_at", self.created_at);
    }
    friend bool operator==(const RefundTerms&, const RefundTerms&) = default;
};

struct RefundState {
    RefundStatus status = RefundStatus::success;
    Instant ended_at;
    std::string decline;  // the name of the Error, when closed or abnormal

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "status", self.status);
        v(2, "ended_at", self.ended_at);
        v(3, "decline", self.decline);
    }
    friend bool operator==(const RefundState&, const RefundState&) = default;
};

struct Refund {
    using IdType = RefundId;
    using Terms = RefundTerms;
    using State = RefundState;
    static constexpr RecordKind kind = RecordKind::refund;

    RefundTerms terms;
    RefundState state;

    [[nodiscard]] RefundId id() const { return terms.id; }
    [[nodiscard]] NaturalKey key() const { return {terms.merchant.value, terms.out_refund_no}; }
    friend bool operator==(const Refund&, const Refund&) = default;
};

}  // namespace huitong::acquiring
