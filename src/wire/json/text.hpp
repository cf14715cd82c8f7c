// What a text member may hold, and the judge of it.
//
// Lengths are counted in characters, not bytes: the merchant contract's limits are meant for people
// (127 characters of `description` hold 127 Chinese characters, which are 381 bytes), and its SDKs
// let such texts pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace huitong::wire::json {

// One decoded character; bytes is 0 when the text does not begin with well-formed UTF-8.
struct Character {
    std::size_t bytes = 0;
    std::uint32_t code = 0;
};

// Decodes by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view text);

// C0, DEL and C1.
constexpr bool is_control(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

// A set of ASCII characters.
class CharacterSet {
public:
    constexpr explicit CharacterSet(std::string_view members) {
        for (const char c : members) holds_[static_cast<unsigned char>(c) & 0x7FU] = true;
    }
    [[nodiscard]] constexpr CharacterSet with(std::string_view more) const {
        CharacterSet wider = *this;
        for (const char c : more) wider.holds_[static_cast<unsigned char>(c) & 0x7FU] = true;
        return wider;
    }
    [[nodiscard]] constexpr bool holds(char c) const {
        const auto code = static_cast<unsigned char>(c);
        return code < 0x80 && holds_[code];
    }
    [[nodiscard]] constexpr bool holds_all(std::string_view text) const {
        for (const char c : text) {
            if (!holds(c)) return false;
        }
        return true;
    }

private:
    std::array<bool, 128> holds_{};
};

inline constexpr CharacterSet decimal_digits{"0123456789"};
inline constexpr CharacterSet alphanumerics =
    decimal_digits.with("ABCDEFGHIJKLMNOPQRSTUVWXYZ").with("abcdefghijklmnopqrstuvwxyz");

struct TextRule {
    std::size_t min = 1;                     // characters
    std::size_t max = 0;                     // characters
    const CharacterSet* alphabet = nullptr;  // null: any text
    bool secret = false;                     // a password: never shown in a defect
    bool lines = false;  // tab, line feed and carriage return are allowed: text a person wrote
};

struct TextDefect {
    Error error;
    std::string_view issue;
};

// Why the text breaks the rule; nothing when it keeps it. Text fields take only characters of one
// to three UTF-8 bytes (wechatpay-v3 section 1), so no emoji.
std::optional<TextDefect> judge(std::string_view text, const TextRule& rule);

}  // namespace huitong::wire::json
