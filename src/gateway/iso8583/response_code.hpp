// Response codes (ISO 8583 field 39) and the reasons of ours they stand for, both ways. The table
// is docs/formats/iso8583-bridge.md; a test compares the two.
#pragma once

#include <span>
#include <string_view>

#include "base/error.hpp"

namespace huitong::gateway::iso8583 {

inline constexpr std::string_view approved = "00";
inline constexpr std::string_view format_error = "30";
inline constexpr std::string_view duplicate = "94";
inline constexpr std::string_view system_failure = "96";
inline constexpr std::string_view no_answer = "98";
inline constexpr std::string_view mac_wrong = "A0";
inline constexpr std::string_view key_failure = "A7";

// What a code says of a request of ours (iso8583.md section 7).
enum class Outcome : std::uint8_t { yes, no, unknown };

struct ResponseRow {
    std::string_view code;
    Outcome outcome;
    Error heard;  // of a no: the reason we keep
};
struct ReasonRow {
    Error reason;
    std::string_view told;  // the code that tells it
};

std::span<const ResponseRow> response_rows();
std::span<const ReasonRow> reason_rows();

// A code that no row has is a no: peer_declined.
ResponseRow outcome_of(std::string_view code);
// Of a reason that no row has: system_failure when the world broke, else not honoured, 05.
std::string_view code_of(Error reason);
// Why it is not known what is behind a code: nothing has been begun, so what broke on the way is a
// no, 91, and not an unknown outcome.
std::string_view code_of_unresolved(Error reason);

}  // namespace huitong::gateway::iso8583
