// Answers of the heart that are quickly put into words: told on the thread that delivers them (the
// writer's or the heart's), and handed to the I/O threads with one wake-up for each in a batch. A
// request whose answer costs more names a door::PoolMailbox as its home.
#pragma once

#include <variant>
#include <vector>

#include "base/ensure.hpp"
#include "engine/request.hpp"
#include "gateway/http/responder.hpp"

namespace huitong::gateway::json_door {

class AnswerMailbox final : public engine::Mailbox {
public:
    void deliver(std::vector<engine::RequestPtr> answered) override {
        const http::AnswerBatch batch;
        for (const engine::RequestPtr& request : answered) request->done(*request);
    }
};

// The alternative that this command is answered with; another one is our bug.
template <class T>
T& as(engine::Request& answered) {
    auto* found = std::get_if<T>(&*answered.answer);
    ENSURE(found != nullptr);
    return *found;
}

}  // namespace huitong::gateway::json_door
