// What is going to happen, in the order of simulated time; at one moment, in the order of planning.
#pragma once

#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/instant.hpp"

namespace huitong::sim {

class Events {
public:
    explicit Events(Instant start) : now_(start) {}

    [[nodiscard]] Instant now() const { return now_; }
    void after(Duration pause, std::function<void()> what) {
        queue_.push({now_ + pause, ++planned_, std::move(what)});
    }
    // The next event, with the clock moved to it; false when there is none.
    bool step() {
        if (queue_.empty()) return false;
        Event event = queue_.top();
        queue_.pop();
        now_ = event.at;
        event.what();
        return true;
    }

private:
    struct Event {
        Instant at;
        std::uint64_t number;
        std::function<void()> what;

        bool operator<(const Event& other) const {
            return std::pair(other.at, other.number) < std::pair(at, number);
        }
    };

    Instant now_;
    std::uint64_t planned_ = 0;
    std::priority_queue<Event> queue_;
};

}  // namespace huitong::sim
