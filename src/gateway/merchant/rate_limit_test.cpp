#include "gateway/merchant/rate_limit.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::merchant {
namespace {

constexpr Instant start{1'700'000'000'000};
constexpr MerchantId one{1};
constexpr MerchantId two{2};

int admitted(RateLimit& limit, MerchantId merchant, int asked, Instant now) {
    int yes = 0;
    for (int i = 0; i < asked; ++i) yes += limit.admit(merchant, now) ? 1 : 0;
    return yes;
}

TEST(RateLimit, IsOffUnlessSet) {
    RateLimit limit({});
    EXPECT_EQ(admitted(limit, one, 1000, start), 1000);
}

TEST(RateLimit, GivesABurstThenTheRate) {
    RateLimit limit({.per_second = 10, .burst = 25});
    EXPECT_EQ(admitted(limit, one, 100, start), 25);
    EXPECT_EQ(admitted(limit, two, 100, start), 25);
    EXPECT_EQ(admitted(limit, one, 100, start + milliseconds(99)), 0);
    EXPECT_EQ(admitted(limit, one, 100, start + milliseconds(100)), 1);
    EXPECT_EQ(admitted(limit, one, 100, start + milliseconds(1100)), 10);
    EXPECT_EQ(admitted(limit, one, 100, start + days(400)), 25);
}

TEST(RateLimit, StandsAClockThatGoesBack) {
    RateLimit limit({.per_second = 1});
    EXPECT_EQ(admitted(limit, one, 5, start), 1);
    EXPECT_EQ(admitted(limit, one, 5, start - seconds(100)), 0);
    EXPECT_EQ(admitted(limit, one, 5, start - seconds(99)), 1);
}

}  // namespace
}  // namespace huitong::gateway::merchant
