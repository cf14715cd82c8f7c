#include "gateway/merchant/rate_limit.hpp"

#include <algorithm>

namespace huitong::gateway::merchant {
namespace {

constexpr std::int64_t one_request = 1000;  // milli-tokens
// A longer pause fills no bucket further; it also keeps the product below from overflow.
constexpr std::int64_t pause_ms_max = 3'600'000;

}  // namespace

bool RateLimit::admit(MerchantId merchant, Instant now) {
    if (options_.per_second == 0) return true;
    const std::int64_t full =
        one_request * std::max<std::int64_t>(options_.burst, options_.per_second);
    const std::lock_guard lock(mutex_);
    Bucket& bucket = buckets_.try_emplace(merchant, Bucket{full, now}).first->second;
    const std::int64_t paused = std::clamp<std::int64_t>((now - bucket.filled).ms, 0, pause_ms_max);
    bucket.milli_tokens =
        std::min(full, bucket.milli_tokens + paused * std::int64_t{options_.per_second});
    bucket.filled = now;
    if (bucket.milli_tokens < one_request) return false;
    bucket.milli_tokens -= one_request;
    return true;
}

}  // namespace huitong::gateway::merchant
