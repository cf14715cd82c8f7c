// What the parsers of this door's bodies share. Included by their sources only.
#pragma once

#include <string>
#include <vector>

#include "switching/participant.hpp"
#include "wire/json/reader.hpp"

namespace huitong::gateway::operator_door {

inline constexpr wire::json::TextRule display_name_rule{.max = 64};

bool repeats(std::vector<std::string> texts);
// A member that is there and names 1 to `max` different texts.
std::vector<std::string> required_set(wire::json::ObjectReader& root, std::string_view name,
                                      std::size_t max, const wire::json::TextRule& rule);
void read_roles(wire::json::ObjectReader& root, switching::ParticipantState& state);
// The member participant_id; not named when it is absent.
ParticipantId read_participant_id(wire::json::ObjectReader& root);

}  // namespace huitong::gateway::operator_door
