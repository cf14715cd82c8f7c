// How a link fared over the last minutes: how many calls succeeded, and how long they took. Bounded
// memory, whatever the rate. Pure; its owner's lock guards it.
#pragma once

#include <array>
#include <cstdint>

#include "base/instant.hpp"

namespace huitong::gateway::links {

struct LinkFigures {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t p50_us = 0;  // of the calls that were answered; at most a quarter too high
    std::uint64_t p99_us = 0;

    // In parts of a million; of no call at all: a million.
    [[nodiscard]] std::uint64_t success_ppm() const {
        return calls == 0 ? 1'000'000 : (calls - failures) * 1'000'000 / calls;
    }
};

class LinkStatistics {
public:
    void answered(Instant now, std::uint64_t took_us);
    void failed(Instant now);

    // Of the last four to five minutes.
    [[nodiscard]] LinkFigures figures(Instant now) const;

private:
    static constexpr std::int64_t slot_ms = 60'000;
    static constexpr std::size_t slots = 5;
    // Four to each doubling, up to 2^32 us: each is a quarter wide or less.
    static constexpr std::size_t classes = std::size_t{4} * 32;

    struct Slot {
        std::int64_t number = -1;  // of the minute since 1970
        std::uint64_t failures = 0;
        std::array<std::uint32_t, classes> latencies{};
    };
    Slot& slot_of(Instant now);
    static std::size_t class_of(std::uint64_t took_us);
    static std::uint64_t upper_bound(std::size_t latency_class);

    std::array<Slot, slots> slots_{};
};

}  // namespace huitong::gateway::links
