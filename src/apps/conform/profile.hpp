// The profile of a run, a TOML file (docs/formats/conformance.md): which protocol, whom we test,
// who we are, and what the scenarios need. Files that it names are sought beside it.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "apps/conform/iso8583/player.hpp"
#include "apps/conform/json/player.hpp"
#include "apps/conform/parameters.hpp"

namespace huitong::apps::conform {

struct Profile {
    std::variant<Iso8583Target, JsonTarget> target;
    Parameters parameters;

    // "json" or "iso8583": the folder of the scenarios.
    [[nodiscard]] std::string_view protocol() const;
};

// Names the line when it is no TOML, and else the setting that is missing, unknown or wrong.
Read<Profile> read_profile(const std::string& file);

// Refuses as the players' make() does. The clock outlives the player.
Result<std::unique_ptr<Player>> player_of(Profile& profile, engine::Clock& clock);

}  // namespace huitong::apps::conform
