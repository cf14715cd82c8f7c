#include "wire/json/text.hpp"

namespace huitong::wire::json {
namespace {

// The payload bits of the continuation byte at `index`, or nothing.
std::optional<std::uint32_t> continuation(std::string_view text, std::size_t index) {
    if (index >= text.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(text[index]);
    if ((byte & 0xC0U) != 0x80U) return std::nullopt;
    return byte & 0x3FU;
}

struct Lead {
    std::size_t bytes;
    std::uint32_t bits;
    std::uint32_t code_min;  // below it the form is overlong
};

std::optional<Lead> lead(unsigned char byte) {
    if ((byte & 0xE0U) == 0xC0U) return Lead{2, byte & 0x1FU, 0x80};
    if ((byte & 0xF0U) == 0xE0U) return Lead{3, byte & 0x0FU, 0x800};
    if ((byte & 0xF8U) == 0xF0U) return Lead{4, byte & 0x07U, 0x10000};
    return std::nullopt;
}

}  // namespace

Character first_character(std::string_view text) {
    if (text.empty()) return {};
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return {1, first};
    const auto head = lead(first);
    if (!head) return {};
    std::uint32_t code = head->bits;
    for (std::size_t i = 1; i < head->bytes; ++i) {
        const auto bits = continuation(text, i);
        if (!bits) return {};
        code = (code << 6U) | *bits;
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < head->code_min || surrogate || code > 0x10FFFF) return {};
    return {head->bytes, code};
}

std::optional<TextDefect> judge(std::string_view text, const TextRule& rule) {
    std::size_t characters = 0;
    for (std::string_view rest = text; !rest.empty(); ++characters) {
        const Character next = first_character(rest);
        if (next.bytes == 0) return TextDefect{Error::field_format, "is not valid UTF-8"};
        if (next.bytes > 3)
            return TextDefect{Error::field_format, "holds a character of more than 3 UTF-8 bytes"};
        const bool line = next.code == '\t' || next.code == '\n' || next.code == '\r';
        if (is_control(next.code) && !(rule.lines && line))
            return TextDefect{Error::field_format, "holds a control character"};
        if (rule.alphabet != nullptr && (next.bytes > 1 || !rule.alphabet->holds(rest[0])))
            return TextDefect{Error::field_format, "holds a character outside its alphabet"};
        rest.remove_prefix(next.bytes);
    }
    if (characters < rule.min) return TextDefect{Error::field_range, "is too short"};
    if (characters > rule.max) return TextDefect{Error::field_range, "is too long"};
    return std::nullopt;
}

}  // namespace huitong::wire::json
