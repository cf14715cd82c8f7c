// conform: does another institution's link do what the contract says? Runs scenarios against it and
// prints which pass.
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/conform/profile.hpp"
#include "apps/conform/report.hpp"
#include "apps/conform/scenarios.hpp"

namespace huitong::apps {
namespace {

using namespace conform;

struct ConformOptions {
    std::string profile;
    std::vector<std::string> names;
    std::string folder;
    bool list = false;
    bool json = false;
};

constexpr int not_conform = 1;
constexpr int not_run = 2;  // profile or scenarios are at fault

// Prints why; the process's exit status.
int refused(const Defect& defect) {
    fmt::print(stderr, "{}\n", to_text(defect));
    return not_run;
}

Read<std::vector<Scenario>> wanted(const ConformOptions& options, std::string_view protocol) {
    std::vector<ScenarioText> texts = builtin_texts(protocol);
    if (!options.folder.empty()) {
        TRY(found, texts_of(options.folder));
        texts = std::move(found);
    }
    TRY(scenarios, read_scenarios(texts));
    return chosen(std::move(scenarios), options.names);
}

int conform_to(const ConformOptions& options) {
    auto profile = read_profile(options.profile);
    if (!profile) return refused(profile.error());
    const auto scenarios = wanted(options, profile->protocol());
    if (!scenarios) return refused(scenarios.error());
    engine::SystemClock clock;
    const auto player = player_of(*profile, clock);
    if (!player) {
        fmt::print(stderr, "{}: {}\n", options.profile, describe(player.error()).text_en);
        return not_run;
    }
    for (const Scenario& each : *scenarios) {
        if (const auto good = (*player)->check(each); !good) return refused(good.error());
        if (options.list) fmt::print("{}", options.json ? json_of(each) : text_of(each));
    }
    if (options.list) return EXIT_SUCCESS;
    const Counts counts = run(*scenarios, profile->parameters, **player, [&](const Outcome& each) {
        fmt::print("{}", options.json ? json_of(each) : text_of(each));
    });
    fmt::print("{}", options.json ? json_of(counts) : text_of(counts));
    return counts.failed == 0 ? EXIT_SUCCESS : not_conform;
}

}  // namespace

void add_conform(Command app, int& status) {
    auto options = std::make_shared<ConformOptions>();
    Command command = app.add_subcommand(
        "conform",
        "Run the conformance scenarios against an institution's link, JSON or ISO 8583, and print "
        "which pass");
    command
        .add_option("--profile", options->profile,
                    "TOML: protocol, whom to test, who we are, and what scenarios need "
                    "(docs/formats/conformance.md)")
        .required()
        .existing_file();
    command.add_option("--scenario", options->names, "Only this one; may be repeated");
    command
        .add_option("--scenarios", options->folder,
                    "A folder of scenarios (*.txt) instead of the program's own")
        .existing_directory();
    command.add_flag("--list", options->list, "Only name the scenarios and what they need");
    command.add_flag("--json", options->json, "Print one JSON object a line");
    command.footer(
        "Exit status: 0 when nothing failed, 1 when a scenario failed, 2 when the profile or a\n"
        "scenario can't be read. A scenario whose parameter the profile lacks is skipped.");
    command.callback([options, &status] { status = conform_to(*options); });
}

}  // namespace huitong::apps
