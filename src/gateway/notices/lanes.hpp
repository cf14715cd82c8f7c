// Which merchant's notices are sent next. Every merchant has a lane of its own, so that one whose
// server is slow or dead holds up nobody else's:
//
//   resting --due--> ready (a queue, in turn) --at its window--> full --an answer--> ready |
//   resting
//
// A lane's window is how many of its notices may be under way. It halves with each failure, down to
// one, and grows by one with each success. Owned by the courier's thread.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "engine/notice_store.hpp"

namespace huitong::gateway::notices {

class Lanes {
public:
    explicit Lanes(std::size_t window_max) : window_max_(window_max) {}

    // The merchant has a notice that is due then (perhaps an earlier one as well).
    void wake(MerchantId merchant, Instant due);
    // Moves the lanes that have become due to the end of the queue.
    void advance(Instant now);
    // The lane whose turn it is, taken out of the queue; nothing when none is ready.
    std::optional<MerchantId> next();

    // How many more of its notices may go; which are under way.
    [[nodiscard]] std::size_t room(MerchantId merchant) const;
    [[nodiscard]] const std::set<engine::NoticeKey>& under_way(MerchantId merchant) const;
    void sent(MerchantId merchant, engine::NoticeKey key);
    void ended(MerchantId merchant, engine::NoticeKey key, bool well);
    // Drops a lane that has nothing under way and nothing due.
    void forget_if_idle(MerchantId merchant);

    // When the next resting lane becomes due.
    [[nodiscard]] std::optional<Instant> next_due() const;
    [[nodiscard]] std::size_t size() const { return lanes_.size(); }

private:
    struct Lane {
        std::size_t window;
        std::set<engine::NoticeKey> under_way;
        std::optional<Instant> due;  // while resting
        bool ready = false;          // in the queue
    };
    Lane& lane(MerchantId merchant);
    void rest(MerchantId merchant, Lane& lane, std::optional<Instant> due);

    std::size_t window_max_;
    std::map<MerchantId, Lane> lanes_;
    std::deque<MerchantId> queue_;
    std::set<std::pair<Instant, MerchantId>> resting_;
};

}  // namespace huitong::gateway::notices
