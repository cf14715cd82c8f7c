// One partition without threads: ids, and the timers of orders, across restarts.
#include "engine/partition.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>
#include <set>

#include "engine/testing/memory_store.hpp"

namespace huitong::engine::testing {
namespace {

using acquiring::OrderStatus;

// A process over a store that outlives it, and one merchant.
class Site {
public:
    Site() {
        start();
        const auto bank =
            ask<switching::Participant>(switching::RegisterParticipant{.code = "bank"});
        merchant_ =
            ask<acquiring::Merchant>(acquiring::RegisterMerchant{
                                         .terms = {.mchid = "1900000001", .institution = bank.id()},
                                         .state = {.name = "shop",        .appids = {"wx1"}       },
                                         .currency = cny
        })
                .id();
    }
    void start() {
        partition.emplace(HeartOptions{});
        rebuild();
    }
    void rebuild() {
        ASSERT_TRUE(journal.take_over());
        ASSERT_TRUE(partition->rebuild(journal, tables));
    }
    template <class T>
    T ask(Command command) {
        Request request;
        request.command = std::move(command);
        EXPECT_EQ(partition->decide(request, clock), Partition::Outcome::answered);
        EXPECT_TRUE(request.answer) << describe(request.answer.error()).name;
        return request.answer ? std::get<T>(*request.answer) : T{};
    }
    acquiring::Order create_order(Duration life = hours(2)) {
        acquiring::CreateOrder command;
        command.terms = {.merchant = merchant_,
                         .out_trade_no = fmt::format("no {}", ++count_),
                         .appid = "wx1",
                         .minor = 100,
                         .currency = cny,
                         .content_digest = "same",
                         .expires_at = clock + life};
        return ask<OrderAnswer>(command).order;
    }
    void write() {
        const PendingBatch batch = partition->take_batch();
        ASSERT_EQ(journal.append(batch.batch, batch.before), AppendOutcome::committed);
    }
    void store() {
        ASSERT_TRUE(feed(tables, journal, SIZE_MAX));
        partition->evict(tables.cursor()->last);
    }
    // What the heart does in each round of its loop.
    std::vector<OrderId> expire() {
        std::vector<OrderId> told;
        for (const Command& command : partition->due(clock, 100, tables))
            told.push_back(std::get<acquiring::ExpireOrder>(command).order);
        return told;
    }

    MemoryJournal journal;
    MemoryTables tables;
    Instant clock{1'790'000'000'000};
    std::optional<Partition> partition;

private:
    MerchantId merchant_;
    int count_ = 0;
};

TEST(Partition, AllotsNoIdTwiceWhenTheClockStandsStill) {
    Site site;
    std::set<OrderId> ids;
    std::size_t made = 0;
    for (int life = 0; life < 5; ++life) {
        // One life needs more ids than a millisecond has.
        for (int i = 0; i < (life == 1 ? 10'000 : 3); ++i, ++made)
            ids.insert(site.create_order().id());
        site.write();
        if (life % 2 == 0) site.store();
        site.start();
    }
    EXPECT_EQ(ids.size(), made);
}

TEST(Partition, AllotsNoIdTwiceWhenTheClockGoesBack) {
    Site site;
    std::set<OrderId> ids;
    for (int life = 0; life < 5; ++life) {
        site.clock = site.clock - minutes(10);
        ids.insert(site.create_order().id());
        site.write();
        site.start();
    }
    EXPECT_EQ(ids.size(), 5U);
}

// A timer is told once its time has come, and only then: told early, it would be lost.
TEST(Partition, TellsATimerThatComesDueWhileABatchForms) {
    Site site;
    site.write();
    const OrderId order = site.create_order(minutes(10)).id();
    site.write();
    site.create_order();  // opens a batch, which then waits for the disk
    site.clock = site.clock + minutes(11);
    for (const OrderId told : site.expire()) site.ask<OrderAnswer>(acquiring::ExpireOrder{told});
    site.write();
    ASSERT_EQ(site.expire(), std::vector<OrderId>{order});
    const auto closed = site.ask<OrderAnswer>(acquiring::ExpireOrder{order}).order;
    EXPECT_EQ(closed.state.status, OrderStatus::closed);
}

// Far from due when it was made, so no timer in memory; and the tables did not have it when the
// process started again shortly before its time.
TEST(Partition, TellsTheTimerOfAnOrderThatOnlyTheTailKnows) {
    for (const bool tables_follow : {false, true}) {
        SCOPED_TRACE(tables_follow);
        Site site;
        const OrderId order = site.create_order(hours(2)).id();
        site.write();
        EXPECT_TRUE(site.expire().empty());
        site.clock = site.clock + minutes(110);
        site.start();
        EXPECT_TRUE(site.expire().empty());
        if (tables_follow) site.store();
        site.clock = site.clock + minutes(11);
        EXPECT_EQ(site.expire(), std::vector<OrderId>{order});
    }
}

// The same without a restart: the tables stood still for hours.
TEST(Partition, TellsTheTimersOfOrdersThatTheTablesLack) {
    Site site;
    const OrderId order = site.create_order(hours(3)).id();
    site.write();
    for (int quarter = 0; quarter < 12; ++quarter) {
        EXPECT_TRUE(site.expire().empty()) << quarter;
        site.clock = site.clock + minutes(15);
    }
    EXPECT_EQ(site.expire(), std::vector<OrderId>{order});
}

TEST(Partition, TellsTheTimersOfTheTablesWhenTheyCanBeReadAgain) {
    Site site;
    const OrderId order = site.create_order(hours(2)).id();
    site.write();
    site.store();
    EXPECT_TRUE(site.expire().empty());
    site.clock = site.clock + minutes(119);
    site.tables.fail(true);
    EXPECT_TRUE(site.expire().empty());
    site.tables.fail(false);
    site.clock = site.clock + minutes(2);
    EXPECT_EQ(site.expire(), std::vector<OrderId>{order});
}

TEST(Partition, TellsATimerAgainWhoseOrderCouldNotBeFetched) {
    Site site;
    const OrderId order = site.create_order(minutes(10)).id();
    site.clock = site.clock + minutes(10);
    site.write();
    ASSERT_EQ(site.expire(), std::vector<OrderId>{order});
    EXPECT_TRUE(site.expire().empty());
    site.partition->try_again(site.clock, acquiring::ExpireOrder{order});
    EXPECT_TRUE(site.expire().empty());
    site.clock = site.clock + seconds(1);
    EXPECT_EQ(site.expire(), std::vector<OrderId>{order});
}

}  // namespace
}  // namespace huitong::engine::testing
