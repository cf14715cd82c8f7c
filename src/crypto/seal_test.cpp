#include "crypto/seal.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

namespace fs = std::filesystem;

class MasterKeyFile : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("huitong-seal-" + random_hex(16));
        fs::create_directory(folder_);
        path_ = folder_ / "master.key";
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(std::string_view text, fs::perms mode = fs::perms(0600)) const {
        std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
        fs::permissions(path_, mode);
    }
    [[nodiscard]] Error load_error() const {
        const auto loaded = MasterKey::load(path_);
        return loaded ? Error::count_ : loaded.error();
    }

    fs::path folder_;
    fs::path path_;
};

TEST_F(MasterKeyFile, IsOursAloneAndLoadsToTheSameKey) {
    const mode_t old_mask = ::umask(0);  // The mode must not depend on it.
    const auto created = MasterKey::create(path_);
    ::umask(old_mask);
    ASSERT_TRUE(created);
    EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0600));
    EXPECT_EQ(fs::file_size(path_), 65U);
    const auto loaded = MasterKey::load(path_);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->open("c", created->seal("c", "text"))->expose(), "text");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(MasterKeyFile, IsNeverOverwritten) {
    ASSERT_TRUE(MasterKey::create(path_));
    std::ifstream first_file(path_);
    const std::string first{std::istreambuf_iterator<char>(first_file), {}};
    EXPECT_EQ(MasterKey::create(path_).error(), Error::key_file_exists);
    std::ifstream second_file(path_);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(second_file), {}), first);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
    EXPECT_EQ(MasterKey::create(folder_ / "missing" / "master.key").error(),
              Error::key_file_unreadable);
}

TEST_F(MasterKeyFile, IsRefusedWhenOthersMayRead) {
    const std::string digits(64, 'a');
    for (const unsigned mode : {0644U, 0640U, 0604U, 0660U, 0700U, 0601U}) {
        write(digits + "\n", fs::perms(mode));
        EXPECT_EQ(load_error(), Error::key_file_exposed) << mode;
    }
    write(digits, fs::perms(0400));
    EXPECT_TRUE(MasterKey::load(path_));
}

TEST_F(MasterKeyFile, IsRefusedWhenItIsNoKeyFile) {
    EXPECT_EQ(load_error(), Error::key_file_unreadable);  // not there
    const std::string digits(64, 'a');
    for (const std::string& text : {std::string(), digits.substr(1), digits + "aa", digits + "\n\n",
                                    digits.substr(1) + "g", std::string(100'000, 'a')}) {
        write(text);
        EXPECT_EQ(load_error(), Error::key_file_unreadable) << text.size();
    }
    fs::remove(path_);
    fs::create_directory(path_);
    EXPECT_EQ(load_error(), Error::key_file_unreadable);
    fs::remove(path_);
    ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    EXPECT_EQ(load_error(), Error::key_file_unreadable);
    fs::remove(path_);
    const fs::path target = folder_ / "target";
    ASSERT_TRUE(MasterKey::create(target));
    fs::create_symlink(target, path_);
    EXPECT_EQ(load_error(), Error::key_file_unreadable);
}

TEST(SealingKey, HasThirtyTwoBytes) {
    EXPECT_EQ(SealingKey::make(Secret("short")).error(), Error::key_invalid);
    EXPECT_TRUE(SealingKey::make(random_secret(32)));
}

TEST(SealingKey, HidesEqualTextsAndTellsKeysApart) {
    const auto key = *SealingKey::make(Secret(std::string(32, '\x01')));
    const auto other = *SealingKey::make(Secret(std::string(32, '\x02')));
    const std::string sealed = key.seal("c", "text");
    EXPECT_NE(sealed, key.seal("c", "text"));
    EXPECT_EQ(sealed.size(), 4 + seal_overhead_bytes);
    EXPECT_EQ(sealed[0], 1);
    ASSERT_NE(key.id(), other.id());
    EXPECT_EQ(other.open("c", sealed).error(), Error::key_invalid);
}

TEST(SubjectKey, OpensOnlyForItsSubjectAndUnderItsMasterKey) {
    const MasterKey master{SealingKey::generate()};
    const SubjectKey key = SubjectKey::generate();
    const std::string wrapped = master.wrap("user/1", key);
    const auto again = master.unwrap("user/1", wrapped);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->open("phone", key.seal("phone", "13800000000"))->expose(), "13800000000");
    EXPECT_FALSE(master.unwrap("user/2", wrapped));
    EXPECT_FALSE(MasterKey{SealingKey::generate()}.unwrap("user/1", wrapped));
    EXPECT_FALSE(master.open("user/1", wrapped));  // A wrapped key is no ordinary text.
    EXPECT_FALSE(master.unwrap("user/1", master.seal("user/1", std::string(32, 'k'))));
}

RC_GTEST_PROP(SealingKey, OpensWhatItSealedAndNothingElse,
              (const std::string& context, const std::string& plain)) {
    const SealingKey key = SealingKey::generate();
    const std::string sealed = key.seal(context, plain);
    RC_ASSERT((key.open(context, sealed)->expose() == plain));
    RC_ASSERT(!key.open(context + "x", sealed));
    RC_ASSERT(!key.open(context, sealed.substr(0, sealed.size() - 1)));
    const auto bit = *rc::gen::inRange<std::size_t>(0, sealed.size() * 8);
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    RC_ASSERT(!key.open(context, changed));
}

}  // namespace
}  // namespace huitong::crypto
