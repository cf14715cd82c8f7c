// Any bytes as a scenario's file: what is taken can be listed, and its scripts name a line of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apps/conform/iso8583/script.hpp"
#include "apps/conform/json/script.hpp"
#include "apps/conform/report.hpp"
#include "base/ensure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::apps::conform;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    const auto scenario = parse_scenario("f.txt", text);
    if (!scenario) {
        ENSURE(scenario.error().line >= 1 && scenario.error().line <= lines);
        return 0;
    }
    ENSURE(!text_of(*scenario).empty() && !json_of(*scenario).empty());
    const auto json = json_script(*scenario);
    if (!json) ENSURE(json.error().line >= 1 && json.error().line <= lines);
    const auto iso8583 = iso8583_script(*scenario);
    if (!iso8583) ENSURE(iso8583.error().line >= 1 && iso8583.error().line <= lines);
    return 0;
}
