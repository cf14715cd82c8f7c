// The heart with its threads: what leaves it, when, and what happens when the store fails.
#include <gtest/gtest.h>

#include "engine/state.hpp"
#include "engine/testing/heart_kit.hpp"

namespace huitong::engine::testing {
namespace {

using switching::PaymentAnswer;
using switching::PaymentStatus;

Error error_of(const Result<Answer>& answer) {
    return answer ? Error::count_ : answer.error();
}
const PaymentAnswer* paid(const Result<Answer>& answer) {
    const auto* payment = answer ? std::get_if<PaymentAnswer>(&*answer) : nullptr;
    return payment != nullptr && payment->payment.state.status == PaymentStatus::completed
               ? payment
               : nullptr;
}

TEST(Heart, LetsNothingLeaveBeforeTheCommit) {
    Platform platform;
    const UserId user = platform.open_user(500);
    const OrderId order = platform.create_order(100);
    const std::uint64_t before = platform.heart->counters().commands;
    platform.journal.block(true);
    Caller caller(platform.journal);
    platform.heart->submit(caller.request(Platform::payment(user, order, "r1")));
    ASSERT_TRUE(platform.journal.wait_blocked(patience));

    // What follows rests on the payment: a repeat, a refusal, a query, a new order.
    const Command after[] = {Platform::payment(user, order, "r1"),
                             Platform::payment(user, order, "r2"), QueryUser{{user, 0}},
                             platform.wish("later", 7)};
    for (const Command& command : after) platform.heart->submit(caller.request(command));
    ASSERT_TRUE(eventually([&] { return platform.heart->counters().commands >= before + 5; }));
    EXPECT_EQ(caller.count(), 0U);

    platform.journal.block(false);
    const auto answers = caller.wait(5);
    ASSERT_EQ(answers.size(), 5U);
    ASSERT_TRUE(paid(answers[0]));
    ASSERT_TRUE(paid(answers[1]));
    EXPECT_EQ(paid(answers[0])->payment, paid(answers[1])->payment);
    EXPECT_EQ(error_of(answers[2]), Error::order_paid);
    EXPECT_EQ(std::get<UserAnswer>(*answers[3]).account.balance, 400);
    EXPECT_TRUE(answers[4]);
    platform.expect_one_state();
}

TEST(Heart, FindsTheTruthAfterAnAppendThatFailed) {
    for (const Fate fate : {Fate::aborted, Fate::unknown_lost, Fate::unknown_stored}) {
        SCOPED_TRACE(static_cast<int>(fate));
        Platform platform;
        const UserId user = platform.open_user(500);
        const OrderId order = platform.create_order(100);
        platform.journal.script(fate);
        const Command pay = Platform::payment(user, order, "r1");
        EXPECT_EQ(error_of(platform.ask(pay)), Error::outcome_unknown);
        const auto retry = platform.insist(pay);
        ASSERT_TRUE(paid(retry));
        const auto again = platform.insist(pay);
        ASSERT_TRUE(paid(again));
        EXPECT_EQ(paid(retry)->payment, paid(again)->payment);
        EXPECT_EQ(platform.balance(user), 400);
        EXPECT_EQ(platform.heart->counters().rebuilds, 1U);
        EXPECT_TRUE(platform.heart->ready());
        platform.expect_one_state();
        EXPECT_EQ(platform.tables.payments({}, order, {})->size(), 1U);
    }
}

TEST(Heart, DropsTheBatchThatFormedOnALostOne) {
    Platform platform;
    const UserId user = platform.open_user(500);
    const OrderId first = platform.create_order(100);
    const OrderId second = platform.create_order(50);
    const std::uint64_t before = platform.heart->counters().commands;
    platform.journal.script(Fate::unknown_lost);
    platform.journal.block(true);
    Caller caller(platform.journal);
    platform.heart->submit(caller.request(Platform::payment(user, first, "r1")));
    ASSERT_TRUE(platform.journal.wait_blocked(patience));
    platform.heart->submit(caller.request(Platform::payment(user, second, "r2")));
    ASSERT_TRUE(eventually([&] { return platform.heart->counters().commands >= before + 2; }));
    platform.journal.block(false);
    for (const auto& answer : caller.wait(2)) EXPECT_EQ(error_of(answer), Error::outcome_unknown);

    ASSERT_TRUE(paid(platform.insist(Platform::payment(user, second, "r2"))));
    EXPECT_EQ(platform.balance(user), 450);
    platform.expect_one_state();
}

TEST(Heart, ServesAgainWhenTheStoreIsBack) {
    Platform platform;
    const UserId user = platform.open_user(500);
    const OrderId order = platform.create_order(100);
    platform.journal.script(Fate::aborted);
    platform.journal.fail(true);
    EXPECT_EQ(error_of(platform.ask(Platform::payment(user, order, "r1"))), Error::outcome_unknown);
    EXPECT_EQ(error_of(platform.ask(Platform::payment(user, order, "r1"))), Error::store_stopped);
    EXPECT_FALSE(platform.heart->ready());
    platform.journal.fail(false);
    EXPECT_TRUE(paid(platform.insist(Platform::payment(user, order, "r1"))));
    EXPECT_TRUE(platform.heart->ready());
}

TEST(Heart, RefusesMoreThanItsQueueHolds) {
    Platform platform({.queue_max = 8, .batch_max = 1});
    platform.journal.block(true);
    Caller caller(platform.journal);
    constexpr std::size_t count = 100;
    for (std::size_t i = 0; i < count; ++i)
        platform.heart->submit(caller.request(platform.wish(fmt::format("many {}", i), 1)));
    EXPECT_TRUE(eventually([&] { return caller.count() >= count - 20; }));
    platform.journal.block(false);
    std::size_t made = 0;
    for (const auto& answer : caller.wait(count)) {
        made += answer ? 1 : 0;
        if (!answer) {
            EXPECT_EQ(answer.error(), Error::overloaded);
        }
    }
    EXPECT_GE(made, 8U);
    EXPECT_LE(made, 20U);
    EXPECT_EQ(platform.heart->counters().overloads, count - made);
}

TEST(Heart, AnswersAllItHasBeforeItStops) {
    Platform platform;
    Caller caller(platform.journal);
    std::vector<RequestPtr> requests;
    for (int i = 0; i < 500; ++i)
        requests.push_back(caller.request(platform.wish(fmt::format("last {}", i), 1)));
    platform.heart->submit(std::move(requests));
    platform.heart->stop();
    const auto answers = caller.wait(500);
    ASSERT_EQ(answers.size(), 500U);
    for (const auto& answer : answers) EXPECT_TRUE(answer);
    EXPECT_EQ(platform.tables.cursor()->last, platform.journal.end().last);
    EXPECT_EQ(platform.tables.state().acquiring.orders.size(), 500U);

    platform.heart->submit(caller.request(platform.wish("too late", 1)));
    EXPECT_EQ(error_of(caller.wait(501).back()), Error::shutting_down);
}

TEST(Heart, StartsAgainWhereItStopped) {
    Platform platform;
    const UserId user = platform.open_user(500);
    const OrderId order = platform.create_order(100);
    ASSERT_TRUE(paid(platform.ask(Platform::payment(user, order, "r1"))));
    const auto before = platform.ask<StateAnswer>(QueryState{});
    platform.heart.emplace(platform.journal, platform.tables, platform.clock, HeartOptions{});
    ASSERT_TRUE(platform.heart->start());
    const auto after = platform.ask<StateAnswer>(QueryState{});
    EXPECT_EQ(after.digest, before.digest);
    EXPECT_EQ(after.last, before.last);
    EXPECT_EQ(after.totals, before.totals);
    ASSERT_TRUE(paid(platform.ask(Platform::payment(user, order, "r1"))));
    EXPECT_EQ(platform.balance(user), 400);
}

TEST(Heart, FetchesWhatMemoryNoLongerHolds) {
    Platform platform({.orders_in_memory = 2, .payments_in_memory = 2, .others_in_memory = 2});
    std::vector<UserId> users;
    std::vector<std::pair<UserId, OrderId>> wishes;
    for (int i = 0; i < 6; ++i) users.push_back(platform.open_user(10'000));
    for (std::size_t i = 0; i < 60; ++i)
        wishes.emplace_back(users[i % users.size()], platform.create_order(100));
    platform.expect_one_state();

    Caller caller(platform.journal);
    std::vector<RequestPtr> requests;
    for (const auto& [user, order] : wishes)
        requests.push_back(
            caller.request(Platform::payment(user, order, "r " + std::to_string(order.value))));
    platform.heart->submit(std::move(requests));
    const auto answers = caller.wait(wishes.size());
    for (const auto& answer : answers) EXPECT_TRUE(paid(answer)) << describe(error_of(answer)).name;
    for (const UserId user : users) EXPECT_EQ(platform.balance(user), 9'000);
    platform.expect_one_state();
    EXPECT_GT(platform.heart->counters().misses, 20U);
    EXPECT_LE(platform.ask<StateAnswer>(QueryState{}).orders_in_memory, 10U);
}

TEST(Heart, SaysSoWhenTheTablesCannotBeRead) {
    Platform platform({.orders_in_memory = 0});
    const OrderId order = platform.create_order(100);
    platform.expect_one_state();
    const Command query = QueryOrder{
        {platform.merchant, order, ""}
    };
    ASSERT_TRUE(
        eventually([&] { return platform.ask<StateAnswer>(QueryState{}).orders_in_memory == 0; }));
    platform.tables.fail(true);
    EXPECT_EQ(error_of(platform.ask(query)), Error::store_failed);
    platform.tables.fail(false);
    EXPECT_TRUE(platform.ask(query));
}

TEST(Heart, LetsOneOfManyPayersPay) {
    Platform platform;
    constexpr std::size_t count = 8;
    std::vector<UserId> users;
    for (std::size_t i = 0; i < count; ++i) users.push_back(platform.open_user(1'000));
    for (int round = 0; round < 20; ++round) {
        const OrderId order = platform.create_order(10);
        std::atomic<int> winners = 0;
        std::vector<std::thread> threads;
        for (const UserId user : users) {
            threads.emplace_back([&, user] {
                const Command pay = Platform::payment(user, order, std::to_string(round));
                const auto first = platform.ask(pay);
                winners += paid(first) ? 1 : 0;
                if (!paid(first)) {
                    EXPECT_EQ(error_of(first), Error::order_paid);
                }
                EXPECT_EQ(paid(platform.ask(pay)) != nullptr, paid(first) != nullptr);
            });
        }
        for (std::thread& thread : threads) thread.join();
        ASSERT_EQ(winners, 1);
    }
    std::int64_t left = 0;
    for (const UserId user : users) left += platform.balance(user);
    EXPECT_EQ(left, static_cast<std::int64_t>(count) * 1'000 - 20 * 10);
    platform.expect_one_state();
}

TEST(Heart, ClosesOrdersWhenTheirTimeHasCome) {
    Platform platform;
    acquiring::CreateOrder soon = platform.wish("soon", 1), late = platform.wish("late", 1);
    soon.terms.expires_at = platform.clock.now() + minutes(2);
    const OrderId first = platform.ask<OrderAnswer>(soon).order.id();
    const OrderId second = platform.ask<OrderAnswer>(late).order.id();
    const auto status = [&](OrderId id) { return platform.status(id); };
    platform.expect_one_state();
    EXPECT_EQ(status(first), acquiring::OrderStatus::open);
    platform.clock.pass(minutes(2));
    EXPECT_TRUE(eventually([&] { return status(first) == acquiring::OrderStatus::closed; }));
    EXPECT_EQ(status(second), acquiring::OrderStatus::open);
    platform.clock.pass(days(7));  // Told by the tables, for it lay beyond the horizon.
    EXPECT_TRUE(eventually([&] { return status(second) == acquiring::OrderStatus::closed; }));
}

// A batch keeps the time at which it opened, however long it waits for the disk.
TEST(Heart, ClosesAnOrderThatCameDueWhileABatchWaited) {
    Platform platform;
    acquiring::CreateOrder soon = platform.wish("soon", 1);
    soon.terms.expires_at = platform.clock.now() + minutes(2);
    const OrderId order = platform.ask<OrderAnswer>(soon).order.id();
    platform.journal.block(true);
    Caller caller(platform.journal);
    platform.heart->submit(caller.request(platform.wish("being written", 1)));
    ASSERT_TRUE(platform.journal.wait_blocked(patience));
    const std::uint64_t before = platform.heart->counters().commands;
    platform.heart->submit(caller.request(platform.wish("opens the next batch", 1)));
    ASSERT_TRUE(eventually([&] { return platform.heart->counters().commands > before; }));
    platform.clock.pass(minutes(3));
    platform.heart->submit(caller.request(QueryState{}));
    ASSERT_TRUE(eventually([&] { return platform.heart->counters().commands > before + 1; }));
    platform.journal.block(false);
    caller.wait(3);
    EXPECT_TRUE(
        eventually([&] { return platform.status(order) == acquiring::OrderStatus::closed; }));
}

// The tables never had it: only the journal's tail tells the next process of it.
TEST(Heart, ClosesAnOrderOfTheTailThatComesDueSoonAfterARestart) {
    Platform platform;
    platform.heart->pause_reader(true);
    acquiring::CreateOrder wish = platform.wish("far from due", 1);
    wish.terms.expires_at = platform.clock.now() + hours(2);
    const OrderId order = platform.ask<OrderAnswer>(wish).order.id();
    platform.heart->abandon();
    platform.clock.pass(minutes(115));
    platform.heart.emplace(platform.journal, platform.tables, platform.clock, HeartOptions{});
    platform.heart->pause_reader(true);
    ASSERT_TRUE(platform.heart->start());
    EXPECT_EQ(platform.status(order), acquiring::OrderStatus::open);
    platform.clock.pass(minutes(6));
    EXPECT_TRUE(
        eventually([&] { return platform.status(order) == acquiring::OrderStatus::closed; }));
}

TEST(Heart, TellsFollowersEachEntryOnceAndInOrder) {
    Platform platform;
    const UserId user = platform.open_user(500);
    platform.expect_one_state();
    platform.heart.emplace(platform.journal, platform.tables, platform.clock, HeartOptions{});
    std::mutex mutex;
    std::vector<std::uint64_t> told;
    platform.heart->add_follower(Sequence{2}, [&](std::span<const ReadEntry> entries) {
        const std::lock_guard lock(mutex);
        for (const ReadEntry& entry : entries) told.push_back(entry.sequence.value);
    });
    ASSERT_TRUE(platform.heart->start());
    ASSERT_TRUE(paid(platform.ask(Platform::payment(user, platform.create_order(1), "r1"))));
    platform.heart->stop();
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.front(), 3U);
    for (std::size_t i = 1; i < told.size(); ++i) EXPECT_EQ(told[i], told[i - 1] + 1);
    EXPECT_EQ(told.back(), platform.journal.end().last.value);
}

TEST(Heart, PublishesADirectoryOfWhatTheDoorsNeed) {
    Platform platform;
    const auto before = platform.heart->directory();
    ASSERT_NE(before->merchants.find(platform.merchant), nullptr);
    platform.ask<acquiring::Merchant>(
        acquiring::ChangeMerchant{.merchant = platform.merchant, .name = "another name"});
    const auto after = platform.heart->directory();
    EXPECT_GT(after->version, before->version);
    EXPECT_EQ(after->merchants.find(platform.merchant)->state.name, "another name");
    EXPECT_EQ(before->merchants.find(platform.merchant)->state.name, "shop");
}

}  // namespace
}  // namespace huitong::engine::testing
