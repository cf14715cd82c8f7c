// How many requests each merchant may make: a bucket of tokens that fills steadily. Any thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <mutex>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"

namespace huitong::gateway::merchant {

struct RateLimitOptions {
    std::uint32_t per_second = 0;  // 0: no limit
    std::uint32_t burst = 0;       // 0: as many as per_second
};

class RateLimit {
public:
    explicit RateLimit(RateLimitOptions options) : options_(options) {}

    // Whether the merchant may make one more request now. Only authentic merchants ask, so there
    // are no more buckets than merchants.
    bool admit(MerchantId merchant, Instant now);

private:
    struct Bucket {
        std::int64_t milli_tokens;
        Instant filled;
    };

    RateLimitOptions options_;
    std::mutex mutex_;
    boost::unordered_flat_map<MerchantId, Bucket, IdHash> buckets_;
};

}  // namespace huitong::gateway::merchant
