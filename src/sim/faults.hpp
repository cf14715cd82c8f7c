// What goes wrong, and the bugs that are planted to prove that the simulation sees.
#pragma once

#include <cstdint>

#include "base/prng.hpp"
#include "engine/testing/memory_store.hpp"

namespace huitong::sim {

// How often, of a thousand; all of it is drawn anew for each seed, and none of it in the end.
struct Faults {
    std::uint64_t lost = 0;        // a message, on its way there or back
    std::uint64_t duplicated = 0;  // a message arrives twice
    std::uint64_t late = 0;        // it takes up to a minute, so that others overtake it
    std::uint64_t refused = 0;     // corrupted: its proof fails, and the receiver says so
    std::uint64_t append_aborted = 0;
    std::uint64_t append_unknown = 0;  // stored or not
    std::uint64_t crash = 0;           // of a process, at a batch
    bool any = true;

    static Faults drawn(Prng& prng) {
        return {.lost = prng.below(80),
                .duplicated = prng.below(60),
                .late = prng.below(60),
                .refused = prng.below(30),
                .append_aborted = prng.below(8),
                .append_unknown = prng.below(8),
                .crash = prng.below(6)};
    }
    static Faults none() { return {.any = false}; }

    engine::testing::Fate fate(Prng& prng) const {
        using enum engine::testing::Fate;
        if (prng.chance(append_aborted)) return aborted;
        if (prng.chance(append_unknown)) return prng.chance(500) ? unknown_lost : unknown_stored;
        return committed;
    }
};

enum class Bug : std::uint8_t {
    none,
    skipped_hold,   // money is reserved by word alone
    lost_reversal,  // taken for acknowledged without being sent
    early_answer,   // told before the journal holds it
    double_commit,  // a repeated commit notice pays once more
};

}  // namespace huitong::sim
