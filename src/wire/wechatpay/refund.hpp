// The refund request and the refund object: POST /v3/refund/domestic/refunds and its query
// (wechatpay-v3 5.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

// Which of the merchant's accounts pays a part of the refund.
struct RefundSource {
    std::string account;      // AVAILABLE or UNAVAILABLE
    std::int64_t amount = 0;  // fen

    friend bool operator==(const RefundSource&, const RefundSource&) = default;
};

// A text is empty when the member was absent. At least one of the two order numbers is there; when
// both are, transaction_id counts.
struct RefundRequest {
    std::string transaction_id;
    std::string out_trade_no;
    std::string sub_mchid;
    std::string out_refund_no;
    std::string reason;
    std::string notify_url;
    std::string funds_account;  // AVAILABLE, UNSETTLED or absent
    std::int64_t refund = 0;    // fen; the currency is always CNY
    std::int64_t total = 0;
    std::vector<RefundSource> sources;  // amount.from; they add up to refund
    std::string goods_detail_json;      // an array, written anew from the validated values

    friend bool operator==(const RefundRequest&, const RefundRequest&) = default;
};

// Whether refund and total fit the order is the core's question, not asked here.
Parsed<RefundRequest> parse_refund(std::string_view body);
// The request as a body that parse_refund() reads back to an equal value.
std::string to_json(const RefundRequest& request);
// The business content as bytes, as content_of(PrepayRequest).
std::string content_of(const RefundRequest& request);

// The refund object, the answer to request and query alike.
struct RefundView {
    std::string_view refund_id;  // 28 digits
    std::string_view out_refund_no;
    std::string_view transaction_id;
    std::string_view out_trade_no;
    std::string_view channel = "ORIGINAL";
    std::string_view user_received_account;    // human text, such as 零钱
    std::optional<Instant> success_time = {};  // only of a successful refund
    Instant create_time;
    std::string_view status;  // SUCCESS, CLOSED, PROCESSING, ABNORMAL
    std::string_view funds_account = "AVAILABLE";
    std::int64_t total = 0;
    std::int64_t refund = 0;
    std::vector<RefundSource> sources = {};
    std::int64_t payer_total = 0;
    std::int64_t payer_refund = 0;
    std::int64_t settlement_refund = 0;
    std::int64_t settlement_total = 0;
    std::int64_t discount_refund = 0;
    std::int64_t refund_fee = 0;
};

std::string to_json(const RefundView& view);

}  // namespace huitong::wire::wechatpay
