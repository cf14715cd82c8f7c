// Whether a JSON body is what a scenario expects. The pattern is JSON, too: what it names must be
// there with the same type and value, members that it does not name may be there, and a list must
// have as many elements. A text that is one of the placeholders `{{any}}`, `{{absent}}` or
// `{{capture name}}` stands for a value of any type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/conform/values.hpp"

namespace huitong::apps::conform {

// Escapes a value for the inside of a JSON text.
std::string json_escaped(std::string_view value);

// Why a pattern is none, or nothing. Placeholders count as the digit 0.
std::optional<std::string> find_pattern_defect(std::string_view pattern);

// The text at a JSON pointer; empty when there is none.
std::string text_at(std::string_view body, std::string_view pointer);

// The differences, the outer ones first. `pattern`: expanded; empty: no body is looked at.
std::vector<Difference> compare_json(std::string_view pattern, std::string_view body,
                                     Values& values);

}  // namespace huitong::apps::conform
