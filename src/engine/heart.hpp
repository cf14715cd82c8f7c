// The heart: one thread that owns the state of one partition, decides, applies, and answers what is
// durable.
//
//     wait for commands; take all that wait (bounded)
//     for each: entry = decide(state, command, now); if there is one: apply it and put it on the
//     batch hand the batch to the writer's thread; decide the next one meanwhile (never more than
//     one is being written) when it is committed: answer every caller of that batch, wake the
//     readers
//
// Nothing leaves that rests on an uncommitted entry: refusals, repeats and queries wait with the
// batch they followed.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "engine/command.hpp"
#include "engine/journal.hpp"
#include "engine/tables.hpp"

namespace huitong::engine {

class Mailbox;

// A command on its way. Made by a caller, owned by the heart from submit() until it comes back
// through `home`.
struct Request {
    Command command;
    OperatorId by;            // set by the operator door
    Mailbox* home = nullptr;  // where the answer goes; outlives the request
    Result<Answer> answer = refuse(Error::outcome_unknown);
    Sequence sequence;  // the last sequence when it was decided: a list may wait for the tables to
                        // have it
    std::function<void(Request&)> done;  // run by the mailbox's owner

    Request() = default;
    Request(Command what, Mailbox& where, std::function<void(Request&)> then)
        : command(std::move(what)), home(&where), done(std::move(then)) {}
};
using RequestPtr = std::unique_ptr<Request>;

// Where answers are delivered: once per batch and mailbox, on the heart's thread; the owner hands
// them on to its own thread and wakes it once.
class Mailbox {
public:
    virtual ~Mailbox() = default;
    virtual void deliver(std::vector<RequestPtr> answered) = 0;
};

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
    Registry<switching::Operator> operators;
    std::uint64_t version = 0;
};

// Limits of the heart; each is a named bound on a queue, a loop or memory.
struct HeartOptions {
    Rules rules;
    std::size_t queue_max = 20'000;  // commands waiting; beyond: overloaded
    std::size_t batch_max = 2'048;   // commands decided for one batch
    std::size_t rounds_max = 4;      // fetches for one command
    std::size_t orders_in_memory = 200'000;
    std::size_t payments_in_memory = 200'000;
    std::size_t others_in_memory = 100'000;  // users, funding sources, top-ups, refunds, each
    Duration timer_horizon = hours(1);       // due times nearer than this are kept in memory
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

    // Calls `follow` on the reader's thread with entries as they are committed (after the tables
    // have them), from `from` on; returns what stops it. Register before start().
    using Follower = std::function<void(std::span<const ReadEntry>)>;
    void add_follower(Follower follow);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::engine
