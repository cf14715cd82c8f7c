// A command on its way to the heart, and the way its answer comes back.
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

}  // namespace huitong::engine
