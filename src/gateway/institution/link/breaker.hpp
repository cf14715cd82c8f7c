// Whether a channel of a link is worth trying. One that failed often rests, for longer each time,
// and is then tried by a single call.
//
//     closed --5 failures in a row--> open --1, 2, 4 .. 30 s--> half open --success--> closed
//                                      ^---------failure----------|
//
// Pure; its owner's lock guards it.
#pragma once

#include <cstdint>

#include "base/instant.hpp"

namespace huitong::gateway::institution {

struct BreakerOptions {
    std::uint32_t failures_max = 5;  // in a row
    Duration rest_first = seconds(1);
    Duration rest_max = seconds(30);
};

enum class BreakerState : std::uint8_t { closed, open, half_open };

class Breaker {
public:
    explicit Breaker(BreakerOptions options = {}) : options_(options), rest_(options.rest_first) {}

    // May a call be tried? When half open, the first to ask gets the one try; whoever got a yes
    // reports how it went.
    bool admit(Instant now);
    void succeeded();
    void failed(Instant now);

    [[nodiscard]] BreakerState state(Instant now) const;

private:
    BreakerOptions options_;
    std::uint32_t failures_ = 0;  // in a row
    bool open_ = false;
    bool trying_ = false;  // the one call of the half-open state is under way
    Duration rest_;
    Instant until_;
};

}  // namespace huitong::gateway::institution
