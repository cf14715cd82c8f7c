#include "store/sqlite/database.hpp"

#include <gtest/gtest.h>
#include <limits>

#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using testing::TempDir;

TEST(Database, KeepsEveryKindOfValueExactly) {
    const TempDir dir;
    auto db = Database::open(dir.path() / "x.db", {});
    ASSERT_TRUE(db && db->execute("CREATE TABLE v(a, b, c, d, e)"));
    auto insert = db->prepare("INSERT INTO v VALUES (?1, ?2, ?3, ?4, ?5)");
    ASSERT_TRUE(insert);
    const std::string odd("a\0'b", 4);
    const auto changed =
        insert->run(std::numeric_limits<std::int64_t>::min(), std::uint64_t{1} << 62,
                    std::string_view(odd), Blob{odd}, nullptr);
    EXPECT_EQ(changed, 1);
    ASSERT_TRUE(insert->run(1, 2, std::string_view{}, Blob{}, 5));

    auto select = db->prepare("SELECT *, typeof(c), typeof(d) FROM v");
    ASSERT_TRUE(select);
    auto rows = select->query();
    ASSERT_TRUE(rows.next().value_or(false));
    EXPECT_EQ(rows.integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rows.number(1), std::uint64_t{1} << 62);
    EXPECT_EQ(rows.text(2), odd);
    EXPECT_EQ(rows.blob(3), odd);
    EXPECT_TRUE(rows.null(4));
    ASSERT_TRUE(rows.next().value_or(false));
    EXPECT_EQ(rows.text(5), "text");
    EXPECT_EQ(rows.text(6), "blob");
    EXPECT_EQ(rows.text(2), "");
    EXPECT_FALSE(rows.next().value_or(true));
}

TEST(Database, SaysInWordsWhatFailed) {
    const TempDir dir;
    EXPECT_FALSE(Database::open(dir.path() / "absent" / "x.db", {}));
    EXPECT_NE(last_failure().find("unable to open"), std::string::npos) << last_failure();
    EXPECT_FALSE(Database::open(dir.path() / "absent.db", {.read_only = true}));
    auto db = Database::open(dir.path() / "x.db", {});
    ASSERT_TRUE(db && db->execute("CREATE TABLE t(x UNIQUE)"));
    EXPECT_FALSE(db->prepare("SELECT absent FROM t"));
    EXPECT_NE(last_failure().find("no such column"), std::string::npos) << last_failure();
    auto insert = db->prepare("INSERT INTO t VALUES (?1)");
    ASSERT_TRUE(insert && insert->run(1));
    EXPECT_EQ(insert->run(1), refuse(Error::store_failed));
    EXPECT_NE(last_failure().find("UNIQUE"), std::string::npos) << last_failure();
    EXPECT_FALSE(insert->run(1, 2));  // one parameter too many
    EXPECT_TRUE(insert->run(2));
}

TEST(Database, ATransactionIsAllOrNothing) {
    const TempDir dir;
    auto db = Database::open(dir.path() / "x.db", {});
    ASSERT_TRUE(db && db->execute("CREATE TABLE t(x)"));
    {
        auto tx = db->begin();
        ASSERT_TRUE(tx && db->execute("INSERT INTO t VALUES (1)"));
    }
    EXPECT_EQ(db->query_integer("SELECT count(*) FROM t"), 0);
    {
        auto tx = db->begin();
        ASSERT_TRUE(tx && db->execute("INSERT INTO t VALUES (1)"));
        EXPECT_EQ(tx->commit(), Outcome::committed);
    }
    EXPECT_EQ(db->query_integer("SELECT count(*) FROM t"), 1);
}

TEST(Database, HasOneWriterAtATime) {
    const TempDir dir;
    auto first = Database::open(dir.path() / "x.db", {});
    auto second = Database::open(dir.path() / "x.db", {.busy_timeout_ms = 1});
    ASSERT_TRUE(first && second);
    auto tx = first->begin();
    ASSERT_TRUE(tx);
    EXPECT_FALSE(second->begin());
    tx->rollback();
    EXPECT_TRUE(second->begin());
}

TEST(Database, TellsTheThreeOutcomesOfACommit) {
    const struct {
        Fault fault;
        Outcome want;
    } cases[] = {
        {Fault::none,         Outcome::committed},
        {Fault::disk_full,    Outcome::aborted  },
        {Fault::sync_error,   Outcome::unknown  },
        {Fault::sync_unknown, Outcome::unknown  },
        {Fault::write_error,  Outcome::unknown  },
        {Fault::power_loss,   Outcome::unknown  },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(static_cast<int>(c.fault));
        const TempDir dir;
        FaultVfs vfs(1);
        auto db = Database::open(dir.path() / "x.db", {.vfs = vfs.name()});
        ASSERT_TRUE(db && db->execute("CREATE TABLE t(x)"));
        auto tx = db->begin();
        ASSERT_TRUE(tx && db->execute("INSERT INTO t VALUES (zeroblob(20000))"));
        if (c.fault != Fault::none) vfs.inject(c.fault, 1);
        EXPECT_EQ(tx->commit(), c.want);
    }
}

// The sizes are past what SQLite's own file system takes in one write.
TEST(Database, ExtendsAndRewritesALongWal) {
    const TempDir dir;
    const auto path = dir.path() / "x.db";
    auto db = Database::open(path, {.checkpoint_on_close = false});
    ASSERT_TRUE(db && db->execute("CREATE TABLE t(x); INSERT INTO t VALUES (zeroblob(3000000))"));
    constexpr std::int64_t length = (5 << 20) + 17;
    {
        auto tx = db->begin();
        ASSERT_TRUE(tx);
        ASSERT_TRUE(db->rewrite_wal()) << last_failure();
        ASSERT_TRUE(db->extend_wal(length)) << last_failure();
        ASSERT_TRUE(db->rewrite_wal()) << last_failure();
    }
    const std::string wal = path.string() + "-wal";
    EXPECT_EQ(std::filesystem::file_size(wal), static_cast<std::uint64_t>(length));
    EXPECT_EQ(db->query_integer("SELECT length(x) FROM t"), 3'000'000);
    ASSERT_TRUE(db->checkpoint(Database::Checkpoint::keep_wal));
    EXPECT_EQ(std::filesystem::file_size(wal), static_cast<std::uint64_t>(length));
    ASSERT_TRUE(db->wipe_wal());
    EXPECT_EQ(std::filesystem::file_size(wal), 0u);
    EXPECT_EQ(db->query_integer("SELECT length(x) FROM t"), 3'000'000);
}

}  // namespace
}  // namespace huitong::store::sqlite
