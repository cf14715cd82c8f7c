// Plays scenarios one after another, and tells how each went.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "apps/conform/parameters.hpp"
#include "apps/conform/player.hpp"

namespace huitong::apps::conform {

enum class Verdict : std::uint8_t { ok, failed, skipped };

struct Outcome {
    const Scenario* scenario = nullptr;
    Verdict verdict = Verdict::ok;
    std::string why_skipped;
    std::optional<Failure> failure;
};

struct Counts {
    std::size_t ok = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
};

// Each scenario is one that the player has checked. `see` is told as soon as one has ended.
Counts run(std::span<const Scenario> scenarios, Parameters& parameters, Player& player,
           const std::function<void(const Outcome&)>& see);

}  // namespace huitong::apps::conform
