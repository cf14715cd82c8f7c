#include "store/sqlite/journal.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::AppendOutcome;
using engine::Batch;
using engine::Checkpoint;
using engine::JournalEnd;
using engine::StoredBatch;
using testing::append;
using testing::batch_after;
using testing::contents;
using testing::TempDir;

JournalOptions small(const TempDir& dir) {
    return {.directory = dir.path(),
            .store_id = std::string(32, 'a'),
            .segment_bytes_max = 64 << 10,
            .wal_bytes = 64 << 10,
            .busy_timeout_ms = 50};
}

const Checkpoint checkpoint{.state_digest = std::string(16, 'd'), .totals = "totals"};

TEST(Journal, IsEmptyAtFirst) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    EXPECT_EQ(contents(journal), std::vector<std::string>{});
    EXPECT_EQ(journal.take_over(), JournalEnd{});
    EXPECT_EQ(contents(journal), std::vector<std::string>{});
}

TEST(Journal, TakesNothingBeforeItIsOwned) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    EXPECT_EQ(append(journal, {"a"}), AppendOutcome::aborted);
}

TEST(Journal, ReadsWhatWasAppendedFromAnySequence) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    ASSERT_TRUE(journal.take_over());
    ASSERT_EQ(append(journal, {"a", "b", "c"}), AppendOutcome::committed);
    ASSERT_EQ(append(journal, {"d"}), AppendOutcome::committed);
    ASSERT_EQ(append(journal, {"e", "f"}), AppendOutcome::committed);

    const struct {
        std::uint64_t from;
        std::vector<std::uint64_t> firsts;
    } cases[] = {
        {0,   {1, 4, 5}},
        {1,   {1, 4, 5}},
        {3,   {1, 4, 5}},
        {4,   {4, 5}   },
        {5,   {5}      },
        {6,   {5}      },
        {7,   {}       },
        {900, {}       },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.from);
        std::vector<std::uint64_t> firsts;
        ASSERT_TRUE(journal.read({c.from}, [&](const StoredBatch& batch) {
            firsts.push_back(batch.first.value);
            return true;
        }));
        EXPECT_EQ(firsts, c.firsts);
    }
}

TEST(Journal, StopsReadingWhenTheVisitorDoes) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    ASSERT_TRUE(journal.take_over());
    ASSERT_EQ(append(journal, {"a"}), AppendOutcome::committed);
    ASSERT_EQ(append(journal, {"b"}), AppendOutcome::committed);
    int visits = 0;
    ASSERT_TRUE(journal.read({1}, [&](const StoredBatch&) { return ++visits < 1; }));
    EXPECT_EQ(visits, 1);
}

