// Plays scenarios against an institution. A port: each protocol has its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/conform/scenario.hpp"
#include "apps/conform/values.hpp"

namespace huitong::apps::conform {

using Texts = std::map<std::string, std::string>;

// What went otherwise than expected, with what was said before.
struct Failure {
    std::string place;     // "json/pay.txt:12"
    std::string step;      // the statement
    std::string sent;      // the message before; lines
    std::string came;      // lines
    std::string expected;  // expanded; lines
    std::vector<Difference> differences;
};

class Player {
public:
    virtual ~Player() = default;

    // Whether the scenario can be played at all; nothing is sent.
    virtual Read<void> check(const Scenario& scenario) = 0;
    // Plays one that check() has taken, from a fresh start; nothing: all was as expected. Blocks
    // for as long as the statements and the player's patience allow.
    virtual std::optional<Failure> play(const Scenario& scenario, const Texts& parameters) = 0;
};

}  // namespace huitong::apps::conform
