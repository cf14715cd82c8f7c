#include "apps/bench/operation_rate.hpp"

#include <chrono>
#include <ctime>

namespace huitong::apps::bench {
namespace {

constexpr std::uint64_t alone_for_us = 1'000'000;
constexpr std::uint64_t slice_us = 50'000;
constexpr std::chrono::milliseconds pause{950};

std::uint64_t thread_cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
}

struct Work {
    std::uint64_t operations = 0;
    std::uint64_t cpu_us = 0;

    // Goes on for so much CPU time of this thread.
    void add(const std::function<void()>& operation, std::uint64_t for_us) {
        const std::uint64_t start = thread_cpu_us();
        std::uint64_t used = 0;
        do {
            operation();
            ++operations;
            used = thread_cpu_us() - start;
        } while (used < for_us);
        cpu_us += used;
    }

    [[nodiscard]] double rate() const {
        return static_cast<double>(operations) * 1e6 / static_cast<double>(cpu_us);
    }
};

}  // namespace

double OperationRate::alone() const {
    Work work;
    work.add(operation_, alone_for_us);
    return work.rate();
}

void OperationRate::start() {
    sampler_ = std::jthread([this](const std::stop_token& stopped) { sample(stopped); });
}

double OperationRate::stop() {
    sampler_.request_stop();
    sampler_.join();
    return rate_;
}

void OperationRate::sample(const std::stop_token& stopped) {
    Work work;
    do {
        work.add(operation_, slice_us);
        std::this_thread::sleep_for(pause);
    } while (!stopped.stop_requested());
    rate_ = work.rate();
}

}  // namespace huitong::apps::bench
