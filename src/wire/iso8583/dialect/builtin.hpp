// The texts of this folder, which the build embeds (src/wire/CMakeLists.txt).
#pragma once

#include <span>
#include <string_view>

namespace huitong::wire::iso8583 {

std::span<const std::string_view> builtin_dialect_texts();

}  // namespace huitong::wire::iso8583
