// Payment codes at the till: POST /v3/pay/transactions/codepay, and its reversal, POST
// /v3/pay/transactions/out-trade-no/{out_trade_no}/reverse (wechatpay-v3 4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

// As a PrepayRequest: a text is empty when the member was absent, and members ending in _json hold
// objects that are only stored and echoed.
struct CodepayRequest {
    std::string appid;
    std::string mchid;
    std::string description;
    std::string out_trade_no;
    std::string attach;
    std::string goods_tag;
    std::optional<bool> support_fapiao;
    std::string auth_code;   // payer.auth_code: digits; whose they are is not decided here
    std::int64_t total = 0;  // fen; the currency is always CNY
    std::string device_id;   // out of scene_info, as is the next
    std::string device_ip;
    std::string scene_info_json;
    std::string detail_json;
    std::optional<bool> profit_sharing;

    friend bool operator==(const CodepayRequest&, const CodepayRequest&) = default;
};

Parsed<CodepayRequest> parse_codepay(std::string_view body);
// The request as a body that parse_codepay() reads back to an equal value.
std::string to_json(const CodepayRequest& request);
// The business content as bytes, the code included: a retry brings the same one (4.5), so another
// code under a used number is another wish.
std::string content_of(const CodepayRequest& request);

struct ReverseRequest {
    std::string appid;
    std::string mchid;
};
Parsed<ReverseRequest> parse_reverse(std::string_view body);
std::string to_json(const ReverseRequest& request);
// {"appid":..,"mchid":..,"out_trade_no":..}
std::string reverse_result(const ReverseRequest& request, std::string_view out_trade_no);

}  // namespace huitong::wire::wechatpay
