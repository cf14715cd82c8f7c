#include "store/sqlite/notices.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::Notice;
using engine::NoticeAttempt;
using engine::NoticeKey;
using engine::NoticeKind;
using engine::NoticeStatus;

constexpr Instant t0{1'700'000'000'000};
// An id that was allotted at this time.
constexpr std::uint64_t id_at(Instant t, std::uint64_t n = 0) {
    return (static_cast<std::uint64_t>(t.ms - id_epoch_ms) << 22U) + n;
}

Notice notice(std::uint64_t n, MerchantId merchant, Instant due = t0) {
    return {
        .key = {NoticeKind::transaction_success, id_at(t0, n)},
        .order = {id_at(t0, n)},
        .merchant = merchant,
        .created_at = t0,
        .due = due
    };
}

struct Fixture {
    testing::TempDir dir;
    std::unique_ptr<NoticeFile> file = open();

    std::unique_ptr<NoticeFile> open() {
        auto opened = NoticeFile::open(dir.path() / "notices.db");
        EXPECT_TRUE(opened.has_value());
        return std::move(opened).value();
    }
    void reopen() {
        file.reset();
        file = open();
    }
};

TEST(NoticeFile, KeepsRowsAndCursorTogether) {
    Fixture f;
    EXPECT_EQ(f.file->cursor(), Sequence{0});
    const std::vector<Notice> rows{notice(1, {1}), notice(2, {2}, t0 + seconds(9))};
    EXPECT_EQ(f.file->insert(rows, {17}), 2U);
    f.reopen();
    EXPECT_EQ(f.file->cursor(), Sequence{17});
    EXPECT_EQ(f.file->earliest({1}, 10), std::vector{rows[0]});
    EXPECT_EQ(f.file->earliest({2}, 10), std::vector{rows[1]});
    EXPECT_EQ(f.file->of_order(rows[0].order), std::vector{rows[0]});
}

TEST(NoticeFile, InsertsOnceAndNeverMovesTheCursorBack) {
    Fixture f;
    const std::vector<Notice> rows{notice(1, {1})};
    EXPECT_EQ(f.file->insert(rows, {17}), 1U);
    const NoticeAttempt done{.key = rows[0].key,
                             .number = 1,
                             .at = t0,
                             .http_status = 200,
                             .status = NoticeStatus::delivered,
                             .due = t0};
    ASSERT_TRUE(f.file->record({&done, 1}).has_value());
    EXPECT_EQ(f.file->insert(rows, {3}), 0U);
    EXPECT_EQ(f.file->cursor(), Sequence{17});
    EXPECT_TRUE(f.file->earliest({1}, 10)->empty());
    EXPECT_EQ(f.file->insert({}, {18}), 0U);
    EXPECT_EQ(f.file->cursor(), Sequence{18});
}

TEST(NoticeFile, GivesTheEarliestFirst) {
    Fixture f;
    std::vector<Notice> rows;
    for (std::uint64_t n = 0; n < 10; ++n)
        rows.push_back(notice(n, {1 + n % 2}, t0 + seconds(static_cast<std::int64_t>(20 - n))));
    ASSERT_TRUE(f.file->insert(rows, {1}).has_value());
    const auto found = f.file->earliest({1}, 3).value();
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0], rows[8]);
    EXPECT_EQ(found[1], rows[6]);
    EXPECT_EQ(found[2], rows[4]);
    const std::vector<engine::MerchantDue> due{
        {{1}, rows[8].due, 5},
        {{2}, rows[9].due, 5}
    };
    EXPECT_EQ(f.file->merchants(), due);
}

