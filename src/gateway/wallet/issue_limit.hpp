// How often a user may ask for payer codes: some at once, then one at a time. Codes that nobody
// uses cost a record each. Any thread.
//
// Kept of a user is one time: when the whole allowance is there again. A user whose time is past is
// forgotten, so only those are remembered who asked a little while ago.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"

namespace huitong::gateway::wallet_door {

// A page that shows a code asks once a minute.
struct IssueLimitOptions {
    std::uint32_t burst = 30;
    Duration every = seconds(30);
};

class IssueLimit {
public:
    explicit IssueLimit(IssueLimitOptions options) : options_(options) {}

    // Whether the user may have one more now.
    bool admit(UserId user, Instant now);
    [[nodiscard]] std::size_t remembered() const;

private:
    [[nodiscard]] Duration allowance() const {
        return Duration{options_.every.ms * static_cast<std::int64_t>(options_.burst)};
    }

    IssueLimitOptions options_;
    mutable std::mutex mutex_;
    boost::unordered_flat_map<UserId, Instant, IdHash> whole_at_;
    Instant next_prune_;
};

}  // namespace huitong::gateway::wallet_door
