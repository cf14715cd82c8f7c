// When orders expire: what of it is near is kept in memory, what is far is told by the tables.
//
// Always true: an open order's timer is told in time wherever the order is. It is in memory when it
// is due within the horizon; the tables tell it, by a sweep every half horizon, when it is due
// later; and while the tables still lack the order, however long they lag and also when it comes
// from the journal's tail at a recovery, its timer waits here.
//
// Owned by the heart's thread, as part of its partition.
#pragma once

#include <deque>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/instant.hpp"
#include "engine/tables.hpp"

namespace huitong::engine {

class Timers {
public:
    explicit Timers(Duration horizon) : horizon_(horizon) {}

    // Forgets everything; the next sweep is due at once.
    void clear();
    // An order made by the entry `made_by`, at `now`.
    void note(Sequence made_by, Instant now, Instant due, OrderId order);
    // The tables hold everything up to `stored`.
    void stored(Sequence stored);
    // Asks the tables, when it is time to, for what is due within the horizon.
    void sweep(Instant clock, Tables& tables);
    // A timer whose command could not be decided: due again a little later.
    void again(Instant clock, OrderId order);
    // Orders whose time has come, at most `limit`.
    std::vector<OrderId> due(Instant clock, std::size_t limit);

    // Payments that wait for an answer are always in memory, so their timers are, too.
    void note(Instant due, PaymentId payment) { payments_.emplace(due, payment); }
    std::vector<PaymentId> due_payments(Instant clock, std::size_t limit);

private:
    using Timer = std::pair<Instant, OrderId>;
    // Far, and perhaps not in the tables yet.
    struct Unstored {
        Sequence made_by;
        Timer timer;
    };

    void drop_stored(Instant clock);

    Duration horizon_;
    Instant next_sweep_;
    Sequence stored_;
    std::deque<Unstored> unstored_;  // by sequence; as long as the tables lag
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> near_;
    using PaymentTimer = std::pair<Instant, PaymentId>;
    std::priority_queue<PaymentTimer, std::vector<PaymentTimer>, std::greater<>> payments_;
};

}  // namespace huitong::engine
