// The state of one partition, as the heart holds it: what the journal has led to so far. decide
// reads it, apply changes it.
#pragma once

#include "acquiring/state.hpp"
#include "engine/command.hpp"
#include "ledger/book.hpp"
#include "switching/state.hpp"
#include "wallet/state.hpp"

namespace huitong::engine {

// What one command changes: the effects of each part, in the order in which they are applied. An
// entry without effects is no entry. The journal keeps it as huitong.journal.Entry.
struct Entry {
    ledger::Effects ledger;
    wallet::Effects wallet;
    acquiring::Effects acquiring;
    switching::Effects switching;
    OperatorId by;  // the operator whose command it was, if one's

    [[nodiscard]] bool empty() const;
};

// One entry as the reader gives it to the tables.
struct ReadEntry {
    Sequence sequence;
    Instant now;
    Entry entry;
};

struct State {
    explicit State(Hash128 secret);
    State(State&& other) noexcept;
    ~State();

    ledger::Book book;
    wallet::Wallet wallet;
    acquiring::Acquiring acquiring;
    switching::Switching switching;
    Hash128 records_digest;  // the sum over all records ever made (record_digest.hpp)

    // The digest of the whole state, in memory or evicted: equal for live state, rebuilt state and
    // tables.
    [[nodiscard]] Hash128 digest() const { return book.digest() + records_digest; }
};

// What a command led to.
struct Decision {
    Entry entry;  // empty: nothing to record
    Answer answer;
};

// Pure: reads the state, takes the clock as an argument, changes nothing. A Stop is a refusal or a
// miss.
Decided<Decision> decide(const State& state, const Command& command, const Rules& rules,
                         Instant now);

// Fills in the ids the command needs, from the heart's source; records of a merchant or user lie in
// its shard.
void allot(Command& command, IdSource& ids, Instant now);

// Installs an entry's effects. No rules, cannot fail: decide has looked up whatever it touches.
void apply(State& state, const Entry& entry, Sequence sequence);

}  // namespace huitong::engine
