// A desk before a pool, at which only so many may wait: whoever comes when it is full is told so at
// once, in place of an answer that would come too late.
#pragma once

#include <atomic>
#include <functional>

#include "base/result.hpp"
#include "gateway/door/work_pool.hpp"

namespace huitong::gateway::json_door {

class Desk {
public:
    // The pool must outlive this, and must stop before this dies.
    Desk(door::WorkPool& pool, std::size_t waiting_max) : pool_(pool), waiting_max_(waiting_max) {}
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    // Runs the work on the pool. Refuses with overloaded when too much waits.
    Result<void> post(std::move_only_function<void()> work);

private:
    door::WorkPool& pool_;
    std::size_t waiting_max_;
    std::atomic<std::size_t> waiting_{0};
};

}  // namespace huitong::gateway::json_door
