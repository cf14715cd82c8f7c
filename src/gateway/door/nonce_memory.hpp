// Which nonces each caller used lately, and for what. Only authentic requests get in.
//
// A request is taken within 300 s of its timestamp on either side, so one seen now can come again
// for ten minutes, and so long it is remembered. Memory is bounded: when a shard is full it forgets
// its oldest minute early; a replay that old is then judged by the idempotency keys alone, which is
// all that the contract itself asks for (2.2). Any thread.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/instant.hpp"

namespace huitong::gateway::door {

class NonceMemory {
public:
    explicit NonceMemory(std::size_t entries_max = 2'000'000);  // about 40 bytes each

    enum class Verdict : std::uint8_t {
        fresh,
        repeat,  // the very same request again
        reused,  // another request under this nonce
    };
    // `signed_text` is what the caller signed: method, target, timestamp, nonce and body.
    Verdict remember(std::string_view caller, std::string_view nonce, std::string_view signed_text,
                     Instant now);

    [[nodiscard]] std::size_t size() const;

private:
    struct Minute {
        std::int64_t number;
        std::vector<std::uint64_t> keys;
    };
    struct Shard {
        mutable std::mutex mutex;
        boost::unordered_flat_map<std::uint64_t, std::uint64_t> digests;  // by key
        std::deque<Minute> minutes;                                       // oldest first

        void forget_oldest();
    };
    static constexpr std::size_t shards = 16;

    Hash128 secret_;  // Callers choose their nonces; nobody may choose where they lie.
    std::size_t shard_entries_max_;
    std::array<Shard, shards> shards_;
};

}  // namespace huitong::gateway::door
