// Why a payment code is refused, and where: one code and one place, the first defect in the order
// of emv-qr section 2. A place is the path of tags from the outermost object inwards, "64.01" or
// "62.5A"; empty when the defect has no tag, as a text that is too long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace huitong::wire::emvqr {

enum class DefectCode : std::uint8_t {
    too_long,
    base64,
    format_indicator_not_first,
    format_indicator,
    truncated,
    bad_tag,
    bad_length,
    empty_value,
    duplicate_tag,
    crc_missing,
    crc_not_last,
    crc_format,
    crc_mismatch,
    initiation_method,
    no_account,
    no_guid,
    missing,
    format,
    length,
    amount,
    tip_indicator,
    tip_value,
    no_application,
    no_aid,
    // Not a defect of a code but of the JSON that asks for one (paycode/json_form.hpp).
    json,
    // A text of no known kind (paycode/recognise.hpp), refused at the till.
    code_unsupported,
};

// The name of the test vectors: "CRC_MISMATCH".
std::string_view to_text(DefectCode code);
// One English clause for people.
std::string_view explain(DefectCode code);

struct Defect {
    DefectCode code = DefectCode::format;
    std::string at;

    friend bool operator==(const Defect&, const Defect&) = default;
};

// "MISSING:52", or the code alone when the defect has no place.
std::string to_text(const Defect& defect);

// What a check finds: nothing when all is well.
using Finding = std::optional<Defect>;

template <class T>
using Decoded = std::expected<T, Defect>;

// No code is longer, in characters (emv-qr sections 2, 4, 7).
inline constexpr std::size_t code_characters_max = 512;

}  // namespace huitong::wire::emvqr
