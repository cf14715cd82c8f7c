// Queries and percent-escapes, for doors that read parameters. Signatures are checked over the raw
// text before; this is what it means.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace huitong::gateway::http {

inline constexpr std::size_t query_fields_max = 100;

// %41 becomes A. Refuses with field_format: a broken escape, or an escaped NUL byte. A plus sign is
// a plus sign.
Result<std::string> decode_percent(std::string_view text);

// name=value&.. in the order given, decoded; here a plus sign is a space, as forms write it.
// Refuses with field_format, also when there are more than query_fields_max. Empty pieces are
// skipped.
Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace huitong::gateway::http
