#include "gateway/wallet/issue_limit.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::wallet_door {
namespace {

constexpr Instant noon{1'790'000'000'000};
constexpr UserId alice{11}, bob{12};

TEST(IssueLimit, AdmitsABurstAndThenOneAtATime) {
    IssueLimit limit({.burst = 3, .every = seconds(10)});
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit(alice, noon)) << i;
    EXPECT_FALSE(limit.admit(alice, noon));
    EXPECT_FALSE(limit.admit(alice, noon + milliseconds(9'999)));
    EXPECT_TRUE(limit.admit(alice, noon + seconds(10)));
    EXPECT_FALSE(limit.admit(alice, noon + seconds(10)));
    EXPECT_TRUE(limit.admit(bob, noon)) << "another's";
}

TEST(IssueLimit, GivesTheWholeAllowanceBackInTheEnd) {
    IssueLimit limit({.burst = 3, .every = seconds(10)});
    for (int i = 0; i < 4; ++i) (void)limit.admit(alice, noon);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit(alice, noon + seconds(30))) << i;
    EXPECT_FALSE(limit.admit(alice, noon + seconds(30)));
}

TEST(IssueLimit, ForgetsWhoHasNotAskedForAWhile) {
    IssueLimit limit({.burst = 3, .every = seconds(10)});
    for (std::uint64_t user = 1; user <= 1'000; ++user) EXPECT_TRUE(limit.admit({user}, noon));
    EXPECT_EQ(limit.remembered(), 1'000U);
    EXPECT_TRUE(limit.admit(bob, noon + seconds(30)));
    EXPECT_EQ(limit.remembered(), 1U);
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
