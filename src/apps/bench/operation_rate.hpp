// What one core can do of one operation, as a limit to compare a server with.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>

namespace huitong::apps::bench {

// Times an operation by the CPU time of the thread that does it. A shared machine's speed drifts
// by a tenth within seconds, and busy caches slow every operation: a limit measured on an idle
// machine is not that of a run. So the same operation is sampled during the run, too, at a
// twentieth of a core, in slices long enough that warming up does not count.
class OperationRate {
public:
    explicit OperationRate(std::function<void()> operation) : operation_(std::move(operation)) {}

    // Operations a second over about a second, on the caller's thread, which should be alone.
    [[nodiscard]] double alone() const;

    // Samples from start() to stop(), which tells the rate. Each start() needs its stop().
    void start();
    [[nodiscard]] double stop();

private:
    void sample(const std::stop_token& stopped);

    std::function<void()> operation_;
    double rate_ = 0;  // The sampler's, read after it has ended.
    std::jthread sampler_;
};

}  // namespace huitong::apps::bench
