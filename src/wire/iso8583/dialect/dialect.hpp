// A dialect: everything in which one network's messages differ from another's. Compiled from a text
// that people can read and change; the programs' own lie beside this file.
//
// What always holds: a Dialect that load_dialect() made fits together (lengths and value rules,
// codings and contents), so that codecs need not check it again. Immutable; any thread may use it.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/iso8583/bitmap.hpp"
#include "wire/iso8583/dialect/rules.hpp"

namespace huitong::wire::iso8583 {

// What stands before a message so that its end is known (sections 4 and 9).
enum class Framing : std::uint8_t {
    none,     // the message alone
    ascii4,   // four digits; 0000 is an idle line's beat
    binary2,  // two bytes, most significant first
};

enum class HeaderKind : std::uint8_t {
    none,
    network,   // the 46 bytes of section 4
    terminal,  // TPDU 5 bytes and header 6 bytes, section 9
};

enum class MacKind : std::uint8_t {
    none,
    fields,  // over chosen fields as text, section 11
    whole,   // over all bytes from the MTI to the field before the MAC, section 9
};

struct MacField {
    std::uint8_t field = 0;
    std::uint16_t bytes_max = 0xFFFF;  // only so many from its front
};

// The fields that a MAC protects, in messages whose second MTI digit is in `classes`.
struct MacRule {
    std::uint16_t classes = 0xFFFF;
    bool raw = false;  // the MAC's four bytes and four of a check value, not eight characters
    std::vector<MacField> fields;  // ascending
};

// Offsets within a frame, and within the builder's buffer, are 16 bits.
inline constexpr std::size_t frame_bytes_max = 60'000;

struct Dialect {
    std::string name;
    Framing framing = Framing::none;
    std::size_t frame_limit = frame_bytes_max;  // bytes of header and body
    HeaderKind header = HeaderKind::none;
    bool header_only = false;  // there is no body: the profile of a header alone
    bool mti_packed = false;
    bool bitmap_hex = false;
    bool second_bitmap = true;    // fields above 64 may be
    bool lengths_packed = false;  // LL is one byte, LLL two
    bool gbk = false;             // texts may hold GBK
    char separator = '=';         // how the packed separator nibble D of tracks is shown
    MacKind mac = MacKind::none;
    std::vector<MacRule> mac_rules;  // of MacKind::fields; the first that fits
    std::array<FieldRule, field_max + 1> fields;
    std::vector<InnerRule> inners = std::vector<InnerRule>(1);  // of fields; 0: nothing inside

    [[nodiscard]] const InnerRule& inner_of(unsigned field) const {
        return inners[fields[field].inner];
    }
};

// Why a text is no dialect.
struct DialectDefect {
    std::size_t line = 0;    // from 1; 0: the text as a whole
    std::uint8_t field = 0;  // that the line speaks of; 0: none
    std::string reason;

    friend bool operator==(const DialectDefect&, const DialectDefect&) = default;
};
// "line 12, field 48: the length is not a number"
std::string to_text(const DialectDefect& defect);

// The format is docs/formats/iso8583-dialect.md. Texts above 64 KiB are refused.
std::expected<Dialect, DialectDefect> load_dialect(std::string_view text);

// The dialects of this program, by name: cups, cups-header, cup-pos, iso87-ascii-binbitmap,
// iso87-ascii-hexbitmap, iso87-bcd. Null for another name.
const Dialect* builtin_dialect(std::string_view name);
std::span<const Dialect> builtin_dialects();

}  // namespace huitong::wire::iso8583
