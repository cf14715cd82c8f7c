// What the operator door takes about institutions: their links, positions, codes and openings.
// Pure: bytes in, a value or the first defect out. Unknown members are refused.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/secret.hpp"
#include "switching/registry.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::operator_door {

using wire::json::Parsed;

// A new institution: `name` and `roles`, what its link needs, and the `code` by which messages name
// it: 1 to 32 of A-Z a-z 0-9 _ . -, as headers carry it; not given, it is the name.
struct NewParticipant {
    std::string code;
    switching::ParticipantState state;
};
Parsed<NewParticipant> parse_participant(std::string_view body);

// A change of one: what is not named stays. The command lacks its participant and the sealed key.
struct ParticipantChange {
    switching::ChangeParticipant command;
    std::optional<crypto::Secret> master_key;  // 8 or 16 bytes: of DES, triple DES or SM4
};
Parsed<ParticipantChange> parse_participant_change(std::string_view body);

// The participant's link as the change leaves it, judged as that of a new one.
std::optional<wire::json::FieldError> link_defect(const switching::ParticipantState& before,
                                                  const switching::ChangeParticipant& change);

// The net debit cap in minor units: 0 to amount_minor_max.
Parsed<std::int64_t> parse_position(std::string_view body);

// A rule in force. For digits the pattern is a prefix no longer than the code; other forms have no
// length, and their patterns are made upper case, in which codes are compared.
Parsed<switching::SetCodeRule> parse_code_rule(std::string_view body);

// closes_at lies behind opens_at, or is not given.
Parsed<switching::OpeningState> parse_opening(std::string_view body);

}  // namespace huitong::gateway::operator_door
