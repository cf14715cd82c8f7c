// ISO 4217 currencies. A Currency always names a row of the table: there is no invalid one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace huitong {

struct Currency {
    std::uint16_t numeric = 156;  // ISO 4217 numeric code; CNY unless said otherwise.

    friend constexpr bool operator==(Currency, Currency) = default;
};

inline constexpr Currency cny{156};

struct CurrencyRow {
    std::uint16_t numeric;
    std::string_view code;     // three letters
    std::int8_t minor_digits;  // digits after the point; -1: the standard gives none ("N.A.")
};

// All active codes of ISO 4217 list one, by ascending numeric code.
std::span<const CurrencyRow> currencies();
const CurrencyRow& describe(Currency currency);
// By letters ("CNY") or by number; refuses with field_format.
Result<Currency> currency_of(std::string_view code);
Result<Currency> currency_of(std::uint16_t numeric);

}  // namespace huitong
