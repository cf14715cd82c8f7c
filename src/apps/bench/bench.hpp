// What every benchmark shares: the machine it ran on, latencies, CPU time by thread, bytes written,
// and a client that keeps a number of commands in flight.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "engine/heart.hpp"

namespace huitong::apps::bench {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start);

// Prints machine, processors, kernel and commit: every report opens with it.
void print_machine(const std::string& title);

// Latencies of one run, in microseconds.
class Latencies {
public:
    void add(double microseconds) { samples_.push_back(static_cast<float>(microseconds)); }
    void add(const Latencies& other) {
        samples_.insert(samples_.end(), other.samples_.begin(), other.samples_.end());
    }
    [[nodiscard]] double quantile(double q);
    // "p50 1.2 ms, p99 3.4 ms, p99.9 5.6 ms"
    std::string text();

private:
    std::vector<float> samples_;
};

// Bytes this process has sent to the disk so far (/proc/self/io, write_bytes).
std::uint64_t bytes_written();

// CPU microseconds of named threads between two moments, per operation, in one line.
using ThreadTimes = std::vector<std::pair<std::string, std::uint64_t>>;
std::string per_operation(const ThreadTimes& before, const ThreadTimes& after,
                          std::uint64_t operations);
// What held a run back, in one line: all processors, one thread, or else the waits for the disk.
std::string limit_of(const ThreadTimes& used, std::uint64_t client_cpu_us, double seconds);
// Time used between two moments, by thread.
ThreadTimes between(const ThreadTimes& before, const ThreadTimes& after);
// The CPU microseconds of the calling thread so far.
std::uint64_t own_cpu_microseconds();

// Keeps commands in flight at a heart: `next(i)` makes the i-th command, `check` sees each answer.
class Pump final : public engine::Mailbox {
public:
    explicit Pump(engine::Heart& heart) : heart_(heart) {}

    struct Report {
        double seconds = 0;
        Latencies latencies;
        std::uint64_t client_cpu_us = 0;
        std::uint64_t refused = 0;
    };
    // Runs `count` commands with `in_flight` under way, or stops early after `at_most` seconds (0:
    // never).
    Report run(std::uint64_t count, std::size_t in_flight, double at_most,
               const std::function<engine::Command(std::uint64_t)>& next,
               const std::function<void(const engine::Request&, std::uint64_t)>& check);
    // One command, waited for.
    Result<engine::Answer> ask(engine::Command command);

    void deliver(std::vector<engine::RequestPtr> answered) override;

private:
    struct Tagged;
    std::vector<engine::RequestPtr> take();

    engine::Heart& heart_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<engine::RequestPtr> answered_;
};

}  // namespace huitong::apps::bench
