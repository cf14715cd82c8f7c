// What is wrong with a message: the first check that fails decides (iso8583.md section 13). Checks
// run in the order of the enumerators' groups: frame, header, MTI, bitmap, fields from low to high,
// trailing data, MAC; within a field length, truncation, content, value, inner structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace huitong::wire::iso8583 {

enum class FaultCode : std::uint8_t {
    frame_length,         // the length prefix is not four digits
    frame_truncated,      // fewer bytes than the prefix promises
    frame_too_long,       // over the dialect's limit
    header_length,        // byte 1 is not 2E, or there is no room for a header
    header_version,       // the version is neither 1 nor 2
    header_total_length,  // field 3 differs from the frame's prefix, or is not above 46
    header_destination,   // field 4 is not digits with spaces behind
    header_source,        // field 5, likewise
    header_reject_code,   // field 10 is not five digits
    mti,                  // a digit that no message type has
    bitmap,               // cut off, or not hexadecimal
    field_undefined,      // a bit for a field that the dialect lacks
    field_length,         // the length is not digits, or over the maximum
    field_truncated,      // the field runs past the end
    field_content,        // wrong character class
    field_value,          // right characters, impossible value
    tlv_truncated,        // BER-TLV runs past the end
    subfield_length,      // the length of a usage or sub-field is wrong
    trailing_data,        // bytes left over
    mac_mismatch,         // the structure is fine, the MAC is wrong
};

struct Fault {
    FaultCode code = FaultCode::mti;
    std::uint8_t field = 0;    // 2 to 128; 0: of no field
    std::uint16_t offset = 0;  // of the byte where the defect lies, from the start of the frame

    friend bool operator==(const Fault&, const Fault&) = default;
};

template <class T>
using Checked = std::expected<T, Fault>;

[[nodiscard]] constexpr std::unexpected<Fault> fault(FaultCode code, std::size_t field = 0,
                                                     std::size_t offset = 0) {
    return std::unexpected(Fault{.code = code,
                                 .field = static_cast<std::uint8_t>(field),
                                 .offset = static_cast<std::uint16_t>(offset)});
}

// The name in capitals, such as FRAME_LENGTH.
std::string_view to_text(FaultCode code);
// Field 10 of the reject header that answers a faulty header (section 4); empty for other faults.
std::string_view reject_code_of(FaultCode code);

}  // namespace huitong::wire::iso8583
