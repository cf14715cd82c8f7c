#include "gateway/notices/lanes.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::notices {
namespace {

constexpr MerchantId a{1};
constexpr MerchantId b{2};
constexpr Instant t0{1'000'000};

engine::NoticeKey key(std::uint64_t n) {
    return {engine::NoticeKind::transaction_success, n};
}

TEST(Lanes, TakeTurns) {
    Lanes lanes(4);
    lanes.wake(a, t0);
    lanes.wake(b, t0 + seconds(1));
    EXPECT_EQ(lanes.next_due(), t0);
    EXPECT_EQ(lanes.next(), std::nullopt);
    lanes.advance(t0 + seconds(1));
    EXPECT_EQ(lanes.next(), a);
    lanes.wake(a, t0);
    lanes.advance(t0 + seconds(1));
    EXPECT_EQ(lanes.next(), b);
    EXPECT_EQ(lanes.next(), a);
    EXPECT_EQ(lanes.next(), std::nullopt);
}

TEST(Lanes, KeepTheEarlierWake) {
    Lanes lanes(4);
    lanes.wake(a, t0 + seconds(5));
    lanes.wake(a, t0 + seconds(9));
    EXPECT_EQ(lanes.next_due(), t0 + seconds(5));
    lanes.wake(a, t0 + seconds(2));
    EXPECT_EQ(lanes.next_due(), t0 + seconds(2));
    lanes.advance(t0 + seconds(2));
    lanes.wake(a, t0 + seconds(3));  // It is in the queue already.
    EXPECT_EQ(lanes.next(), a);
    EXPECT_EQ(lanes.next_due(), std::nullopt);
}

TEST(Lanes, NarrowWithFailuresAndWidenWithSuccesses) {
    Lanes lanes(8);
    std::uint64_t n = 0;
    const auto end = [&](bool well) {
        lanes.sent(a, key(++n));
        lanes.ended(a, key(n), well);
        return lanes.room(a);
    };
    EXPECT_EQ(lanes.room(a), 8U);
    EXPECT_EQ(end(false), 4U);
    EXPECT_EQ(end(false), 2U);
    EXPECT_EQ(end(false), 1U);
    EXPECT_EQ(end(false), 1U);
    EXPECT_EQ(end(true), 2U);
    for (int i = 0; i < 20; ++i) end(true);
    EXPECT_EQ(lanes.room(a), 8U);
    lanes.sent(a, key(1000));
    EXPECT_EQ(lanes.room(a), 7U);
    EXPECT_TRUE(lanes.under_way(a).contains(key(1000)));
    EXPECT_TRUE(lanes.under_way(b).empty());
}

TEST(Lanes, ForgetOnlyTheIdle) {
    Lanes lanes(8);
    lanes.sent(a, key(1));
    lanes.wake(b, t0);
    lanes.forget_if_idle(a);
    lanes.forget_if_idle(b);
    EXPECT_EQ(lanes.size(), 2U);
    lanes.ended(a, key(1), true);
    lanes.forget_if_idle(a);
    EXPECT_EQ(lanes.size(), 1U);
}

}  // namespace
}  // namespace huitong::gateway::notices
