#include "gateway/institution/link/breaker.hpp"

#include <algorithm>

namespace huitong::gateway::institution {

bool Breaker::admit(Instant now) {
    if (!open_) return true;
    if (now < until_ || trying_) return false;
    trying_ = true;
    return true;
}

void Breaker::succeeded() {
    failures_ = 0;
    open_ = false;
    trying_ = false;
    rest_ = options_.rest_first;
}

void Breaker::failed(Instant now) {
    // Calls that were under way when it opened tell nothing new; only the one try counts.
    if (open_ && !trying_) return;
    if (!open_ && ++failures_ < options_.failures_max) return;
    if (open_) rest_ = std::min(Duration{rest_.ms * 2}, options_.rest_max);
    open_ = true;
    trying_ = false;
    until_ = now + rest_;
}

BreakerState Breaker::state(Instant now) const {
    if (!open_) return BreakerState::closed;
    return now < until_ ? BreakerState::open : BreakerState::half_open;
}

}  // namespace huitong::gateway::institution
