// A seeded source of chance: the same seed gives the same numbers on every machine (splitmix64).
// For simulation and tests, never for secrets.
#pragma once

#include <cstdint>

#include "base/ensure.hpp"

namespace huitong {

class Prng {
public:
    explicit Prng(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    // 0 to n - 1; the slight preference for small numbers does not matter here.
    std::uint64_t below(std::uint64_t n) {
        ENSURE(n > 0);
        return next() % n;
    }
    // True `of_thousand` times in a thousand.
    bool chance(std::uint64_t of_thousand) { return below(1000) < of_thousand; }

private:
    std::uint64_t state_;
};

}  // namespace huitong
