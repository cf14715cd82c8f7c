// Hashes, and the filter of keys built on them.
#include "base/hash.hpp"

#include <bit>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>

#include "base/key_filter.hpp"

namespace huitong {
namespace {

Hash128 hash_of(std::uint64_t number) {
    Hasher hasher(Hash128{11, 13});
    hasher.add(number);
    return hasher.finish();
}

TEST(Hasher, DependsOnOrderLengthAndSeed) {
    const auto hash = [](auto... parts) {
        Hasher hasher;
        (hasher.add(parts), ...);
        const Hash128 done = hasher.finish();
        return std::pair(done.high, done.low);
    };
    using namespace std::string_view_literals;
    const std::set all = {
        hash(),        hash(std::uint64_t{1}), hash(""sv),           hash("a"sv),
        hash("a\0"sv), hash("ab"sv, ""sv),     hash("a"sv, "b"sv),   hash(""sv, "ab"sv),
        hash("ab"sv),  hash("12345678"sv),     hash("12345678\0"sv), hash("123456789"sv),
    };
    EXPECT_EQ(all.size(), 12U);
    Hasher seeded(Hash128{1, 0}), other(Hash128{0, 1});
    EXPECT_FALSE(seeded.finish() == other.finish());
}

TEST(Hasher, SpreadsDenseNumbersOverAllBits) {
    std::set<std::uint64_t> high, low;
    int ones = 0;
    constexpr int count = 100'000;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Hash128 hash = hash_of(i);
        high.insert(hash.high >> 32);
        low.insert(hash.low & UINT32_MAX);
        ones += std::popcount(hash.high) + std::popcount(hash.low);
    }
    EXPECT_GT(high.size(), count - 10U);  // 32 bits of 100,000 numbers: about one pair meets.
    EXPECT_GT(low.size(), count - 10U);
    EXPECT_NEAR(ones / static_cast<double>(count), 64.0, 0.5);
}

TEST(Hash128, AddsAndTakesAwayModulo128Bits) {
    const Hash128 top{UINT64_MAX, UINT64_MAX};
    EXPECT_EQ((top + Hash128{0, 1}), (Hash128{0, 0}));
    EXPECT_EQ((Hash128{0, 0} - Hash128{0, 1}), top);
    EXPECT_EQ((Hash128{0, UINT64_MAX} + Hash128{0, 1}), (Hash128{1, 0}));
    const Hash128 a = hash_of(1), b = hash_of(2), c = hash_of(3);
    EXPECT_EQ((a + b + c), (c + a + b));
    EXPECT_EQ((a + b - a), b);
}

TEST(KeyFilter, ForgetsNothingAndIsRarelyWrong) {
    KeyFilter filter;
    EXPECT_FALSE(filter.may_contain(hash_of(0)));
    constexpr std::uint64_t count = 200'000;
    for (std::uint64_t i = 0; i < count; ++i) filter.insert(hash_of(i));
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_TRUE(filter.may_contain(hash_of(i))) << i;
    std::uint64_t wrong = 0;
    for (std::uint64_t i = count; i < 2 * count; ++i) wrong += filter.may_contain(hash_of(i));
    EXPECT_LT(wrong, count / 100);
    EXPECT_LT(filter.bytes(), count * 6);
}

}  // namespace
}  // namespace huitong
