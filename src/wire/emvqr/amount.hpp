// Amounts and percentages of merchant-presented codes (emv-qr section 2, tags 54, 56, 57). Read and
// written digit by digit: no amount is ever a floating-point number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/money.hpp"

namespace huitong::wire::emvqr {

inline constexpr std::size_t amount_characters_max = 13;
inline constexpr std::size_t percentage_characters_max = 5;

// Tag 53: three digits of ISO 4217. Refuses with field_format what is not in the list.
Result<Currency> parse_currency(std::string_view digits);

// "12", "12.", "12.5", "12.50": digits, at most one point and at least one digit before it. Refuses
// with field_format other characters and more than 13 of them, with field_range more decimals than
// the currency has (none where ISO 4217 gives no minor unit), with amount_not_positive zero.
Result<Money> parse_amount(std::string_view text, Currency currency);

// With exactly the currency's decimals: "12.50", and "12" for JPY. The amount must be positive.
std::string amount_text(Money amount);

// "00.01" to "99.99" percent as parts per million, 100 to 999'900. Refuses as parse_amount does,
// and with field_range what lies outside.
Result<std::uint32_t> parse_percentage_ppm(std::string_view text);

}  // namespace huitong::wire::emvqr
