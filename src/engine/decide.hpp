// The one function that decides: every rule of the platform is behind it.
#pragma once

#include "engine/command.hpp"
#include "engine/heart_options.hpp"
#include "engine/state.hpp"

namespace huitong::engine {

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

}  // namespace huitong::engine
