// The network under faults, from seeds: HUITONG_SIM_SEEDS of them (20) from HUITONG_SIM_SEED on
// (1), each with HUITONG_SIM_PAYMENTS wishes (1000). A seed that fails is run again by
// HUITONG_SIM_SEED=n HUITONG_SIM_SEEDS=1.
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/simulation.hpp"

namespace huitong::sim {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Simulation, BreaksNothing) {
    const std::uint64_t first = setting("HUITONG_SIM_SEED", 1);
    const std::uint64_t seeds = setting("HUITONG_SIM_SEEDS", 20);
    const std::uint64_t payments = setting("HUITONG_SIM_PAYMENTS", 1000);
    std::map<std::string, std::uint64_t> counts;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const Report report = Simulation(seed).run(payments);
        for (const std::string& finding : report.findings)
            ADD_FAILURE() << "HUITONG_SIM_SEED=" << seed << ": " << finding;
        if (!report.findings.empty()) return;
        for (const auto& [what, count] : report.counts) counts[what] += count;
        if (seeds > 20 && seed % 50 == 0) std::printf("seed %llu\n", (unsigned long long)seed);
    }
    for (const auto& [what, count] : counts)
        std::printf("%s: %llu\n", what.c_str(), (unsigned long long)count);
}

// A broken invariant is a finding, or an ENSURE that ends the process: so each seed has its own.
bool finds(Bug bug, std::uint64_t seed) {
    const pid_t child = fork();
    if (child == 0) {
        std::freopen("/dev/null", "w", stderr);
        const bool found = !Simulation(seed, bug).run(300).findings.empty();
        _exit(found ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

TEST(Simulation, FindsEveryPlantedBug) {
    for (const auto& [bug, name] : {
             std::pair{Bug::skipped_hold,  "a skipped hold"          },
             std::pair{Bug::lost_reversal, "a lost reversal"         },
             std::pair{Bug::early_answer,  "an answer before commit" },
             std::pair{Bug::double_commit, "a notice that pays twice"}
    }) {
        std::uint64_t seed = 1;
        while (seed <= 1000 && !finds(bug, seed)) ++seed;
        EXPECT_LE(seed, 1000U) << name;
        std::printf("%s: found by seed %llu\n", name, (unsigned long long)seed);
    }
}

}  // namespace
}  // namespace huitong::sim
