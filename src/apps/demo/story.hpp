// One payment's whole story, told and checked step by step: order, scan, payment, postings, notice,
// query, refunds.
#pragma once

#include <string>

#include "apps/demo/network.hpp"

namespace huitong::apps {

// Prints the story to standard output; false when a check failed (which is printed too).
bool tell_story(DemoNetwork& network, const std::string& tag);

}  // namespace huitong::apps
