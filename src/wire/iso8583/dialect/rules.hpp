// What a dialect says of one field, along the standard's own axes: content class, length, coding on
// the wire; and what may stand inside. A dialect's file spells these
// (docs/formats/iso8583-dialect.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace huitong::wire::iso8583 {

// Content classes of ISO 8583:1987 section 4.1. A space counts as a letter: texts are padded.
enum class Content : std::uint8_t {
    n,    // digits
    a,    // letters
    an,   // letters and digits
    ns,   // digits and special characters
    ans,  // any character that prints; GBK where the dialect says so
    z,    // track 2 and 3: digits and a separator, = or D
    b,    // bytes
    xn,   // a sign, C or D, and digits
};

// How content lies on the wire.
enum class Coding : std::uint8_t {
    plain,         // a byte a character
    packed_left,   // two digits a byte; an odd count has a zero nibble behind
    packed_right,  // two digits a byte; an odd count has a zero nibble in front
    hex,           // two capital hexadecimal characters a byte; only Content::b
};

// Digits that stand for a moment.
enum class ValueRule : std::uint8_t { any, mmddhhmmss, hhmmss, mmdd, yymm, yymmdd };

// What a field is made of inside (section 13 opens these).
enum class Shape : std::uint8_t {
    none,
    ber,     // BER-TLV, as in field 55
    usage,   // two characters that name the content, then the content
    usages,  // any number of: usage 2, length 3, content
    tags,    // any number of: tag 2, length 3, value
    parts,   // named sub-fields of fixed widths; may be cut short behind any
    blocks,  // any number of blocks of one width
};

struct LengthRange {
    std::uint16_t min = 0;
    std::uint16_t max = 999;
};

// A known tag of BER-TLV, or a known tag in a usage of Shape::tags.
struct TagRule {
    std::string tag;  // BER: its 1 to 4 bytes; else two characters
    LengthRange length;
    std::string usage;  // whose tag it is; empty in BER
};

// A known usage. Unknown ones are kept byte for byte and never a fault.
struct UsageRule {
    std::string usage;  // two characters
    LengthRange length;
    Shape content = Shape::none;  // none, usages or tags
};

struct Part {
    std::string name;
    std::uint16_t width = 0;
};

struct InnerRule {
    Shape shape = Shape::none;
    std::uint16_t block = 0;  // of Shape::blocks
    std::vector<TagRule> tags;
    std::vector<UsageRule> usages;
    std::vector<Part> parts;
};

struct FieldRule {
    bool defined = false;
    Content content = Content::b;
    Coding coding = Coding::plain;
    ValueRule value = ValueRule::any;
    std::uint8_t length_digits = 0;  // 0: fixed; 2: LL; 3: LLL
    std::uint8_t length_bytes = 0;   // that the digits take on the wire
    // Characters, digits or bytes; of x+n with the sign. The length, or the largest.
    std::uint16_t units = 0;
    std::uint16_t classes = 0xFFFF;  // bit d: defined in messages whose second MTI digit is d
    std::uint8_t inner = 0;          // index into Dialect::inners; 0: nothing inside
    bool opaque = false;             // the content is not judged
    bool any_sign = false;           // x+n: the sign may be a digit

    [[nodiscard]] bool is_in(unsigned message_class) const {
        return defined && (classes >> message_class & 1) != 0;
    }
};

}  // namespace huitong::wire::iso8583
