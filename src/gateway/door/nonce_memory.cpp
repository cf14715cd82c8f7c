#include "gateway/door/nonce_memory.hpp"

#include <algorithm>
#include <cstring>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace huitong::gateway::door {
namespace {

constexpr std::int64_t minute_ms = 60'000;
// Ten whole minutes, and the one that was under way.
constexpr std::int64_t minutes_kept = 11;

Hash128 random_hash() {
    std::array<std::uint8_t, sizeof(Hash128)> bytes{};
    crypto::fill_random(bytes);
    Hash128 hash;
    std::memcpy(&hash, bytes.data(), sizeof hash);
    return hash;
}

std::uint64_t first_word(const crypto::Digest256& digest) {
    std::uint64_t word = 0;
    std::memcpy(&word, digest.data(), sizeof word);
    return word;
}

}  // namespace

NonceMemory::NonceMemory(std::size_t entries_max)
    : secret_(random_hash()), shard_entries_max_(std::max<std::size_t>(entries_max / shards, 1)) {}

NonceMemory::Verdict NonceMemory::remember(std::string_view caller, std::string_view nonce,
                                           std::string_view signed_text, Instant now) {
    Hasher hasher(secret_);
    hasher.add(caller);
    hasher.add(nonce);
    const Hash128 hash = hasher.finish();
    const std::uint64_t digest = first_word(crypto::sha256(signed_text));
    const std::int64_t minute = now.ms / minute_ms;

    Shard& shard = shards_[hash.high % shards];
    const std::lock_guard lock(shard.mutex);
    while (!shard.minutes.empty() && shard.minutes.front().number + minutes_kept <= minute)
        shard.forget_oldest();
    const auto known = shard.digests.find(hash.low);
    if (known != shard.digests.end())
        return known->second == digest ? Verdict::repeat : Verdict::reused;
    if (shard.digests.size() >= shard_entries_max_) shard.forget_oldest();
    if (shard.minutes.empty() || shard.minutes.back().number < minute)
        shard.minutes.push_back({.number = minute, .keys = {}});
    shard.minutes.back().keys.push_back(hash.low);
    shard.digests.emplace(hash.low, digest);
    return Verdict::fresh;
}

std::size_t NonceMemory::size() const {
    std::size_t sum = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        sum += shard.digests.size();
    }
    return sum;
}

void NonceMemory::Shard::forget_oldest() {
    for (const std::uint64_t key : minutes.front().keys) digests.erase(key);
    minutes.pop_front();
}

}  // namespace huitong::gateway::door