TEST(NoticeFile, KeepsEveryAttemptAndWhereItLed) {
    Fixture f;
    const std::vector<Notice> rows{notice(1, {1})};
    ASSERT_TRUE(f.file->insert(rows, {1}).has_value());
    const std::vector<NoticeAttempt> attempts{
        {.key = rows[0].key,
         .number = 1,
         .at = t0,
         .took = std::nullopt,
         .error = "address_forbidden",
         .status = NoticeStatus::waiting,
         .due = t0 + seconds(15)},
        {.key = rows[0].key,
         .number = 2,
         .at = t0 + seconds(15),
         .took = milliseconds(31),
         .http_status = 500,
         .status = NoticeStatus::given_up,
         .due = t0 + seconds(15)},
    };
    ASSERT_TRUE(f.file->record({attempts.data(), 1}).has_value());
    auto row = f.file->earliest({1}, 1)->at(0);
    EXPECT_EQ(row.attempts, 1U);
    EXPECT_EQ(row.due, t0 + seconds(15));
    ASSERT_TRUE(f.file->record({attempts.data() + 1, 1}).has_value());
    f.reopen();
    EXPECT_EQ(f.file->attempts(rows[0].key), attempts);
    EXPECT_TRUE(f.file->merchants()->empty());
    EXPECT_EQ(f.file->counts()->given_up, 1U);

    const auto before = f.file->resend(rows[0].key, t0 + hours(1)).value();
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0].status, NoticeStatus::given_up);
    row = f.file->earliest({1}, 1)->at(0);
    EXPECT_EQ(row.status, NoticeStatus::waiting);
    EXPECT_EQ(row.due, t0 + hours(1));
    EXPECT_TRUE(f.file->resend({NoticeKind::refund_closed, 1}, t0)->empty());
}

TEST(NoticeFile, PrunesOldNoticesThatWaitNoMore) {
    Fixture f;
    std::vector<Notice> rows{notice(1, {1}), notice(2, {1}), notice(3, {1})};
    rows[2].key.record = id_at(t0 + days(1));
    ASSERT_TRUE(f.file->insert(rows, {1}).has_value());
    for (const std::size_t i : {0U, 2U}) {
        const NoticeAttempt done{
            .key = rows[i].key, .number = 1, .status = NoticeStatus::delivered, .due = t0};
        ASSERT_TRUE(f.file->record({&done, 1}).has_value());
    }
    EXPECT_EQ(f.file->prune(t0 + seconds(1), 100), 1U);
    EXPECT_TRUE(f.file->attempts(rows[0].key)->empty());
    EXPECT_EQ(f.file->counts()->waiting, 1U);
    EXPECT_EQ(f.file->counts()->delivered, 1U);
    EXPECT_EQ(f.file->prune(t0 + days(2), 100), 1U);
    EXPECT_EQ(f.file->prune({5}, 100), 0U);
}

// What a file of format 1 holds is all there, but for how long its attempts took.
TEST(NoticeFile, TakesAFileOfTheFirstFormat) {
    Fixture f;
    const std::vector<Notice> rows{notice(1, {1})};
    ASSERT_TRUE(f.file->insert(rows, {1}).has_value());
    NoticeAttempt attempt{.key = rows[0].key,
                          .number = 1,
                          .at = t0,
                          .took = milliseconds(0),
                          .http_status = 204,
                          .error = {},
                          .status = NoticeStatus::delivered,
                          .due = t0};
    ASSERT_TRUE(f.file->record({&attempt, 1}).has_value());
    EXPECT_EQ(f.file->attempts(rows[0].key), std::vector{attempt});
    f.file.reset();
    {
        auto db = Database::open(f.dir.path() / "notices.db", {});
        ASSERT_TRUE(db->execute("ALTER TABLE attempt DROP COLUMN duration_ms").has_value());
        ASSERT_TRUE(db->execute("PRAGMA user_version = 1").has_value());
    }
    f.reopen();
    attempt.took = std::nullopt;
    EXPECT_EQ(f.file->attempts(rows[0].key), std::vector{attempt});
    EXPECT_EQ(f.file->cursor(), Sequence{1});
}

TEST(NoticeFile, RefusesAFileOfALaterFormat) {
    Fixture f;
    f.file.reset();
    {
        auto db = Database::open(f.dir.path() / "notices.db", {});
        ASSERT_TRUE(db->execute("PRAGMA user_version = 3").has_value());
    }
    EXPECT_EQ(NoticeFile::open(f.dir.path() / "notices.db").error(), Error::store_format_unknown);
}

}  // namespace
}  // namespace huitong::store::sqlite
