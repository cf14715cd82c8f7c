// Payments across four institutions, told and checked step by step: a scan, a till, refunds, and
// what becomes of a payment whose payee's institution dies.
#pragma once

#include <string>

#include "apps/demo/people.hpp"

namespace huitong::apps {

// Prints the story to standard output; false when a check failed (which is printed too).
bool tell_story(People& people, const std::string& tag);

}  // namespace huitong::apps
