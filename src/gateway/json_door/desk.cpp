#include "gateway/json_door/desk.hpp"

#include <utility>

namespace huitong::gateway::json_door {

Result<void> Desk::post(std::move_only_function<void()> work) {
    if (waiting_.fetch_add(1) >= waiting_max_) {
        waiting_.fetch_sub(1);
        return refuse(Error::overloaded);
    }
    pool_.post([this, work = std::move(work)]() mutable {
        work();
        waiting_.fetch_sub(1);
    });
    return {};
}

}  // namespace huitong::gateway::json_door
