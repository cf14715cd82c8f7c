// What the institution door counts. Read at any time.
#pragma once

#include <atomic>
#include <cstdint>

namespace huitong::gateway::institution {

struct Metrics {
    std::atomic<std::uint64_t> maced{0};      // requests with a right MAC
    std::atomic<std::uint64_t> signed_by{0};  // with a right signature
    std::atomic<std::uint64_t> unproven{0};   // refused for want of proof
    std::atomic<std::uint64_t> repeats{0};    // byte-identical ones
    std::atomic<std::uint64_t> commits{0};    // request ids in commit messages
    std::atomic<std::uint64_t> held{0};       // that waited for another institution
    std::atomic<std::uint64_t> sign_ons{0};
    std::atomic<std::uint64_t> in_flight{0};
};

}  // namespace huitong::gateway::institution
