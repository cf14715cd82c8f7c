#include "engine/timers.hpp"

#include <algorithm>

namespace huitong::engine {
namespace {

constexpr std::uint32_t orders_per_sweep = 10'000;
constexpr Duration sweep_pause = seconds(1);  // after a failed sweep or a failed fetch

template <class Id, class Queue>
std::vector<Id> take_due(Queue& queue, Instant clock, std::size_t limit) {
    std::vector<Id> taken;
    while (!queue.empty() && queue.top().first <= clock && taken.size() < limit) {
        taken.push_back(queue.top().second);
        queue.pop();
    }
    return taken;
}

}  // namespace

void Timers::clear() {
    *this = Timers(horizon_);
}

void Timers::note(Sequence made_by, Instant now, Instant due, OrderId order) {
    if (due < now + horizon_) {
        near_.emplace(due, order);
    } else {
        unstored_.push_back({
            made_by, {due, order}
        });
    }
}

void Timers::stored(Sequence stored) {
    stored_ = std::max(stored_, stored);
}

// What the tables hold is told by a sweep that comes within half a horizon; what is due before a
// whole one has passed is kept, so that no sweep need have seen it.
void Timers::drop_stored(Instant clock) {
    while (!unstored_.empty() && unstored_.front().made_by <= stored_) {
        const Timer& timer = unstored_.front().timer;
        if (timer.first < clock + horizon_) near_.push(timer);
        unstored_.pop_front();
    }
}

void Timers::sweep(Instant clock, Tables& tables) {
    drop_stored(clock);
    if (clock < next_sweep_) return;
    std::erase_if(unstored_, [&](const Unstored& one) {
        const bool is_near = one.timer.first < clock + horizon_;
        if (is_near) near_.push(one.timer);
        return is_near;
    });
    const auto due = tables.due_orders(clock + horizon_, orders_per_sweep);
    if (!due) {
        next_sweep_ = clock + sweep_pause;
        return;
    }
    for (const Timer& timer : *due) near_.push(timer);
    next_sweep_ = clock + Duration{horizon_.ms / 2};
    // There are more: ask again by then, but let the tables see these closed in between.
    if (due->size() == orders_per_sweep)
        next_sweep_ = std::min(next_sweep_, std::max(due->back().first, clock + sweep_pause));
}

void Timers::again(Instant clock, OrderId order) {
    near_.emplace(clock + sweep_pause, order);
}

std::vector<OrderId> Timers::due(Instant clock, std::size_t limit) {
    return take_due<OrderId>(near_, clock, limit);
}

std::vector<PaymentId> Timers::due_payments(Instant clock, std::size_t limit) {
    return take_due<PaymentId>(payments_, clock, limit);
}

}  // namespace huitong::engine
