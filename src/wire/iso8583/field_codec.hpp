// One field between its wire form and its content, both ways with the same checks: length,
// truncation, content, value, inner structure (iso8583.md section 13). The first that fails is
// told.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/iso8583/dialect/dialect.hpp"
#include "wire/iso8583/fault.hpp"

namespace huitong::wire::iso8583 {

// Where a field's content lies in the bytes it was read from.
struct Slot {
    std::uint16_t offset;  // behind the length indicator
    std::uint16_t units;   // characters, digits or bytes; see FieldRule::units
};

// Bytes that so many units take on the wire, without the length indicator.
constexpr std::size_t wire_bytes(const FieldRule& rule, std::size_t units) {
    switch (rule.coding) {
        case Coding::plain:
            return units;
        case Coding::hex:
            return units * 2;
        case Coding::packed_left:
        case Coding::packed_right:
            return rule.content == Content::xn ? units / 2 + 1 : (units + 1) / 2;
    }
    return units;
}

// Reads the field that begins at `at`, which moves behind it. Offsets in faults count from `bytes`.
Checked<Slot> read_field(const Dialect& dialect, unsigned field, std::string_view bytes,
                         std::size_t& at);

// Writes length indicator and content behind `to`, which has room for field_wire_bytes_max bytes,
// and returns how many. `text` is the content as people read it: characters, of Content::b bytes.
// A fixed field must have its length. Faults have no offset. Nothing is written on a fault.
inline constexpr std::size_t field_wire_bytes_max = 3 + 2 * 999;
struct Written {
    Slot slot;  // the offset counts from `to`
    std::size_t bytes;
};
Checked<Written> write_field(const Dialect& dialect, unsigned field, std::string_view text,
                             char* to);

// The content as people read it; of Content::b bytes. Plain content is the bytes themselves,
// packed and hex content is spelled out in the buffer.
using TextBuffer = std::array<char, 1000>;
std::string_view content_text(const Dialect& dialect, unsigned field, std::string_view wire,
                              std::size_t units, TextBuffer& buffer);

}  // namespace huitong::wire::iso8583
