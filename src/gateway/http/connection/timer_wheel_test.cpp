#include "gateway/http/connection/timer_wheel.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <vector>

namespace huitong::gateway::http {
namespace {

struct Recorder final : Timer {
    void on_deadline() override { ++fired; }
    int fired = 0;
};

TEST(TimerWheel, FiresOnceNotEarlyAndAtMostOneSlotLate) {
    for (const std::int64_t deadline : {1'000'000LL, 1'000'001LL, 1'000'500LL, 1'300'000LL}) {
        SCOPED_TRACE(deadline);
        TimerWheel wheel(1'000'000);
        Recorder timer;
        wheel.set(timer, deadline);
        std::int64_t fired_at = 0;
        for (std::int64_t now = 1'000'000; now < 1'400'000; now += 10) {
            wheel.advance(now);
            if (timer.fired > 0 && fired_at == 0) fired_at = now;
        }
        EXPECT_EQ(timer.fired, 1);
        EXPECT_GE(fired_at, deadline);
        EXPECT_LE(fired_at, deadline + 2 * TimerWheel::tick_ms);
    }
}

TEST(TimerWheel, ForgetsTheCancelledAndTheDead) {
    TimerWheel wheel(0);
    Recorder cancelled;
    wheel.set(cancelled, 100);
    cancelled.cancel();
    auto dead = std::make_unique<Recorder>();
    wheel.set(*dead, 100);
    dead.reset();
    wheel.advance(10'000);
    EXPECT_EQ(cancelled.fired, 0);
    wheel.set(cancelled, 11'000);
    wheel.advance(20'000);
    EXPECT_EQ(cancelled.fired, 1);
}

TEST(TimerWheel, SurvivesALongSleep) {
    TimerWheel wheel(0);
    std::vector<Recorder> timers(1'000);
    for (std::size_t i = 0; i < timers.size(); ++i) {
        wheel.set(timers[i], static_cast<std::int64_t>(i) * 1'000);
    }
    wheel.advance(100'000'000);
    for (const Recorder& timer : timers) EXPECT_EQ(timer.fired, 1);
}

// The same random deadlines, moved earlier and later, to the wheel and to a plain list.
TEST(TimerWheel, AgreesWithANaiveModel) {
    std::mt19937_64 random(7);
    TimerWheel wheel(0);
    std::vector<Recorder> timers(50);
    std::vector<std::int64_t> model(timers.size(), -1);
    std::int64_t now = 0;
    for (int step = 0; step < 20'000; ++step) {
        const auto i = random() % timers.size();
        if (random() % 4 == 0) {
            timers[i].cancel();
            model[i] = -1;
        } else if (model[i] < 0) {
            model[i] = now + static_cast<std::int64_t>(random() % 400'000);
            wheel.set(timers[i], model[i]);
        } else {
            model[i] = std::max<std::int64_t>(
                now, model[i] + static_cast<std::int64_t>(random() % 20'000) - 10'000);
            wheel.set(timers[i], model[i]);
        }
        now += static_cast<std::int64_t>(random() % 500);
        wheel.advance(now);
        for (std::size_t t = 0; t < timers.size(); ++t) {
            if (timers[t].fired > 0) {
                ASSERT_GE(model[t], 0);
                ASSERT_LE(model[t], now);
                timers[t].fired = 0;
                model[t] = -1;
            }
            ASSERT_TRUE(model[t] < 0 || model[t] + 2 * TimerWheel::tick_ms >= now);
        }
    }
}

}  // namespace
}  // namespace huitong::gateway::http
