#include "apps/conform/run.hpp"

namespace huitong::apps::conform {
namespace {

Outcome play(const Scenario& scenario, Parameters& parameters, Player& player) {
    const auto taken = parameters.take(scenario.needs);
    if (!taken)
        return {.scenario = &scenario,
                .verdict = Verdict::skipped,
                .why_skipped = taken.error(),
                .failure = {}};
    auto failure = player.play(scenario, *taken);
    const Verdict verdict = failure ? Verdict::failed : Verdict::ok;
    return {.scenario = &scenario,
            .verdict = verdict,
            .why_skipped = {},
            .failure = std::move(failure)};
}

}  // namespace

Counts run(std::span<const Scenario> scenarios, Parameters& parameters, Player& player,
           const std::function<void(const Outcome&)>& see) {
    Counts counts;
    for (const Scenario& scenario : scenarios) {
        const Outcome outcome = play(scenario, parameters, player);
        counts.ok += outcome.verdict == Verdict::ok ? 1 : 0;
        counts.failed += outcome.verdict == Verdict::failed ? 1 : 0;
        counts.skipped += outcome.verdict == Verdict::skipped ? 1 : 0;
        see(outcome);
    }
    return counts;
}

}  // namespace huitong::apps::conform
