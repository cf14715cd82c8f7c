// Bytes as text and back: base64, base64url, hexadecimal and base62.
//
// Bytes travel as std::string and std::string_view. Every decoder is strict: exactly one text
// stands for each byte string, so that a value has one spelling on the wire and a signed text
// cannot be changed without changing its bytes. A malformed text is refused with field_format.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::crypto {

// The characters of digests and blocks as a view, without copying them.
inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
constexpr std::uint8_t octet(char c) {
    return static_cast<std::uint8_t>(c);
}

// RFC 4648 section 4, with padding. Decoding refuses white space, missing or surplus padding and
// tail bits that are not zero.
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

// RFC 4648 section 5, never padded.
std::string to_base64url(std::string_view bytes);
Result<std::string> from_base64url(std::string_view text);

// Two digits a byte. Decoding takes either case, as certificate serials come in both.
std::string to_hex(std::string_view bytes);
std::string to_hex_upper(std::string_view bytes);
Result<std::string> from_hex(std::string_view text);

// A big-endian 128-bit number as exactly 22 digits of 0-9 A-Z a-z, most significant first.
using Block128 = std::array<std::uint8_t, 16>;
inline constexpr std::size_t base62_digits = 22;

std::string to_base62(const Block128& number);
Result<Block128> from_base62(std::string_view text);

// The time depends on the lengths only, never on where the bytes differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace huitong::crypto
