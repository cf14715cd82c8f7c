#include "apps/conform/scenarios.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

#include "apps/conform/builtin.hpp"
#include "base/result.hpp"

namespace huitong::apps::conform {
namespace {

// Puts the statements of `first` before those of `then`.
void prepend(Scenario& then, const Scenario& first) {
    then.statements.insert(then.statements.begin(), first.statements.begin(),
                           first.statements.end());
    for (const std::string& need : first.needs) {
        if (std::ranges::find(then.needs, need) == then.needs.end()) then.needs.push_back(need);
    }
}

}  // namespace

std::vector<ScenarioText> builtin_texts(std::string_view protocol) {
    std::vector<ScenarioText> texts;
    for (const auto& [file, text] : builtin_scenarios()) {
        if (file.substr(0, file.find('/')) == protocol)
            texts.push_back({std::string(file), std::string(text)});
    }
    return texts;
}

Read<std::vector<ScenarioText>> texts_of(const std::string& folder) {
    std::vector<ScenarioText> texts;
    std::error_code error;
    std::filesystem::directory_iterator at(folder, error);
    for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
        if (at->path().extension() != ".txt" || texts.size() == scenarios_max) continue;
        std::ifstream in(at->path(), std::ios::binary);
        std::string text(scenario_bytes_max + 1, '\0');  // What is longer is refused as such.
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(in.gcount()));
        texts.push_back({at->path().string(), std::move(text)});
    }
    if (error) return std::unexpected(Defect{folder, 0, error.message()});
    if (texts.empty()) return std::unexpected(Defect{folder, 0, "has no scenario: no *.txt"});
    std::ranges::sort(texts, {}, &ScenarioText::file);
    return texts;
}

Read<std::vector<Scenario>> read_scenarios(std::span<const ScenarioText> texts) {
    std::vector<Scenario> parsed;
    for (const ScenarioText& each : texts) {
        TRY(scenario, parse_scenario(each.file, each.text));
        parsed.push_back(std::move(scenario));
    }
    std::vector<Scenario> scenarios = parsed;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        if (scenarios[i].after.empty()) continue;
        const auto first = std::ranges::find(parsed, scenarios[i].after, &Scenario::name);
        if (first == parsed.end() || !first->after.empty())
            return std::unexpected(
                Defect{texts[i].file, 1,
                       fmt::format("`after: {}` names no scenario that comes after nothing",
                                   scenarios[i].after)});
        prepend(scenarios[i], *first);
    }
    return scenarios;
}

Read<std::vector<Scenario>> chosen(std::vector<Scenario> scenarios,
                                   std::span<const std::string> names) {
    if (names.empty()) return scenarios;
    std::vector<Scenario> those;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(scenarios, name, &Scenario::name);
        if (found == scenarios.end())
            return std::unexpected(Defect{"--scenario", 0, fmt::format("there is no {}", name)});
        those.push_back(*found);
    }
    return those;
}

}  // namespace huitong::apps::conform
