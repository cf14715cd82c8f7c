// Doors that keep a requester waiting until its payment is decided.
//
// A payment is decided when its responder has answered: accepted, completed, or ended without a
// yes. Any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "switching/payment.hpp"

namespace huitong::gateway::links {

[[nodiscard]] inline bool is_decided(const switching::Payment& payment) {
    using enum switching::PaymentStatus;
    if (payment.state.status == reserved) return payment.state.accepted;
    return payment.state.status != confirming;
}

class Waiters {
public:
    // Nothing: the time is up, and the payment is still under way.
    using Done = std::move_only_function<void(std::optional<switching::Payment>)>;

    // Calls `done` once, when the payment is decided or after `at_most`; at once if it had been
    // decided before. Register as soon as the heart has answered: what is decided meanwhile is
    // remembered for a moment.
    void wait(PaymentId payment, Instant now, Duration at_most, Done done);
    // What the heart told; calls those who wait.
    void moved(const std::vector<switching::Payment>& payments, Instant now);
    // Lets go whose time is up. When to call it next; nothing: nobody waits.
    std::optional<Instant> expire(Instant now);
    [[nodiscard]] std::size_t size() const;

private:
    struct Waiting {
        Instant until;
        Done done;
    };
    // An answer may overtake the door that asks for it: the last decisions are kept.
    static constexpr std::size_t kept_max = 4096;

    mutable std::mutex mutex_;
    std::optional<Instant> soonest_;  // no waiting door is due before it
    std::unordered_multimap<PaymentId, Waiting> waiting_;
    std::unordered_map<PaymentId, switching::Payment> decided_;
    std::queue<PaymentId> order_;
};

}  // namespace huitong::gateway::links
