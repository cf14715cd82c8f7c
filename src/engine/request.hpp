// A command on its way to the heart, the bounds it meets there, and the way its answer comes back.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/command.hpp"

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
    virtual ~Request();  // Callers may keep more with it.
    Request(Command what, Mailbox& where, std::function<void(Request&)> then)
        : command(std::move(what)), home(&where), done(std::move(then)) {}
};
using RequestPtr = std::unique_ptr<Request>;

// Where answers are delivered: once per batch and mailbox, on the writer's thread or the heart's;
// the owner hands them on to its own thread and wakes it once.
class Mailbox {
public:
    virtual ~Mailbox() = default;
    virtual void deliver(std::vector<RequestPtr> answered) = 0;
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

}  // namespace huitong::engine
