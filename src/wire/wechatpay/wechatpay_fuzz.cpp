// Any bytes as the body of every request. Checks besides memory: what is taken is taken again when
// written anew, with the same content; what is refused gives a well-formed error body.
#include <cstddef>
#include <cstdint>
#include <simdjson.h>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/wechatpay/codepay.hpp"
#include "wire/wechatpay/error_body.hpp"
#include "wire/wechatpay/prepay.hpp"
#include "wire/wechatpay/query.hpp"
#include "wire/wechatpay/refund.hpp"

namespace {

using namespace huitong::wire::wechatpay;

void check_refusal(const FieldError& defect) {
    static simdjson::dom::parser parser;
    const std::string body = error_body(defect);
    ENSURE(parser.parse(body).error() == simdjson::SUCCESS);
}

void check_prepay(TradeType type, std::string_view body) {
    const auto parsed = parse_prepay(type, body);
    if (!parsed) return check_refusal(parsed.error());
    const auto again = parse_prepay(type, to_json(*parsed));
    ENSURE(again && *again == *parsed && content_of(*again) == content_of(*parsed));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto type : {TradeType::native, TradeType::jsapi, TradeType::h5, TradeType::app})
        check_prepay(type, body);
    if (const auto codepay = parse_codepay(body)) {
        const auto again = parse_codepay(to_json(*codepay));
        ENSURE(again && *again == *codepay && content_of(*again) == content_of(*codepay));
    } else {
        check_refusal(codepay.error());
    }
    if (const auto refund = parse_refund(body)) {
        const auto again = parse_refund(to_json(*refund));
        ENSURE(again && *again == *refund && content_of(*again) == content_of(*refund));
    } else {
        check_refusal(refund.error());
    }
    if (const auto close = parse_close(body)) {
        ENSURE(parse_close(to_json(*close))->mchid == close->mchid);
    } else {
        check_refusal(close.error());
    }
    return 0;
}
