#include "gateway/links/statistics.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <vector>

namespace huitong::gateway::links {
namespace {

constexpr Instant start{1'790'000'040'000};  // a whole minute

TEST(LinkStatistics, KnowsNothingAtFirst) {
    const LinkFigures figures = LinkStatistics{}.figures(start);
    EXPECT_EQ(figures.calls, 0U);
    EXPECT_EQ(figures.success_ppm(), 1'000'000U);
    EXPECT_EQ(figures.p99_us, 0U);
}

TEST(LinkStatistics, ForgetsAfterFiveMinutes) {
    LinkStatistics statistics;
    statistics.failed(start);
    statistics.answered(start + minutes(1), 3);
    EXPECT_EQ(statistics.figures(start + minutes(4)).calls, 2U);
    EXPECT_EQ(statistics.figures(start + minutes(4)).success_ppm(), 500'000U);
    EXPECT_EQ(statistics.figures(start + minutes(5)).calls, 1U);
    EXPECT_EQ(statistics.figures(start + minutes(5)).failures, 0U);
    EXPECT_EQ(statistics.figures(start + minutes(6)).calls, 0U);
    // A slot that is used again begins at nothing.
    statistics.answered(start + minutes(10), 3);
    EXPECT_EQ(statistics.figures(start + minutes(10)).calls, 1U);
}

RC_GTEST_PROP(LinkStatistics, TellsPercentilesAtMostAQuarterTooHigh, ()) {
    auto taken = *rc::gen::nonEmpty<std::vector<std::uint32_t>>();
    LinkStatistics statistics;
    for (const std::uint32_t each : taken) statistics.answered(start, each);
    std::ranges::sort(taken);
    const LinkFigures figures = statistics.figures(start);
    RC_ASSERT(figures.calls == taken.size());
    const auto check = [&](std::uint64_t told, std::size_t percent) {
        const std::uint64_t exact = taken[(taken.size() * percent + 99) / 100 - 1];
        RC_ASSERT(told >= exact);
        RC_ASSERT(told <= exact + exact / 4);
    };
    check(figures.p50_us, 50);
    check(figures.p99_us, 99);
}

}  // namespace
}  // namespace huitong::gateway::links
