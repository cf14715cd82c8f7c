// What the operator door says about institutions, as JSON. Pure. Keys are never shown: of a master
// key only that there is one, of a public key its fingerprint.
#pragma once

#include <optional>
#include <string>

#include "gateway/json_door/reply.hpp"
#include "gateway/links/status.hpp"
#include "gateway/operator/ports.hpp"
#include "ledger/account.hpp"
#include "switching/code.hpp"
#include "switching/participant.hpp"
#include "switching/position.hpp"

namespace huitong::gateway::operator_door {

std::string own_institution_json(const OwnInstitution& own);
std::string participant_json(const switching::Participant& participant);
std::string participant_key_json(const switching::ParticipantKey& key);

struct PositionView {
    const switching::Position& position;
    std::optional<ledger::Account> account;  // nothing: its amounts are left out
};
std::string position_json(const PositionView& view);

// How much of the cap is used, in percent, rounded down: 0 when others owe the institution more
// than it owes them, and more than 100 after the cap was lowered.
std::int64_t used_percent(std::int64_t used_minor, std::int64_t cap_minor);

std::string link_json(const links::LinkStatus& status, json_door::Language language);

std::string code_rule_json(const switching::CodeRule& rule);
std::string opening_json(const switching::Opening& opening);

}  // namespace huitong::gateway::operator_door
