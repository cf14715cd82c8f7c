#include "store/sqlite/vault.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/store_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using testing::read_file;
using testing::TempDir;

const std::string key_a(46, 'A');
const std::string key_b(46, 'B');

TEST(Vault, GivesBackWhatWasPutAlsoAfterReopening) {
    const TempDir dir;
    const auto path = dir.path() / "keys.db";
    {
        auto vault = Vault::open(path);
        ASSERT_TRUE(vault);
        EXPECT_EQ(vault->get(1), refuse(Error::subject_key_missing));
        ASSERT_TRUE(vault->put(1, key_a));
        ASSERT_TRUE(vault->put(2, key_b));
        EXPECT_EQ(vault->get(1), key_a);
    }
    auto vault = Vault::open(path);
    ASSERT_TRUE(vault);
    EXPECT_EQ(vault->get(1), key_a);
    EXPECT_EQ(vault->get(2), key_b);
}

TEST(Vault, KeepsASubjectsFirstKey) {
    const TempDir dir;
    auto vault = Vault::open(dir.path() / "keys.db");
    ASSERT_TRUE(vault);
    ASSERT_TRUE(vault->put(1, key_a));
    EXPECT_TRUE(vault->put(1, key_a));
    EXPECT_EQ(vault->put(1, key_b), refuse(Error::id_taken));
    EXPECT_EQ(vault->get(1), key_a);
}

TEST(Vault, ErasesForEver) {
    const TempDir dir;
    const auto path = dir.path() / "keys.db";
    {
        auto vault = Vault::open(path);
        ASSERT_TRUE(vault);
        EXPECT_EQ(vault->erase(1), refuse(Error::subject_key_missing));
        ASSERT_TRUE(vault->put(1, key_a));
        ASSERT_TRUE(vault->erase(1));
        EXPECT_TRUE(vault->erase(1));
        EXPECT_EQ(vault->get(1), refuse(Error::subject_key_erased));
        EXPECT_EQ(vault->put(1, key_b), refuse(Error::subject_key_erased));
    }
    auto vault = Vault::open(path);
    ASSERT_TRUE(vault);
    EXPECT_EQ(vault->get(1), refuse(Error::subject_key_erased));
}

TEST(Vault, LeavesNoTraceOfAnErasedKeyInItsFiles) {
    const TempDir dir;
    const auto path = dir.path() / "keys.db";
    auto vault = Vault::open(path);
    ASSERT_TRUE(vault);
    ASSERT_TRUE(vault->put(1, key_a));
    ASSERT_TRUE(vault->put(2, key_b));
    const auto everything = [&] { return read_file(path) + read_file(path.string() + "-wal"); };
    ASSERT_NE(everything().find(key_a), std::string::npos);
    ASSERT_TRUE(vault->erase(1));
    EXPECT_EQ(everything().find(key_a), std::string::npos);
    EXPECT_NE(everything().find(key_b), std::string::npos);
    EXPECT_EQ(vault->get(2), key_b);
    ASSERT_TRUE(vault->put(3, key_b));
    EXPECT_EQ(vault->get(3), key_b);
}

TEST(Vault, KeepsWhatItPromisedThroughPowerLoss) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        const TempDir dir;
        FaultVfs vfs(seed);
        const auto path = dir.path() / "keys.db";
        std::uint64_t kept = 0;
        bool erased = false;
        {
            auto vault = Vault::open(path, vfs.name());
            ASSERT_TRUE(vault);
            vfs.inject(Fault::power_loss, 1 + seed * 2);
            while (kept < 8 && vault->put(kept + 1, key_a)) ++kept;
            erased = kept > 0 && vault->erase(1).has_value();
        }
        vfs.crash();
        auto vault = Vault::open(path, vfs.name());
        ASSERT_TRUE(vault) << last_failure();
        for (std::uint64_t subject = 2; subject <= kept; ++subject) {
            EXPECT_EQ(vault->get(subject), key_a);
        }
        if (erased) {
            EXPECT_EQ(vault->get(1), refuse(Error::subject_key_erased));
        }
        if (!erased && kept > 0 && vault->get(1) != refuse(Error::subject_key_erased)) {
            EXPECT_EQ(vault->get(1), key_a);
        }
        EXPECT_TRUE(vault->put(100, key_b));
    }
}

}  // namespace
}  // namespace huitong::store::sqlite
