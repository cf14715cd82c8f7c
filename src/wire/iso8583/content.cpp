#include "wire/iso8583/content.hpp"

#include <array>

#include "base/ensure.hpp"
#include "wire/iso8583/gbk.hpp"

namespace huitong::wire::iso8583 {
namespace {

enum Kind : std::uint8_t { digit = 1, letter = 2, space = 4, special = 8, separator = 16 };

constexpr std::array<std::uint8_t, 256> kinds = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = 0x21; c < 0x7F; ++c) table[c] = special;
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = digit;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c | 0x20U] = letter;
    table[' '] = space;
    table['D'] |= separator;
    table['='] |= separator;
    return table;
}();

constexpr std::uint8_t allowed(Content content) {
    switch (content) {
        case Content::n:
        case Content::xn:
            return digit;
        case Content::a:
            return letter | space;
        case Content::an:
            return digit | letter | space;
        case Content::ns:
            return digit | special | space;
        case Content::ans:
            return digit | letter | special | space;
        case Content::z:
            return digit | separator;
        case Content::b:
            break;
    }
    return 0xFF;
}

bool all_of_kinds(std::string_view text, std::uint8_t mask) {
    bool fits = true;
    for (const char c : text) fits &= (kinds[static_cast<std::uint8_t>(c)] & mask) != 0;
    return fits;
}

bool is_sign(const FieldRule& rule, char c) {
    return c == 'C' || c == 'D' || (rule.any_sign && c >= '0' && c <= '9');
}

// Nibbles that a packed byte may hold: bit 0, both are digits; bit 1, both are digits or D.
constexpr std::array<std::uint8_t, 256> packed_kinds = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        const unsigned high = byte >> 4, low = byte & 15;
        const bool digits = high <= 9 && low <= 9;
        const bool track = (high <= 9 || high == 13) && (low <= 9 || low == 13);
        table[byte] = static_cast<std::uint8_t>((digits ? 1 : 0) | (track ? 2 : 0));
    }
    return table;
}();

int two_digits(std::string_view digits, std::size_t at) {
    return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}

bool is_month_and_day(std::string_view digits) {
    constexpr std::array<int, 13> days = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int month = two_digits(digits, 0);
    const int day = two_digits(digits, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= days[static_cast<std::size_t>(month)];
}

bool is_time(std::string_view digits) {
    return two_digits(digits, 0) < 24 && two_digits(digits, 2) < 60 && two_digits(digits, 4) < 60;
}

}  // namespace

bool has_content(const FieldRule& rule, bool gbk, std::string_view text) {
    if (rule.opaque || rule.content == Content::b) return true;
    if (rule.content == Content::xn) {
        return !text.empty() && is_sign(rule, text.front()) && all_of_kinds(text.substr(1), digit);
    }
    if (all_of_kinds(text, allowed(rule.content))) return true;
    return gbk && rule.content == Content::ans && is_printable_gbk(text);
}

bool has_packed_content(const FieldRule& rule, std::size_t units, std::string_view bytes) {
    if (rule.content == Content::xn) {
        if (bytes.empty() || !is_sign(rule, bytes.front())) return false;
        bytes.remove_prefix(1);
        --units;
    }
    if (units % 2 != 0) {
        const bool left = rule.coding == Coding::packed_left;
        const auto odd = static_cast<std::uint8_t>(left ? bytes.back() : bytes.front());
        if ((left ? odd & 15 : odd >> 4) != 0) return false;
    }
    const std::uint8_t mask = rule.content == Content::z ? 2 : 1;
    bool fits = true;
    for (const char c : bytes) fits &= (packed_kinds[static_cast<std::uint8_t>(c)] & mask) != 0;
    return fits;
}

bool has_value(ValueRule rule, std::string_view digits) {
    if (rule == ValueRule::any) return true;
    ENSURE(digits.size() == digits_of(rule));
    switch (rule) {
        case ValueRule::any:
            break;
        case ValueRule::mmddhhmmss:
            return is_month_and_day(digits) && is_time(digits.substr(4));
        case ValueRule::hhmmss:
            return is_time(digits);
        case ValueRule::mmdd:
            return is_month_and_day(digits);
        case ValueRule::yymm: {
            const int month = two_digits(digits, 2);
            return (month >= 1 && month <= 12) || digits == "0000";
        }
        case ValueRule::yymmdd:
            return is_month_and_day(digits.substr(2));
    }
    return false;
}

std::size_t digits_of(ValueRule rule) {
    switch (rule) {
        case ValueRule::any:
            return 0;
        case ValueRule::mmddhhmmss:
            return 10;
        case ValueRule::hhmmss:
        case ValueRule::yymmdd:
            return 6;
        case ValueRule::mmdd:
        case ValueRule::yymm:
            return 4;
    }
    return 0;
}

}  // namespace huitong::wire::iso8583
