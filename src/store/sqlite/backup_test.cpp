#include "store/sqlite/backup.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <thread>

#include "store/sqlite/journal.hpp"
#include "store/sqlite/store_test_kit.hpp"
#include "store/sqlite/vault.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::AppendOutcome;
using testing::append;
using testing::contents;
using testing::TempDir;

JournalOptions options_of(const std::filesystem::path& directory, const StoreIdentity& identity) {
    return {.directory = directory,
            .store_id = identity.id,
            .generation = identity.generation,
            .segment_bytes_max = 64 << 10,
            .wal_bytes = 64 << 10};
}

// A data directory with a journal of some segments, tables and keys.
struct House {
    TempDir temp;
    std::filesystem::path root = temp.path() / "data";
    DataDirectory directory = *DataDirectory::own(root);
    SqliteJournal journal{options_of(root, directory.identity())};

    House() {
        auto tables = Database::open(directory.tables(), {});
        EXPECT_TRUE(tables && tables->execute("CREATE TABLE t(x); INSERT INTO t VALUES (42)"));
        auto vault = Vault::open(directory.keys());
        EXPECT_TRUE(vault && vault->put(1, "wrapped"));
        EXPECT_TRUE(journal.take_over());
        for (int i = 0; i < 10; ++i) grow();
    }
    AppendOutcome grow() { return append(journal, {std::string(20'000, 'x'), "end"}); }
};

TEST(Backup, RestoresEverythingUnderTheNextGeneration) {
    House house;
    const auto copy = house.temp.path() / "backup";
    std::set<std::string> files;
    ASSERT_TRUE(back_up(house.directory, copy, [&](const BackupProgress& progress) {
        EXPECT_LE(progress.pages_done, progress.pages_total);
        files.insert(progress.file);
        return true;
    })) << last_failure();
    EXPECT_TRUE(files.contains("tables.db") && files.contains("keys.db") &&
                files.contains("journal-000002.db"));
    EXPECT_EQ(read_identity(copy), house.directory.identity());

    const auto before = contents(house.journal);
    ASSERT_EQ(house.grow(), AppendOutcome::committed);  // is not in the backup

    const auto root = house.temp.path() / "restored";
    const auto identity = restore(copy, root);
    ASSERT_TRUE(identity) << last_failure();
    EXPECT_EQ(identity->id, house.directory.identity().id);
    EXPECT_EQ(identity->generation, 2u);
    EXPECT_EQ(read_identity(copy)->generation, 1u);

    SqliteJournal journal(options_of(root, *identity));
    ASSERT_TRUE(journal.take_over()) << last_failure();
    EXPECT_TRUE(contents(journal) == before);
    EXPECT_EQ(append(journal, {"after"}), AppendOutcome::committed);
    // A program that does not know of the restore cannot go on with it.
    EXPECT_EQ(SqliteJournal(options_of(root, house.directory.identity())).take_over(),
              refuse(Error::store_mismatch));

    auto tables = Database::open(root / "tables.db", {.read_only = true});
    ASSERT_TRUE(tables);
    EXPECT_EQ(tables->query_integer("SELECT x FROM t"), 42);
    EXPECT_EQ(Vault::open(root / "keys.db")->get(1), "wrapped");
}

TEST(Backup, CopiesOneMomentWhileTheJournalGrows) {
    House house;
    std::atomic<bool> stop = false;
    std::atomic<bool> failed = false;
    std::jthread writer([&] {
        for (int i = 0; i < 200 && !stop; ++i) {
            failed = failed || house.grow() != AppendOutcome::committed;
        }
    });
    const auto copy = house.temp.path() / "backup";
    const auto result = back_up(house.directory, copy);
    stop = true;
    writer.join();
    ASSERT_TRUE(result) << last_failure();
    EXPECT_FALSE(failed);

    SqliteJournal copied(options_of(copy, house.directory.identity()));
    ASSERT_TRUE(copied.take_over()) << last_failure();
    const auto part = contents(copied);
    const auto whole = contents(house.journal);
    ASSERT_GE(part.size(), 20u);
    ASSERT_LE(part.size(), whole.size());
    EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST(Backup, OverwritesNothing) {
    House house;
    const auto copy = house.temp.path() / "backup";
    std::filesystem::create_directories(copy);
    testing::write_file(copy / "mine", "x");
    EXPECT_EQ(back_up(house.directory, copy), refuse(Error::store_failed));
    EXPECT_FALSE(std::filesystem::exists(copy / "STORE"));
    EXPECT_EQ(restore(house.root, copy), refuse(Error::store_failed));
}

TEST(Backup, StopsWhenAskedAndLeavesNothingThatStarts) {
    House house;
    const auto copy = house.temp.path() / "backup";
    EXPECT_EQ(back_up(house.directory, copy, [](const BackupProgress&) { return false; }),
              refuse(Error::shutting_down));
    EXPECT_EQ(read_identity(copy), refuse(Error::data_directory_missing));
    EXPECT_EQ(restore(copy, house.temp.path() / "restored"), refuse(Error::data_directory_missing));
}

TEST(Backup, RefusesADamagedCopy) {
    House house;
    const auto copy = house.temp.path() / "backup";
    ASSERT_TRUE(back_up(house.directory, copy));
    const auto segment = segment_path(copy, 1);
    std::string bytes = testing::read_file(segment);
    ASSERT_GT(bytes.size(), 40'000u);
    std::fill(bytes.begin() + 4'096, bytes.begin() + 16'384, '\x5a');
    testing::write_file(segment, bytes);
    const auto root = house.temp.path() / "restored";
    EXPECT_FALSE(restore(copy, root));
    EXPECT_FALSE(std::filesystem::exists(root / "STORE"));
}

}  // namespace
}  // namespace huitong::store::sqlite
