#include "store/sqlite/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "store/sqlite/failure.hpp"
#include "store/sqlite/journal_segment.hpp"
#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using testing::TempDir;
using testing::write_file;

TEST(DataDirectory, IsMadeOnceAndKeepsItsIdentity) {
    const TempDir temp;
    const auto root = temp.path() / "new" / "data";
    StoreIdentity identity;
    {
        const auto made = DataDirectory::own(root);
        ASSERT_TRUE(made);
        EXPECT_TRUE(made->owned());
        identity = made->identity();
        EXPECT_EQ(identity.id.size(), 32u);
        EXPECT_EQ(identity.generation, 1u);
        const auto mode = std::filesystem::status(root).permissions();
        EXPECT_EQ(mode, std::filesystem::perms::owner_all);
    }
    const auto again = DataDirectory::own(root);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->identity(), identity);
    const auto other = DataDirectory::own(temp.path() / "other");
    ASSERT_TRUE(other);
    EXPECT_NE(other->identity().id, identity.id);
}

TEST(DataDirectory, HasOneOwnerAndTheSecondIsToldWho) {
    const TempDir temp;
    const auto owner = DataDirectory::own(temp.path());
    ASSERT_TRUE(owner);
    const auto second = DataDirectory::own(temp.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), Error::data_directory_in_use);
    const std::string who = "process " + std::to_string(::getpid()) + " on ";
    EXPECT_NE(last_failure().find(who), std::string::npos) << last_failure();

    const auto visitor = DataDirectory::look_at(temp.path());
    ASSERT_TRUE(visitor);
    EXPECT_FALSE(visitor->owned());
    EXPECT_EQ(visitor->identity(), owner->identity());
}

TEST(DataDirectory, IsFreeAgainWhenItsOwnerDies) {
    const TempDir temp;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const auto owner = DataDirectory::own(temp.path());
        ::_exit(owner ? 0 : 1);  // without a destructor, as a crash
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    EXPECT_TRUE(DataDirectory::own(temp.path()));
}

TEST(DataDirectory, IsNotLookedAtWhereThereIsNone) {
    const TempDir temp;
    for (const auto& path : {temp.path(), temp.path() / "absent"}) {
        const auto found = DataDirectory::look_at(path);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error(), Error::data_directory_missing);
    }
    EXPECT_FALSE(std::filesystem::exists(temp.path() / "absent"));
}

TEST(DataDirectory, RefusesAStoreFileThatIsNotOurs) {
    const TempDir temp;
    const std::string id(32, 'a');
    const struct {
        const char* name;
        std::string text;
        Error want;
    } cases[] = {
        {"empty", "", Error::store_failed},
        {"newer", "format 2\nsomething else\n", Error::store_format_unknown},
        {"no format", "id " + id + "\ngeneration 1\n", Error::store_failed},
        {"short id", "format 1\nid abc\ngeneration 1\n", Error::store_failed},
        {"id not hexadecimal", "format 1\nid " + std::string(32, 'g') + "\ngeneration 1\n",
         Error::store_failed},
        {"generation 0", "format 1\nid " + id + "\ngeneration 0\n", Error::store_failed},
        {"generation past 64 bits", "format 1\nid " + id + "\ngeneration 99999999999999999999\n",
         Error::store_failed},
        {"cut off", "format 1\nid " + id + "\ngeneration 1", Error::store_failed},
        {"more behind", "format 1\nid " + id + "\ngeneration 1\nx\n", Error::store_failed},
        {"huge", std::string(100'000, 'x'), Error::store_failed},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        write_file(temp.path() / "STORE", c.text);
        EXPECT_EQ(read_identity(temp.path()), refuse(c.want));
        const auto owner = DataDirectory::own(temp.path());
        ASSERT_FALSE(owner);
        EXPECT_EQ(owner.error(), c.want);
    }
    write_file(temp.path() / "STORE", "format 1\nid " + id + "\ngeneration 7\n");
    EXPECT_EQ(read_identity(temp.path()), (StoreIdentity{.id = id, .generation = 7}));
}

TEST(DataDirectory, RefusesAJournalWhoseStoreFileIsGone) {
    const TempDir temp;
    write_file(segment_path(temp.path(), 1), "x");
    const auto owner = DataDirectory::own(temp.path());
    ASSERT_FALSE(owner);
    EXPECT_EQ(owner.error(), Error::store_mismatch);
}

TEST(DataDirectory, CannotBeMadeUnderAFile) {
    const TempDir temp;
    write_file(temp.path() / "file", "x");
    const auto owner = DataDirectory::own(temp.path() / "file" / "data");
    ASSERT_FALSE(owner);
    EXPECT_EQ(owner.error(), Error::store_failed);
}

}  // namespace
}  // namespace huitong::store::sqlite
