#include "wire/emvqr/amount.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "wire/json/text.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::size_t percentage_decimals = 2;
constexpr std::int64_t percentage_hundredths_max = 9'999;
constexpr std::uint32_t ppm_per_hundredth = 100;

// Thirteen digits with four more decimals are far from 2^63.
static_assert(amount_characters_max + 4 <= 18);

std::size_t decimals_of(Currency currency) {
    return static_cast<std::size_t>(std::max<int>(describe(currency).minor_digits, 0));
}

// The number times 10^decimals.
Result<std::int64_t> parse_decimal(std::string_view text, std::size_t decimals) {
    if (text.size() > amount_characters_max) return refuse(Error::field_format);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    if (whole.empty()) return refuse(Error::field_format);
    if (!json::decimal_digits.holds_all(whole) || !json::decimal_digits.holds_all(fraction))
        return refuse(Error::field_format);
    if (fraction.size() > decimals) return refuse(Error::field_range);
    std::int64_t value = 0;
    for (const char digit : whole) value = value * 10 + (digit - '0');
    for (std::size_t i = 0; i < decimals; ++i)
        value = value * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    return value;
}

}  // namespace

Result<Currency> parse_currency(std::string_view digits) {
    if (digits.size() != 3 || !json::decimal_digits.holds_all(digits))
        return refuse(Error::field_format);
    unsigned numeric = 0;
    for (const char digit : digits) numeric = numeric * 10 + static_cast<unsigned>(digit - '0');
    return currency_of(static_cast<std::uint16_t>(numeric));
}

Result<Money> parse_amount(std::string_view text, Currency currency) {
    TRY(minor, parse_decimal(text, decimals_of(currency)));
    if (minor == 0) return refuse(Error::amount_not_positive);
    return Money{minor, currency};
}

std::string amount_text(Money amount) {
    ENSURE(amount.minor > 0);
    const std::size_t decimals = decimals_of(amount.currency);
    std::string text = fmt::format("{:0{}}", amount.minor, decimals + 1);
    if (decimals > 0) text.insert(text.size() - decimals, 1, '.');
    return text;
}

Result<std::uint32_t> parse_percentage_ppm(std::string_view text) {
    if (text.size() > percentage_characters_max) return refuse(Error::field_format);
    TRY(hundredths, parse_decimal(text, percentage_decimals));
    if (hundredths == 0) return refuse(Error::amount_not_positive);
    if (hundredths > percentage_hundredths_max) return refuse(Error::field_range);
    return static_cast<std::uint32_t>(hundredths) * ppm_per_hundredth;
}

}  // namespace huitong::wire::emvqr
