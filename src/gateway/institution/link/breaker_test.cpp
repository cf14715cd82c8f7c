#include "gateway/institution/link/breaker.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace huitong::gateway::institution {
namespace {

using enum BreakerState;
constexpr Instant start{1'790'000'000'000};

enum class Step : std::uint8_t { fail, succeed, try_and_fail, try_and_succeed, refused };

struct Event {
    std::int64_t at_ms;
    Step step;
    BreakerState after;
};

// One line, then what has happened until it.
void run(const std::vector<Event>& events) {
    Breaker breaker;
    for (const Event& event : events) {
        SCOPED_TRACE(event.at_ms);
        const Instant now = start + milliseconds(event.at_ms);
        switch (event.step) {
            case Step::fail:
                breaker.failed(now);
                break;
            case Step::succeed:
                breaker.succeeded();
                break;
            case Step::try_and_fail:
                EXPECT_TRUE(breaker.admit(now));
                breaker.failed(now);
                break;
            case Step::try_and_succeed:
                EXPECT_TRUE(breaker.admit(now));
                breaker.succeeded();
                break;
            case Step::refused:
                EXPECT_FALSE(breaker.admit(now));
                break;
        }
        EXPECT_EQ(breaker.state(now), event.after);
    }
}

TEST(Breaker, OpensAfterFiveFailuresInARow) {
    run({
        {0, Step::fail,            closed},
        {1, Step::fail,            closed},
        {2, Step::fail,            closed},
        {3, Step::fail,            closed},
        {4, Step::try_and_succeed, closed},
        {5, Step::fail,            closed},
        {6, Step::fail,            closed},
        {7, Step::fail,            closed},
        {8, Step::fail,            closed},
        {9, Step::fail,            open  },
        {9, Step::refused,         open  },
    });
}

TEST(Breaker, RestsTwiceAsLongEachTimeAndClosesByOneSuccess) {
    std::vector<Event> events(5, Event{0, Step::fail, closed});
    events.back().after = open;
    std::int64_t now = 0;
    for (const std::int64_t rest : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
        events.push_back({now + rest - 1, Step::refused, open});
        now += rest;
        events.push_back({now, Step::try_and_fail, open});
    }
    events.push_back({now + 30'000, Step::try_and_succeed, closed});
    // And it begins with a short rest again.
    for (int i = 0; i < 5; ++i) events.push_back({now + 30'000, Step::fail, i < 4 ? closed : open});
    events.push_back({now + 31'000, Step::try_and_succeed, closed});
    run(events);
}

TEST(Breaker, TriesWithOneCallAtATime) {
    Breaker breaker;
    for (int i = 0; i < 5; ++i) breaker.failed(start);
    const Instant later = start + seconds(1);
    EXPECT_EQ(breaker.state(later), half_open);
    EXPECT_TRUE(breaker.admit(later));
    EXPECT_FALSE(breaker.admit(later));
    breaker.succeeded();
    EXPECT_TRUE(breaker.admit(later));
    EXPECT_TRUE(breaker.admit(later));
}

TEST(Breaker, TakesNothingFromCallsThatWereUnderWayWhenItOpened) {
    Breaker breaker;
    for (int i = 0; i < 50; ++i) breaker.failed(start);
    EXPECT_EQ(breaker.state(start + seconds(1)), half_open);
}

}  // namespace
}  // namespace huitong::gateway::institution
