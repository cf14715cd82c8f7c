// Which operation a merchant's request is for, and the number in its path.
//
// The path is taken literally: no dot segments, no doubled or trailing slashes, no escaped slashes,
// because a path that two programs read in two ways is a way around whichever checks it first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

enum class Operation : std::uint8_t {
    prepay_native,
    prepay_jsapi,
    prepay_h5,
    prepay_app,
    codepay,
    order_by_transaction_id,
    order_by_out_trade_no,
    order_close,
    order_reverse,
    refund_create,
    refund_by_out_refund_no,
    certificates,
};

struct Route {
    Operation operation;
    std::string parameter;  // decoded and of its alphabet; empty when the path has none

    friend bool operator==(const Route&, const Route&) = default;
};

// The request target, cut at the first '?'.
struct Target {
    std::string_view path;
    std::string_view query;
};
Target split_target(std::string_view target);

// Refuses with path_unknown, then method_unknown, then field_format or field_range for the number
// in the path.
Parsed<Route> match_route(std::string_view method, std::string_view path);

}  // namespace huitong::wire::wechatpay
