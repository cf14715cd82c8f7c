// One partition without threads: its state, what is being decided, and the batch that forms. The
// heart drives it; tests and simulation drive it too, step by step, on their own clock and store.
//
// Owned by one thread. Always true: everything applied to the state is in a batch taken by
// take_batch() or in the one that forms; when a batch is lost, rebuild() starts again from the
// tables and the journal.
#pragma once

#include <functional>

#include "engine/journal.hpp"
#include "engine/request.hpp"
#include "engine/state.hpp"
#include "engine/tables.hpp"
#include "engine/timers.hpp"

namespace huitong::engine {

// A batch on its way to the journal, with the callers who wait for it.
struct PendingBatch {
    Batch batch;
    Checkpoint before;
    std::vector<RequestPtr> answered;
    bool directory_changed = false;
    std::vector<switching::Payment> moved;  // as each was after its entry: those with a linked side
};

class Partition {
public:
    explicit Partition(HeartOptions options);

    // State = tables at their cursor + the journal's tail. The journal has been taken over. Nobody
    // may be storing into the tables meanwhile. Fails with store_failed (also when the tables are
    // ahead of the journal).
    Result<void> rebuild(Journal& journal, Tables& tables);

    enum class Outcome : std::uint8_t { answered, missed, deferred };
    // Decides a command, applies its entry and puts it on the forming batch. `missed`: miss() names
    // the record to fetch, then decide anew. `deferred`: memory is full of records that the tables
    // lack; try again after evict(). A command that has been brought a record is `admitted` and
    // never deferred: it would wait for room while what it pins takes that room.
    Outcome decide(Request& request, Instant clock, bool admitted = false);
    [[nodiscard]] const Miss& miss() const { return miss_; }

    // What a fetch brought: installed, and pinned until release(). monostate: there is none.
    void install(const Miss& miss, AnyRecord record);
    void release(const std::vector<Miss>& misses);

    // For simulations: a bug that changes each new entry before it is applied and recorded. What it
    // breaks must be found.
    void plant(std::function<void(Entry&)> bug) { bug_ = std::move(bug); }

    // Joins the answered request to the forming batch.
    void keep(RequestPtr answered) { forming_.answered.push_back(std::move(answered)); }
    [[nodiscard]] bool has_entries() const { return !forming_.batch.entries.empty(); }
    [[nodiscard]] std::size_t forming_size() const { return forming_.answered.size(); }
    PendingBatch take_batch();

    // Lets records go that the tables hold up to `stored` and that no older fetch may still bring.
    void evict(Sequence stored);
    // Payments that have not ended, or whose end a responder has not acknowledged: for couriers
    // that start anew.
    [[nodiscard]] std::vector<switching::Payment> unfinished() const;
    // Commands whose time has come, at most `limit`; the tables tell what memory does not know.
    std::vector<Command> due(Instant clock, std::size_t limit, Tables& tables);
    // One of these could not be decided, because a record could not be fetched.
    void try_again(Instant clock, const Command& command);

    [[nodiscard]] const State& state() const { return *state_; }
    [[nodiscard]] Sequence last() const { return last_; }
    [[nodiscard]] Instant now() const { return now_; }

private:
    void open_batch(Instant clock);
    void record(const Entry& entry, Sequence sequence);
    void note_payment(PaymentId id);
    [[nodiscard]] bool memory_full_for(const Command& command) const;
    Result<void> replay(const Batch& batch, Sequence after, Tables& tables);
    Result<void> bring(const Entry& entry, Tables& tables);

    HeartOptions options_;
    Hash128 secret_;
    std::unique_ptr<State> state_;
    IdSource ids_;
    Sequence last_;  // of the last entry applied
    Instant now_;
    Miss miss_;
    PendingBatch forming_;
    Timers timers_;
    std::function<void(Entry&)> bug_;
};

}  // namespace huitong::engine
