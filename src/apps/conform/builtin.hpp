// The texts of conformance/, which the build embeds (src/apps/conform/CMakeLists.txt).
#pragma once

#include <span>
#include <string_view>

namespace huitong::apps::conform {

struct BuiltinScenario {
    std::string_view file;  // "json/pay.txt"
    std::string_view text;
};
std::span<const BuiltinScenario> builtin_scenarios();

}  // namespace huitong::apps::conform
