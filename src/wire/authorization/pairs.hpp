// The grammar that our Authorization headers share: `SCHEME name="value",..`, each of five names
// exactly once. What the names and schemes are is each contract's own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::authorization {

inline constexpr std::size_t header_bytes_max = 2048;

using Names = std::array<std::string_view, 5>;
// Values in the order of the names; views into the header.
using Pairs = std::array<std::string_view, 5>;

// Not empty, not longer than `max`, and of these characters only.
bool within(std::string_view text, std::size_t max, const json::CharacterSet& characters);

// Takes everything before `delimiter` and drops the delimiter itself.
std::optional<std::string_view> take_until(std::string_view& rest, char delimiter);

// name="value",name="value",.. in any order, each name exactly once; spaces only after commas.
std::optional<Pairs> split_pairs(std::string_view rest, const Names& names);

// Seconds since 1970, at most 12 digits. A leading zero is refused, so that the number prints as it
// was sent and signed. Refuses with authorization_malformed.
Result<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace huitong::wire::authorization
