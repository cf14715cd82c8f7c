#include "gateway/links/waiters.hpp"

#include <algorithm>
#include <utility>

namespace huitong::gateway::links {

void Waiters::wait(PaymentId payment, Instant now, Duration at_most, Done done) {
    std::optional<switching::Payment> known;
    {
        const std::lock_guard lock(mutex_);
        const auto found = decided_.find(payment);
        if (found != decided_.end()) {
            known = found->second;
        } else {
            const Instant until = now + at_most;
            waiting_.emplace(payment, Waiting{until, std::move(done)});
            soonest_ = soonest_ ? std::min(*soonest_, until) : until;
            return;
        }
    }
    done(std::move(known));
}

void Waiters::moved(const std::vector<switching::Payment>& payments, Instant) {
    std::vector<std::pair<Done, switching::Payment>> told;
    {
        const std::lock_guard lock(mutex_);
        for (const switching::Payment& payment : payments) {
            if (!is_decided(payment)) continue;
            const auto [first, last] = waiting_.equal_range(payment.id());
            for (auto one = first; one != last; ++one)
                told.emplace_back(std::move(one->second.done), payment);
            waiting_.erase(first, last);
            if (decided_.insert_or_assign(payment.id(), payment).second) order_.push(payment.id());
            if (order_.size() <= kept_max) continue;
            decided_.erase(order_.front());
            order_.pop();
        }
    }
    for (auto& [done, payment] : told) done(std::move(payment));
}

std::optional<Instant> Waiters::expire(Instant now) {
    std::vector<Done> told;
    std::optional<Instant> next;
    {
        const std::lock_guard lock(mutex_);
        // The courier asks after every batch: the whole list is walked only when one is due.
        if (!soonest_ || now < *soonest_) return soonest_;
        for (auto one = waiting_.begin(); one != waiting_.end();) {
            if (one->second.until <= now) {
                told.push_back(std::move(one->second.done));
                one = waiting_.erase(one);
            } else {
                next = next ? std::min(*next, one->second.until) : one->second.until;
                ++one;
            }
        }
        soonest_ = next;
    }
    for (Done& done : told) done(std::nullopt);
    return next;
}

std::size_t Waiters::size() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

}  // namespace huitong::gateway::links
