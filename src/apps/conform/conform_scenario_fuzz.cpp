// Any bytes as a scenario's file: what is taken can be listed and expanded, and its scripts name a
// line of it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apps/conform/iso8583/script.hpp"
#include "apps/conform/json/script.hpp"
#include "apps/conform/report.hpp"
#include "base/ensure.hpp"

namespace {

using namespace huitong::apps::conform;

// What check_placeholders() takes can be expanded.
void expand_all(const Scenario& scenario) {
    Values values([](const std::string&) { return "fresh"; });
    std::set<std::string> known(scenario.needs.begin(), scenario.needs.end());
    for (const Statement& statement : scenario.statements) {
        const Side side = statement.words[0] == "expect" ? Side::expected : Side::sent;
        if (!check_placeholders(statement, side, known)) return;
        for (const std::string& word : statement.words) values.expand(word);
        values.expand(statement.body_text());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    const auto scenario = parse_scenario("f.txt", text);
    if (!scenario) {
        ENSURE(scenario.error().line >= 1 && scenario.error().line <= lines);
        return 0;
    }
    ENSURE(!text_of(*scenario).empty() && !json_of(*scenario).empty());
    expand_all(*scenario);
    const auto json = json_script(*scenario);
    if (!json) ENSURE(json.error().line >= 1 && json.error().line <= lines);
    const auto iso8583 = iso8583_script(*scenario);
    if (!iso8583) ENSURE(iso8583.error().line >= 1 && iso8583.error().line <= lines);
    return 0;
}
