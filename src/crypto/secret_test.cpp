#include "crypto/secret.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <ostream>
#include <set>
#include <type_traits>
#include <utility>

#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };

// A program that prints, logs, copies or compares a secret by accident does not compile.
static_assert(!Printable<Secret> && Printable<std::string>);
static_assert(!fmt::is_formattable<Secret>::value && fmt::is_formattable<std::string>::value);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST(Secret, IsWipedWhereItWasTakenFrom) {
    std::string source = "a password that is longer than a short string";
    const std::string_view old_place(source.data(), source.size());
    const Secret secret = Secret::take(std::move(source));
    EXPECT_EQ(secret.expose(), "a password that is longer than a short string");
    EXPECT_TRUE(std::ranges::all_of(old_place, [](char c) { return c == '\0'; }));
}

TEST(Secret, WipesADigestThatItWasTakenFrom) {
    std::array<std::uint8_t, 4> digest = {1, 2, 3, 4};
    const Secret secret = Secret::take(digest);
    EXPECT_EQ(secret.expose(), "\1\2\3\4");
    EXPECT_EQ(digest, (std::array<std::uint8_t, 4>{}));
}

TEST(Secret, HandsItsBufferOverWhenMoved) {
    Secret first("key");
    const char* place = first.expose().data();
    Secret second = std::move(first);
    EXPECT_EQ(second.expose().data(), place);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): what is left is the point.
    Secret third("other");
    third = std::move(second);
    EXPECT_EQ(third.expose(), "key");
    EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move): as above.
}

TEST(Secret, WipesWhatIsCutOff) {
    Secret secret("0123456789");
    const std::string_view tail = secret.expose().substr(4);
    secret.shorten(4);
    EXPECT_EQ(secret.expose(), "0123");
    EXPECT_EQ(tail, std::string_view("\0\0\0\0\0\0", 6));
}

TEST(Secret, ComparesByContent) {
    const Secret secret("key");
    EXPECT_TRUE(secret == secret.copy());
    EXPECT_FALSE(secret == Secret("kez"));
    EXPECT_FALSE(secret == Secret());
    EXPECT_TRUE(Secret() == Secret(""));
}

TEST(Random, GivesWhatWasAskedAndNeverTheSame) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string nonce = random_alnum(32);
        ASSERT_EQ(nonce.size(), 32U);
        ASSERT_TRUE(std::ranges::all_of(
            nonce, [](unsigned char c) { return c < 128 && std::isalnum(c) != 0; }));
        seen.insert(nonce);
        seen.insert(random_hex(31));
        seen.insert(random_bytes(33));
        ASSERT_EQ(random_hex(31).size(), 31U);
    }
    EXPECT_EQ(seen.size(), 3'000U);
    EXPECT_TRUE(random_bytes(0).empty());
    EXPECT_EQ(random_bytes(3'000'000).size(), 3'000'000U);
    EXPECT_FALSE(random_secret(32) == random_secret(32));
}

// 62,000 draws: each character about 1,000 times; the bound is ten standard deviations away.
TEST(Random, PrefersNoCharacter) {
    const std::string text = random_alnum(62'000);
    for (const char c : std::set<char>(text.begin(), text.end())) {
        const auto count = std::ranges::count(text, c);
        EXPECT_GT(count, 680) << c;
        EXPECT_LT(count, 1'320) << c;
    }
    EXPECT_EQ(std::set<char>(text.begin(), text.end()).size(), 62U);
    const std::string digits = random_digits(10'000);
    EXPECT_EQ(digits.size(), 10'000U);
    for (char c = '0'; c <= '9'; ++c) {
        const auto count = std::ranges::count(digits, c);
        EXPECT_GT(count, 680) << c;
        EXPECT_LT(count, 1'320) << c;
    }
}

}  // namespace
}  // namespace huitong::crypto
