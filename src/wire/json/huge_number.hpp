// Where a body's number stands that no 64-bit integer and no double can hold. The parser refuses
// such a body as a whole; a caller wants to be told which member it is. Only nodes.cpp uses it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huitong::wire::json {

// The JSON pointer of the first such number. Nothing when there is none, when the text before it is
// not JSON, or when it stands deeper than depth_max.
std::optional<std::string> pointer_of_huge_number(std::string_view body);

}  // namespace huitong::wire::json
