// The heart: one thread that owns the state of one partition, decides, applies, and answers what is
// durable.
//
//     wait for commands; take all that wait (bounded)
//     for each: entry = decide(state, command, now)
//               if there is one: apply it and put it on the batch
//     when the writer is free: hand it the batch, and decide the next one meanwhile
//     when the batch is committed: answer every caller of it, wake the readers
//
// The heart decides while the writer writes, never more than one batch ahead. The writer's thread
// answers what it has made durable, so that nobody waits until the heart looks up.
//
// Nothing leaves that rests on an uncommitted entry: refusals, repeats and queries wait with the
// batch they followed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/registry.hpp"
#include "engine/request.hpp"
#include "engine/tables.hpp"

namespace huitong::engine {

class Journal;

// The heart's clock. Real: the system's; tests and simulation step their own.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
};
class SystemClock final : public Clock {
public:
    Instant now() override;
};

// Everything the doors need to know about merchants, keys and operators, as of the last commit that
// changed them: an immutable copy, so that signatures are checked without asking the heart.
struct Directory {
    Registry<acquiring::Merchant> merchants;
    Registry<acquiring::MerchantKey> merchant_keys;
    Registry<acquiring::PlatformKey> platform_keys;
    Registry<switching::Participant> participants;
    Registry<switching::ParticipantKey> participant_keys;
    Registry<switching::Position> positions;
    Registry<switching::CodeRule> code_rules;
    Registry<switching::Opening> openings;
    Registry<switching::Operator> operators;
    std::uint64_t version = 0;
};

// Who carries payments to other institutions. Both are called with what is durable, on threads of
// the heart, and must return soon.
class PaymentCourier {
public:
    virtual ~PaymentCourier() = default;
    // Payments with a linked side, each as it was after an entry that is now committed, in order.
    virtual void moved(std::vector<switching::Payment> payments) = 0;
    // The state was built anew: everything that is unfinished, before any moved() that follows.
    virtual void restarted(std::vector<switching::Payment> unfinished) = 0;
};

// Counters that anyone may read at any time.
struct HeartCounters {
    std::atomic<std::uint64_t> commands{0};
    std::atomic<std::uint64_t> entries{0};
    std::atomic<std::uint64_t> refusals{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> misses{0};
    std::atomic<std::uint64_t> rebuilds{0};
    std::atomic<std::uint64_t> overloads{0};
    std::atomic<std::uint64_t> committed{0};  // the last committed sequence
    std::atomic<std::uint64_t> stored{0};     // the tables' cursor
    std::atomic<std::uint64_t> waiting{0};    // commands in the queue
};

class Heart {
public:
    // The journal, tables and clock must outlive the heart.
    Heart(Journal& journal, Tables& tables, Clock& clock, HeartOptions options);
    ~Heart();

    // Takes the journal over, rebuilds the state and starts the threads (heart, writer, fetcher,
    // reader).
    Result<void> start();
    // Takes no more commands, answers those it has, lets the tables catch up, and ends the threads.
    void stop();
    // Ends the threads without waiting for the tables, as a crash would leave the store: for tests
    // and benchmarks.
    void abandon();

    // From any thread. The answer comes through request->home, also a refusal for overload.
    void submit(RequestPtr request);
    void submit(std::vector<RequestPtr> requests);

    [[nodiscard]] std::shared_ptr<const Directory> directory() const;
    [[nodiscard]] const HeartCounters& counters() const;
    // Serving, and the store takes writes.
    [[nodiscard]] bool ready() const;
    // Blocks until the tables hold `sequence` or the time is up; false: not yet.
    bool wait_stored(Sequence sequence, std::chrono::milliseconds at_most) const;
    // For benchmarks: the reader rests while paused.
    void pause_reader(bool paused);
    // CPU microseconds used so far by each of its threads, by name.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> cpu_microseconds() const;

    // Before start(); the courier must outlive the heart.
    void set_courier(PaymentCourier& courier);
    // Calls the follower on the reader's thread with entries once they are committed and in the
    // tables, from the one after `after` on, in order, each once per start. Register before
    // start().
    void add_follower(Sequence after, Follower follower);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::engine
