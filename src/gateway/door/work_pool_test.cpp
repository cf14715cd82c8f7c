#include "gateway/door/work_pool.hpp"

#include <atomic>
#include <gtest/gtest.h>

#include "gateway/door/pool_mailbox.hpp"

namespace huitong::gateway::door {
namespace {

TEST(WorkPool, RunsWhatWaitsBeforeItStops) {
    for (const Urgency urgency : {Urgency::normal, Urgency::idle}) {
        std::atomic<int> runs{0};
        WorkPool pool({.name = "test", .threads = 2, .urgency = urgency});
        for (int i = 0; i < 500; ++i) pool.post([&runs] { ++runs; });
        std::vector<WorkPool::Task> more;
        for (int i = 0; i < 500; ++i) more.emplace_back([&runs] { ++runs; });
        pool.post(std::move(more));
        pool.stop();
        EXPECT_EQ(runs, 1000);
        pool.post([&runs] { ++runs; });
        EXPECT_EQ(runs, 1000);
        EXPECT_EQ(pool.waiting(), 0U);
    }
}

TEST(WorkPool, OneThreadKeepsTheOrder) {
    for (const std::size_t at_once : {1U, 7U}) {
        std::vector<int> order;
        WorkPool pool({.name = "test", .threads = 1, .tasks_at_once = at_once});
        for (int i = 0; i < 100; ++i) pool.post([&order, i] { order.push_back(i); });
        pool.stop();
        ASSERT_EQ(order.size(), 100U);
        EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    }
}

TEST(PoolMailbox, HandsEachAnswerToItsOwner) {
    std::atomic<int> answered{0};
    WorkPool pool({.name = "test", .threads = 2});
    PoolMailbox mailbox(pool);
    std::vector<engine::RequestPtr> requests;
    for (int i = 0; i < 10; ++i)
        requests.push_back(std::make_unique<engine::Request>(
            engine::QueryState{}, mailbox, [&answered](engine::Request&) { ++answered; }));
    mailbox.deliver(std::move(requests));
    pool.stop();
    EXPECT_EQ(answered, 10);
}

}  // namespace
}  // namespace huitong::gateway::door
