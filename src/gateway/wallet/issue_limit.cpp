#include "gateway/wallet/issue_limit.hpp"

#include <algorithm>

namespace huitong::gateway::wallet_door {

bool IssueLimit::admit(UserId user, Instant now) {
    const std::lock_guard lock(mutex_);
    if (now >= next_prune_) {
        boost::unordered::erase_if(whole_at_, [now](const auto& one) { return one.second <= now; });
        next_prune_ = now + allowance();
    }
    Instant& whole = whole_at_[user];
    const Instant taken = std::max(whole, now) + options_.every;
    if (taken > now + allowance()) return false;
    whole = taken;
    return true;
}

std::size_t IssueLimit::remembered() const {
    const std::lock_guard lock(mutex_);
    return whole_at_.size();
}

}  // namespace huitong::gateway::wallet_door
