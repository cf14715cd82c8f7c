// What follows the journal: the feed of the tables and the thread that drives it.
#include "engine/reader.hpp"

#include <gtest/gtest.h>

#include "engine/codec.hpp"
#include "engine/testing/heart_kit.hpp"

namespace huitong::engine::testing {
namespace {

// Tables whose commit went through although it was said to have failed, as a failed fsync looks.
class DoubtfulTables final : public Tables {
public:
    Result<Cursor> cursor() override { return kept.cursor(); }
    Result<void> store(std::span<const ReadEntry> entries) override {
        if (!entries.empty() && entries.front().sequence != Sequence{kept.cursor()->last.value + 1})
            return refuse(Error::store_failed);
        CHECK(kept.store(entries));
        if (!doubtful.exchange(false)) return {};
        return refuse(Error::store_failed);
    }
    Result<AnyRecord> fetch(const Miss& miss) override { return kept.fetch(miss); }
    Result<void> load(State& state) override { return kept.load(state); }
    Result<std::vector<std::pair<Instant, OrderId>>> due_orders(Instant due,
                                                                std::uint32_t limit) override {
        return kept.due_orders(due, limit);
    }
    Result<Hash128> digest() override { return kept.digest(); }
    Result<std::vector<HistoryItem>> history(UserId user, Page page) override {
        return kept.history(user, page);
    }
    Result<std::vector<wallet::FundingSource>> funding_sources(UserId user) override {
        return kept.funding_sources(user);
    }
    Result<std::vector<acquiring::Order>> orders(MerchantId merchant, const std::string& number,
                                                 Page page) override {
        return kept.orders(merchant, number, page);
    }
    Result<std::vector<switching::Payment>> payments(UserId payer, OrderId order,
                                                     Page page) override {
        return kept.payments(payer, order, page);
    }
    Result<std::vector<acquiring::Refund>> refunds(OrderId order) override {
        return kept.refunds(order);
    }
    Result<std::vector<switching::Payment>> returns(UserId payer, PaymentId original) override {
        return kept.returns(payer, original);
    }
    Result<std::vector<wallet::User>> users(Page page) override { return kept.users(page); }
    Result<RecordCounts> counts() override { return kept.counts(); }
    Result<std::vector<PostingRow>> postings(AccountId account, Page page) override {
        return kept.postings(account, page);
    }
    Result<std::vector<MinuteStatistics>> statistics(Instant from, Instant to) override {
        return kept.statistics(from, to);
    }

    MemoryTables kept;
    std::atomic<bool> doubtful = false;
};

// A journal of batches of two entries, each of which opens an account.
void grow(MemoryJournal& journal, int batches) {
    ASSERT_TRUE(journal.take_over());
    for (int i = 0; i < batches; ++i) {
        const Sequence first{journal.end().last.value + 1};
        std::vector<std::string> entries;
        for (std::uint64_t n = first.value; n < first.value + 2; ++n) {
            Entry entry;
            entry.ledger.opened.push_back({.id = {n}});
            entries.push_back(encode(entry));
        }
        ASSERT_EQ(journal.append({first, {1'790'000'000'000}, std::move(entries)}, {}),
                  AppendOutcome::committed);
    }
}

TEST(TablesFeed, GoesOnFromWhereTheTablesStandAfterAStoreInDoubt) {
    MemoryJournal journal;
    DoubtfulTables tables;
    grow(journal, 3);
    TablesFeed feed(journal, tables, 2);
    tables.doubtful = true;
    EXPECT_FALSE(feed.step({6}));
    EXPECT_EQ(tables.kept.cursor()->last, Sequence{2});
    while (feed.stored() < Sequence{6}) ASSERT_TRUE(feed.step({6}));
    EXPECT_EQ(tables.kept.cursor()->last, Sequence{6});
}

// After an append in doubt a reader may see in the journal what a power loss takes away again.
TEST(TablesFeed, StoresNothingBeyondWhatIsCommitted) {
    MemoryJournal journal;
    MemoryTables tables;
    grow(journal, 3);
    TablesFeed feed(journal, tables, 100);
    EXPECT_EQ(feed.step({4})->size(), 4U);
    EXPECT_TRUE(feed.step({4})->empty());
    EXPECT_EQ(tables.cursor()->last, Sequence{4});
    EXPECT_EQ(feed.step({6})->size(), 2U);
}

TEST(TablesReader, GivesFollowersEachEntryOnceThoughAStoreWasInDoubt) {
    MemoryJournal journal;
    DoubtfulTables tables;
    grow(journal, 6);
    ASSERT_TRUE(feed(tables.kept, journal, 2));
    tables.doubtful = true;
    std::atomic<std::uint64_t> stored = 0;
    std::vector<std::uint64_t> early, late;  // the reader's thread's, until stop()
    TablesReader reader(journal, tables, {.entries_max = 4}, stored, [] {});
    const auto into = [](std::vector<std::uint64_t>& seen) {
        return [&seen](std::span<const ReadEntry> entries) {
            for (const ReadEntry& entry : entries) seen.push_back(entry.sequence.value);
        };
    };
    reader.add_follower({0}, into(early));
    reader.add_follower({5}, into(late));
    ASSERT_TRUE(reader.start());
    EXPECT_TRUE(reader.wait_stored({12}, patience));
    reader.stop(patience);
    EXPECT_EQ(early, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    EXPECT_EQ(late, (std::vector<std::uint64_t>{6, 7, 8, 9, 10, 11, 12}));
}

}  // namespace
}  // namespace huitong::engine::testing
