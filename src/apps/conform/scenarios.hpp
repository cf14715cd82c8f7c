// The scenarios of a protocol: those of this program, which lie in conformance/, or those of a
// folder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/conform/scenario.hpp"

namespace huitong::apps::conform {

struct ScenarioText {
    std::string file;  // "json/pay.txt"
    std::string text;
};

// Of conformance/PROTOCOL, which the build embeds; empty for another name than json, iso8583.
std::vector<ScenarioText> builtin_texts(std::string_view protocol);
// All *.txt of a folder, by name; as many as scenarios_max. Refuses a folder without any.
inline constexpr std::size_t scenarios_max = 10'000;
Read<std::vector<ScenarioText>> texts_of(const std::string& folder);

// Parses them all; what comes `after` another begins with its statements and needs what it needs.
// Only one that comes after nothing can be named so.
Read<std::vector<Scenario>> read_scenarios(std::span<const ScenarioText> texts);

// Those of these names, in this order; all, when there is no name. Refuses a name that none has.
Read<std::vector<Scenario>> chosen(std::vector<Scenario> scenarios,
                                   std::span<const std::string> names);

}  // namespace huitong::apps::conform
