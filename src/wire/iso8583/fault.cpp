#include "wire/iso8583/fault.hpp"

#include <utility>

namespace huitong::wire::iso8583 {

std::string_view to_text(FaultCode code) {
    switch (code) {
        case FaultCode::frame_length:
            return "FRAME_LENGTH";
        case FaultCode::frame_truncated:
            return "FRAME_TRUNCATED";
        case FaultCode::frame_too_long:
            return "FRAME_TOO_LONG";
        case FaultCode::header_length:
            return "HEADER_LENGTH";
        case FaultCode::header_version:
            return "HEADER_VERSION";
        case FaultCode::header_total_length:
            return "HEADER_TOTAL_LENGTH";
        case FaultCode::header_destination:
            return "HEADER_DESTINATION";
        case FaultCode::header_source:
            return "HEADER_SOURCE";
        case FaultCode::header_reject_code:
            return "HEADER_REJECT_CODE";
        case FaultCode::mti:
            return "MTI";
        case FaultCode::bitmap:
            return "BITMAP";
        case FaultCode::field_undefined:
            return "FIELD_UNDEFINED";
        case FaultCode::field_length:
            return "FIELD_LENGTH";
        case FaultCode::field_truncated:
            return "FIELD_TRUNCATED";
        case FaultCode::field_content:
            return "FIELD_CONTENT";
        case FaultCode::field_value:
            return "FIELD_VALUE";
        case FaultCode::tlv_truncated:
            return "TLV_TRUNCATED";
        case FaultCode::subfield_length:
            return "SUBFIELD_LENGTH";
        case FaultCode::trailing_data:
            return "TRAILING_DATA";
        case FaultCode::mac_mismatch:
            return "MAC_MISMATCH";
    }
    std::unreachable();
}

// 000, the number of the header's field, 5. No published code names field 10.
std::string_view reject_code_of(FaultCode code) {
    switch (code) {
        case FaultCode::header_length:
            return "00015";
        case FaultCode::header_version:
            return "00025";
        case FaultCode::frame_too_long:
        case FaultCode::header_total_length:
            return "00035";
        case FaultCode::header_destination:
            return "00045";
        case FaultCode::header_source:
            return "00055";
        default:
            return "";
    }
}

}  // namespace huitong::wire::iso8583
