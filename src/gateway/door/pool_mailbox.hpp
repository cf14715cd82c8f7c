// Answers of the heart, handed to a pool: whoever delivers does one push for a whole batch.
#pragma once

#include <utility>
#include <vector>

#include "engine/heart.hpp"
#include "gateway/door/work_pool.hpp"

namespace huitong::gateway::door {

class PoolMailbox final : public engine::Mailbox {
public:
    // The pool must outlive every request that names this mailbox as home.
    explicit PoolMailbox(WorkPool& pool) : pool_(pool) {}

    void deliver(std::vector<engine::RequestPtr> answered) override {
        std::vector<WorkPool::Task> tasks;
        tasks.reserve(answered.size());
        for (engine::RequestPtr& request : answered)
            tasks.emplace_back([request = std::move(request)] { request->done(*request); });
        pool_.post(std::move(tasks));
    }

private:
    WorkPool& pool_;
};

}  // namespace huitong::gateway::door
