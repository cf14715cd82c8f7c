#include "gateway/http/connection/timer_wheel.hpp"

#include <algorithm>

namespace huitong::gateway::http {

void Timer::unlink() {
    if (link_ == nullptr) return;
    *link_ = next_;
    if (next_ != nullptr) next_->link_ = link_;
    link_ = nullptr;
    next_ = nullptr;
}

TimerWheel::~TimerWheel() {
    for (Timer*& slot : slots_) {
        while (slot != nullptr) slot->unlink();
    }
}

void TimerWheel::set(Timer& timer, std::int64_t deadline_ms) {
    timer.deadline_ms_ = deadline_ms;
    // Already in a slot that comes round in time: nothing to do until then.
    if (timer.link_ != nullptr && timer.slot_ms_ <= deadline_ms + tick_ms) return;
    timer.unlink();
    link(timer);
}

void TimerWheel::link(Timer& timer) {
    // The slot after the deadline, at most one round away and never one that is already done.
    const auto last = done_tick_ + static_cast<std::int64_t>(slot_count) - 1;
    const auto tick = std::clamp(timer.deadline_ms_ / tick_ms + 1, done_tick_ + 1, last);
    timer.slot_ms_ = tick * tick_ms;
    Timer*& slot = slots_[static_cast<std::size_t>(tick) % slot_count];
    timer.next_ = slot;
    if (slot != nullptr) slot->link_ = &timer.next_;
    timer.link_ = &slot;
    slot = &timer;
}

void TimerWheel::advance(std::int64_t now_ms) {
    const auto now_tick = now_ms / tick_ms;
    // After a long sleep every slot is visited once, not once for each lost tick.
    done_tick_ = std::max(done_tick_, now_tick - static_cast<std::int64_t>(slot_count));
    while (done_tick_ < now_tick) {
        ++done_tick_;
        Timer*& slot = slots_[static_cast<std::size_t>(done_tick_) % slot_count];
        while (slot != nullptr) {  // link() never uses the slot of done_tick_, so this ends.
            Timer& timer = *slot;
            timer.unlink();
            if (timer.deadline_ms_ == Timer::never) continue;
            if (timer.deadline_ms_ > now_ms) {
                link(timer);
                continue;
            }
            timer.deadline_ms_ = Timer::never;
            timer.on_deadline();
        }
    }
}

}  // namespace huitong::gateway::http
