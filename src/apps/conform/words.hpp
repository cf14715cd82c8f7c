// What the scripts of both protocols have in common: words of statements, and bounded waits.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "apps/conform/scenario.hpp"
#include "apps/conform/values.hpp"
#include "base/instant.hpp"

namespace huitong::apps::conform {

inline constexpr Duration wait_max = minutes(10);  // of one statement

// "12 s" or "500 ms", up to wait_max.
std::optional<Duration> duration_of(std::span<const std::string> words);
// The value of a word "name=value".
std::optional<std::string_view> value_of(std::string_view word, std::string_view name);
// A whole number with an optional sign.
std::optional<std::int64_t> number_of(std::string_view text);

// Checks the placeholders of a statement's words and body, in reading order.
Read<void> check_placeholders(const Statement& statement, Side side, std::set<std::string>& known);

}  // namespace huitong::apps::conform