TEST(Journal, IsThereAgainAfterReopening) {
    const TempDir dir;
    JournalEnd end;
    {
        SqliteJournal journal(small(dir));
        ASSERT_TRUE(journal.take_over());
        ASSERT_EQ(append(journal, {"a", "b"}), AppendOutcome::committed);
        end = journal.end();
    }
    SqliteJournal journal(small(dir));
    EXPECT_EQ(journal.take_over(), end);
    EXPECT_EQ(contents(journal), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(append(journal, {"c"}), AppendOutcome::committed);
}

TEST(Journal, FencesTheOlderOwner) {
    const TempDir dir;
    SqliteJournal older(small(dir));
    SqliteJournal newer(small(dir));
    ASSERT_TRUE(older.take_over());
    ASSERT_EQ(append(older, {"a"}), AppendOutcome::committed);
    ASSERT_TRUE(newer.take_over());

    EXPECT_EQ(append(older, {"lost"}), AppendOutcome::aborted);
    EXPECT_EQ(append(newer, {"b"}), AppendOutcome::committed);
    EXPECT_EQ(append(older, {"lost"}), AppendOutcome::aborted);
    EXPECT_EQ(contents(newer), (std::vector<std::string>{"a", "b"}));

    ASSERT_TRUE(older.take_over());
    EXPECT_EQ(append(older, {"c"}), AppendOutcome::committed);
    EXPECT_EQ(append(newer, {"lost"}), AppendOutcome::aborted);
}

TEST(Journal, FencesTheOlderOwnerAlsoAtARoll) {
    const TempDir dir;
    SqliteJournal older(small(dir));
    SqliteJournal newer(small(dir));
    EXPECT_EQ(older.epoch(), 0u);
    ASSERT_TRUE(older.take_over());
    EXPECT_EQ(older.epoch(), 1u);
    ASSERT_EQ(append(older, {std::string(50'000, 'x')}), AppendOutcome::committed);
    ASSERT_TRUE(newer.take_over());
    EXPECT_EQ(newer.epoch(), 2u);
    EXPECT_EQ(append(older, {std::string(50'000, 'y')}), AppendOutcome::aborted);
    EXPECT_EQ(list_segments(dir.path())->size(), 1u);
    ASSERT_EQ(append(newer, {std::string(50'000, 'z')}), AppendOutcome::committed);
    EXPECT_EQ(list_segments(dir.path())->size(), 2u);
    EXPECT_EQ(append(older, {std::string(50'000, 'y')}), AppendOutcome::aborted);
}

TEST(Journal, RollsToSegmentsOfBoundedSize) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    ASSERT_TRUE(journal.take_over());
    std::vector<std::string> all;
    for (int i = 0; i < 100; ++i) {
        all.emplace_back(5'000, static_cast<char>('a' + i % 26));
        ASSERT_EQ(append(journal, {all.back()}, checkpoint), AppendOutcome::committed);
    }
    EXPECT_EQ(contents(journal), all);

    const auto heads = journal.heads();
    ASSERT_TRUE(heads);
    ASSERT_GT(heads->size(), 7u);
    for (const SegmentHead& head : *heads) {
        SCOPED_TRACE(head.number);
        EXPECT_LE(std::filesystem::file_size(segment_path(dir.path(), head.number)), 64u << 10);
        EXPECT_EQ(head.before.state_digest, checkpoint.state_digest);
        EXPECT_EQ(head.before.totals, checkpoint.totals);
        // The chain goes through the heads.
        ASSERT_TRUE(journal.read(head.first, [&](const StoredBatch& batch) {
            EXPECT_EQ(batch.first, head.first);
            EXPECT_EQ(engine::unframe(batch.bytes)->previous, head.previous);
            return false;
        }));
    }
    const JournalEnd end = journal.end();
    EXPECT_EQ(journal.take_over(), end);
}

TEST(Journal, TakesABatchThatIsLargerThanASegment) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    ASSERT_TRUE(journal.take_over());
    const std::string large(300'000, 'x');
    ASSERT_EQ(append(journal, {large}), AppendOutcome::committed);
    ASSERT_EQ(append(journal, {large}), AppendOutcome::committed);
    EXPECT_EQ(contents(journal), (std::vector<std::string>{large, large}));
}

// A crash between making a segment and sealing the one before it leaves the new one unused.
TEST(Journal, DropsASegmentThatWasMadeButNeverUsed) {
    const TempDir dir;
    const JournalOptions options = small(dir);
    for (const bool with_tables : {false, true}) {
        SCOPED_TRACE(with_tables);
        {
            SqliteJournal journal(options);
            ASSERT_TRUE(journal.take_over());
            ASSERT_EQ(append(journal, {"a"}), AppendOutcome::committed);
        }
        if (with_tables) {
            ASSERT_TRUE(Segment::create(options, {.number = 2, .first = {2}}, {.epoch = 1}));
        } else {
            ASSERT_TRUE(Database::open(segment_path(dir.path(), 2), {}));
        }
        SqliteJournal journal(options);
        EXPECT_EQ(journal.heads()->size(), 1u);
        ASSERT_TRUE(journal.take_over());
        EXPECT_EQ(list_segments(dir.path())->size(), 1u);
        EXPECT_EQ(append(journal, {"b"}), AppendOutcome::committed);
    }
}

// A crash after the seal leaves the newest segment without a batch.
TEST(Journal, GoesOnInASealedJournalsEmptySegment) {
    const TempDir dir;
    const JournalOptions options = small(dir);
    JournalEnd end;
    {
        SqliteJournal journal(options);
        ASSERT_TRUE(journal.take_over());
        ASSERT_EQ(append(journal, {"a"}), AppendOutcome::committed);
        end = journal.end();
    }
    {
        auto segment = Segment::open(options, 1);
        ASSERT_TRUE(segment && segment->take());
        AppendOutcome outcome = AppendOutcome::unknown;
        ASSERT_TRUE(segment->roll({.number = 2, .first = {2}, .previous = end.hash}, outcome));
        ASSERT_EQ(outcome, AppendOutcome::committed);
    }
    SqliteJournal journal(options);
    EXPECT_EQ(journal.take_over(), end);
    EXPECT_EQ(append(journal, {"b"}), AppendOutcome::committed);
    EXPECT_EQ(contents(journal), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(journal.heads()->size(), 2u);
}

TEST(Journal, RefusesAnotherStoreOrALaterGeneration) {
    const TempDir dir;
    JournalOptions options = small(dir);
    options.generation = 2;
    ASSERT_TRUE(SqliteJournal(options).take_over());

    JournalOptions other = options;
    other.store_id = std::string(32, 'b');
    EXPECT_EQ(SqliteJournal(other).take_over(), refuse(Error::store_mismatch));
    other = options;
    other.generation = 1;
    EXPECT_EQ(SqliteJournal(other).take_over(), refuse(Error::store_mismatch));
    other = options;
    other.partition = 7;
    EXPECT_EQ(SqliteJournal(other).take_over(), refuse(Error::store_mismatch));
    other = options;
    other.generation = 3;
    EXPECT_TRUE(SqliteJournal(other).take_over());
    EXPECT_EQ(SqliteJournal(options).take_over(), refuse(Error::store_mismatch));
}

TEST(Journal, SaysWhenASegmentIsMissing) {
    const TempDir dir;
    SqliteJournal journal(small(dir));
    ASSERT_TRUE(journal.take_over());
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(append(journal, {std::string(50'000, 'x')}), AppendOutcome::committed);
    }
    ASSERT_TRUE(remove_database(segment_path(dir.path(), 1), {}));
    EXPECT_EQ(journal.heads()->size(), 3u);
    const auto ignore = [](const StoredBatch&) { return true; };
    SqliteJournal reader(small(dir));
    EXPECT_EQ(reader.read({1}, ignore), refuse(Error::store_failed));
    EXPECT_TRUE(reader.read({2}, ignore));
    ASSERT_TRUE(remove_database(segment_path(dir.path(), 3), {}));
    SqliteJournal holed(small(dir));
    EXPECT_EQ(holed.read({2}, ignore), refuse(Error::store_failed));
}

TEST(Journal, RefusesAnEndThatWasCutOff) {
    const TempDir dir;
    {
        SqliteJournal journal(small(dir));
        ASSERT_TRUE(journal.take_over());
        ASSERT_EQ(append(journal, {"a"}), AppendOutcome::committed);
        ASSERT_EQ(append(journal, {"b"}), AppendOutcome::committed);
    }
    const char* const damages[] = {
        "UPDATE batch SET bytes = substr(bytes, 1, 20) WHERE first_sequence = 2",
        "DELETE FROM batch WHERE first_sequence = 2",
    };
    for (const char* const damage : damages) {
        SCOPED_TRACE(damage);
        {
            auto db = Database::open(segment_path(dir.path(), 1), {});
            ASSERT_TRUE(db && db->execute(damage));
        }
        SqliteJournal journal(small(dir));
        EXPECT_EQ(journal.take_over(), refuse(Error::store_failed));
    }
}

TEST(Journal, RefusesAFileThatIsNoDatabase) {
    const TempDir dir;
    testing::write_file(segment_path(dir.path(), 1), std::string(20'000, 'x'));
    SqliteJournal journal(small(dir));
    EXPECT_EQ(journal.take_over(), refuse(Error::store_failed));
    EXPECT_NE(last_failure().find("not a database"), std::string::npos) << last_failure();
}

TEST(Journal, CanBeReadWhileItGrowsAndRolls) {
    const TempDir dir;
    JournalOptions options = small(dir);
    options.busy_timeout_ms = 5000;
    SqliteJournal journal(options);
    ASSERT_TRUE(journal.take_over());
    constexpr std::uint64_t batches = 400;
    std::atomic<bool> failed = false;
    std::jthread reader([&] {
        std::uint64_t next = 1;
        while (next <= batches && !failed) {
            const auto result = journal.read({next}, [&](const StoredBatch& batch) {
                failed = failed || batch.first.value != next;
                next = batch.last.value + 1;
                return true;
            });
            failed = failed || !result;
            std::this_thread::yield();
        }
    });
    for (std::uint64_t i = 0; i < batches; ++i) {
        ASSERT_EQ(append(journal, {std::string(2'000, 'x')}), AppendOutcome::committed);
    }
    reader.join();
    EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace huitong::store::sqlite
