// Deadlines of many connections at the price of a store: one coarse wheel for each I/O thread.
//
// A deadline is moved far more often than it is met, so moving it later only writes the new time
// into the timer; the wheel finds out when the old slot comes round. A timer fires at most one slot
// late. Not thread-safe. A timer that dies leaves the wheel by itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace huitong::gateway::http {

// One deadline; derive from it or hold it.
class Timer {
public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual ~Timer() { unlink(); }

    // The deadline has passed and the timer has left the wheel; it may be set again at once.
    virtual void on_deadline() = 0;

    void cancel() { deadline_ms_ = never; }

private:
    friend class TimerWheel;
    static constexpr std::int64_t never = INT64_MAX;

    void unlink();

    Timer* next_ = nullptr;
    Timer** link_ = nullptr;  // Whatever points at this timer; null if it is in no slot.
    std::int64_t deadline_ms_ = never;
    std::int64_t slot_ms_ = 0;  // When the slot that holds it comes round.
};

class TimerWheel {
public:
    static constexpr std::int64_t tick_ms = 64;

    explicit TimerWheel(std::int64_t now_ms) : done_tick_(now_ms / tick_ms) {}
    ~TimerWheel();
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    void set(Timer& timer, std::int64_t deadline_ms);
    // Fires every timer whose deadline has passed.
    void advance(std::int64_t now_ms);

private:
    static constexpr std::size_t slot_count = 2048;  // 131 s; longer deadlines go round again.

    void link(Timer& timer);

    std::array<Timer*, slot_count> slots_{};
    std::int64_t done_tick_;
};

}  // namespace huitong::gateway::http
