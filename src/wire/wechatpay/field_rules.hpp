// The merchant contract's recurring members: one rule each, used by bodies, queries and paths alike
// (wechatpay-v3 sections 4 and 5; `sN` there is max = N here).
#pragma once

#include <string_view>

#include "base/money.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::wechatpay {

using json::FieldError;
using json::Location;
using json::Parsed;
using json::TextRule;

inline constexpr json::CharacterSet order_number_characters = json::alphanumerics.with("_-|*");
inline constexpr json::CharacterSet refund_number_characters = order_number_characters.with("@");
// Ids and codes that the platform hands out: appid, openid, transaction ids.
inline constexpr json::CharacterSet identifier_characters = json::alphanumerics.with("_-");

inline constexpr TextRule mchid_rule{.max = 32, .alphabet = &json::decimal_digits};
inline constexpr TextRule appid_rule{.max = 32, .alphabet = &identifier_characters};
inline constexpr TextRule openid_rule{.max = 128, .alphabet = &identifier_characters};
inline constexpr TextRule out_trade_no_rule{
    .min = 6, .max = 32, .alphabet = &order_number_characters};
inline constexpr TextRule transaction_id_rule{.max = 32, .alphabet = &json::decimal_digits};
inline constexpr TextRule out_refund_no_rule{.max = 64, .alphabet = &refund_number_characters};

// Amounts are fen: at least one, and small enough that sums cannot overflow.
inline constexpr json::IntegerRule amount_rule{.min = 1, .max = amount_minor_max};
inline constexpr json::IntegerRule price_rule{.min = 0, .max = amount_minor_max};
inline constexpr json::IntegerRule quantity_rule{.min = 1, .max = 1'000'000'000};

inline constexpr json::CountRule goods_count{.min = 1, .max = 6000};

// The only currency of the contract.
inline constexpr std::string_view currency_code = "CNY";

}  // namespace huitong::wire::wechatpay
