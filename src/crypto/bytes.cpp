#include "crypto/bytes.hpp"

#include <openssl/crypto.h>

namespace huitong::crypto {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base62_alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view lower_digits = "0123456789abcdef";
constexpr std::string_view upper_digits = "0123456789ABCDEF";

constexpr std::uint8_t no_digit = 0xff;
using DigitValues = std::array<std::uint8_t, 256>;

constexpr DigitValues values_of(std::string_view alphabet) {
    DigitValues values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr DigitValues hex_values() {
    DigitValues values = values_of(lower_digits);
    for (std::uint8_t i = 10; i < 16; ++i) values[static_cast<std::uint8_t>(upper_digits[i])] = i;
    return values;
}

constexpr DigitValues standard_values = values_of(standard_alphabet);
constexpr DigitValues url_values = values_of(url_alphabet);
constexpr DigitValues base62_values = values_of(base62_alphabet);
constexpr DigitValues digit_values = hex_values();

constexpr std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
}

// Digits without padding, as base64url wants them.
std::string encode64(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group =
            byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
        const char digits[] = {alphabet[group >> 18], alphabet[group >> 12 & 63],
                               alphabet[group >> 6 & 63], alphabet[group & 63]};
        text.append(digits, 4);
    }
    const std::size_t rest = bytes.size() - i;
    if (rest == 0) return text;
    const std::uint32_t tail =
        byte_at(bytes, i) << 16 | (rest == 2 ? byte_at(bytes, i + 1) << 8 : 0U);
    text += alphabet[tail >> 18];
    text += alphabet[tail >> 12 & 63];
    if (rest == 2) text += alphabet[tail >> 6 & 63];
    return text;
}

// Two to four digits give one to three bytes at `to`. False when a character is no digit, or a bit
// is left over that is not zero: another text has the same bytes.
bool decode_group(std::string_view digits, const DigitValues& values, char* to) {
    std::uint32_t group = 0;
    std::uint32_t seen = 0;
    for (const char digit : digits) {
        const std::uint8_t value = values[static_cast<std::uint8_t>(digit)];
        seen |= value;
        group = group << 6 | value;
    }
    const std::size_t count = digits.size() * 6 / 8;
    const auto surplus = static_cast<unsigned>(digits.size() * 6 - count * 8);
    if (seen > 63 || (group & ((1U << surplus) - 1)) != 0) return false;
    group >>= surplus;
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<char>(group >> (8 * (count - 1 - i)) & 0xff);
    return true;
}

Result<std::string> decode64(std::string_view digits, const DigitValues& values) {
    if (digits.size() % 4 == 1) return refuse(Error::field_format);
    std::string bytes(digits.size() / 4 * 3 + digits.size() % 4 * 6 / 8, '\0');
    char* to = bytes.data();
    for (; digits.size() >= 4; digits.remove_prefix(4), to += 3)
        if (!decode_group(digits.substr(0, 4), values, to)) return refuse(Error::field_format);
    if (!digits.empty() && !decode_group(digits, values, to)) return refuse(Error::field_format);
    return bytes;
}

std::string encode_hex(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text += alphabet[byte_at(bytes, i) >> 4];
        text += alphabet[byte_at(bytes, i) & 15];
    }
    return text;
}

// A 128-bit number as four 32-bit limbs, most significant first.
using Limbs = std::array<std::uint32_t, 4>;

// Divides in place and returns the remainder.
std::uint32_t divide_by_62(Limbs& number) {
    std::uint64_t remainder = 0;
    for (std::uint32_t& limb : number) {
        const std::uint64_t part = remainder << 32 | limb;
        limb = static_cast<std::uint32_t>(part / 62);
        remainder = part % 62;
    }
    return static_cast<std::uint32_t>(remainder);
}

// number * 62 + digit. False when the result needs more than 128 bits.
bool append_digit(Limbs& number, std::uint8_t digit) {
    std::uint64_t carry = digit;
    for (std::size_t i = number.size(); i-- > 0;) {
        const std::uint64_t part = std::uint64_t{number[i]} * 62 + carry;
        number[i] = static_cast<std::uint32_t>(part);
        carry = part >> 32;
    }
    return carry == 0;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text = encode64(bytes, standard_alphabet);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

Result<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return refuse(Error::field_format);
    if (text.ends_with('=')) text.remove_suffix(1);
    if (text.ends_with('=')) text.remove_suffix(1);
    return decode64(text, standard_values);
}

std::string to_base64url(std::string_view bytes) {
    return encode64(bytes, url_alphabet);
}

Result<std::string> from_base64url(std::string_view text) {
    return decode64(text, url_values);
}

std::string to_hex(std::string_view bytes) {
    return encode_hex(bytes, lower_digits);
}

std::string to_hex_upper(std::string_view bytes) {
    return encode_hex(bytes, upper_digits);
}

Result<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return refuse(Error::field_format);
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::uint8_t high = digit_values[byte_at(text, i)];
        const std::uint8_t low = digit_values[byte_at(text, i + 1)];
        if ((high | low) > 15) return refuse(Error::field_format);
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string to_base62(const Block128& number) {
    Limbs limbs{};
    for (std::size_t i = 0; i < number.size(); ++i) limbs[i / 4] = limbs[i / 4] << 8 | number[i];
    std::string text(base62_digits, '0');
    for (std::size_t i = base62_digits; i-- > 0;) text[i] = base62_alphabet[divide_by_62(limbs)];
    return text;
}

Result<Block128> from_base62(std::string_view text) {
    if (text.size() != base62_digits) return refuse(Error::field_format);
    Limbs limbs{};
    for (const char character : text) {
        const std::uint8_t digit = base62_values[static_cast<std::uint8_t>(character)];
        if (digit == no_digit || !append_digit(limbs, digit)) return refuse(Error::field_format);
    }
    Block128 number{};
    for (std::size_t i = 0; i < number.size(); ++i)
        number[i] = static_cast<std::uint8_t>(limbs[i / 4] >> (24 - 8 * (i % 4)));
    return number;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace huitong::crypto
