// How a run is told: lines for people, or one JSON object a line for programs.
#pragma once

#include <span>
#include <string>

#include "apps/conform/run.hpp"

namespace huitong::apps::conform {

// Each ends with a line feed.
std::string text_of(const Outcome& outcome);
std::string text_of(const Counts& counts);
std::string text_of(const Scenario& scenario);

std::string json_of(const Outcome& outcome);
std::string json_of(const Counts& counts);
std::string json_of(const Scenario& scenario);

}  // namespace huitong::apps::conform
