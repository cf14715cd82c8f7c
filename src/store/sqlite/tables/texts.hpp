// A list of texts in one column, as a JSON array of strings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace huitong::store::sqlite {

std::string to_json(std::span<const std::string> texts);
// Reads what to_json wrote; refuses anything else with store_failed.
Result<std::vector<std::string>> texts_from_json(std::string_view json);

}  // namespace huitong::store::sqlite
