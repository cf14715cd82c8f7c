#include "wire/emvqr/objects.hpp"

#include <algorithm>

#include "wire/emvqr/crc.hpp"
#include "wire/emvqr/walker.hpp"

namespace huitong::wire::emvqr {
namespace {

constexpr std::size_t crc_size = 4;

// A character has at most four bytes, so nothing long is looked at.
bool is_too_long(std::string_view text) {
    if (text.size() <= code_characters_max) return false;
    return text.size() > 4 * code_characters_max || characters(text) > code_characters_max;
}

// The value of a hexadecimal digit in either case; 16 for other characters.
unsigned hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
    const char small = static_cast<char>(digit | 0x20);
    return small >= 'a' && small <= 'f' ? static_cast<unsigned>(small - 'a') + 10U : 16U;
}

}  // namespace

Finding Objects::read(std::string_view text, const Dialect& dialect) {
    text_ = text;
    count_ = 0;
    outermost_.fill(0);
    if (is_too_long(text)) return Defect{DefectCode::too_long, ""};
    const std::string_view tag = dialect.format_indicator.substr(0, 2);
    if (!text.starts_with(tag)) return Defect{DefectCode::format_indicator_not_first, ""};
    if (!text.starts_with(dialect.format_indicator))
        return Defect{DefectCode::format_indicator, std::string(tag)};
    if (Finding found = Walker(dialect, *this).walk()) return found;
    return crc_defect();
}

Finding Objects::crc_defect() const {
    const Object* crc = find(crc_tag);
    if (crc == nullptr) return Defect{DefectCode::crc_missing, place(crc_tag)};
    const std::size_t end = std::size_t{crc->start} + crc->size;
    if (end != text_.size()) return Defect{DefectCode::crc_not_last, place(crc_tag)};
    if (crc->size != crc_size) return Defect{DefectCode::crc_format, place(crc_tag)};
    unsigned given = 0;
    for (const char digit : value(*crc)) {
        const unsigned nibble = hex_value(digit);
        if (nibble > 15) return Defect{DefectCode::crc_format, place(crc_tag)};
        given = given << 4U | nibble;
    }
    if (given != crc16(text_.substr(0, crc->start)))
        return Defect{DefectCode::crc_mismatch, place(crc_tag)};
    return {};
}

Siblings<Object> Objects::inside(const Object& parent) const {
    const auto index = static_cast<std::size_t>(&parent - objects_.data());
    return {objects_.data(), index + 1, parent.next};
}

const Object* Objects::find(const Object& parent, unsigned tag) const {
    for (const Object& object : inside(parent))
        if (object.tag == tag) return &object;
    return nullptr;
}

std::optional<std::string_view> Objects::value(unsigned tag, unsigned inner) const {
    const Object* parent = find(tag);
    const Object* object = parent == nullptr ? nullptr : find(*parent, inner);
    return object == nullptr ? std::nullopt : std::optional(value(*object));
}

std::string place(unsigned tag) {
    return {static_cast<char>('0' + tag / 10 % 10), static_cast<char>('0' + tag % 10)};
}

std::string place(unsigned tag, unsigned inner) {
    return place(tag) + "." + place(inner);
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace huitong::wire::emvqr
