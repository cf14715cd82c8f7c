#include "crypto/code_token.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

CodeTokens tokens_for(std::string_view purpose) {
    std::string key;
    for (char c = 0; c < 16; ++c) key += c;
    return *CodeTokens::make(Secret(key), purpose);
}

// The block by `openssl enc -aes-128-ecb`, its digits by a program of another language.
TEST(CodeTokens, AgreeWithASecondTool) {
    const CodeTokens tokens = tokens_for("code_url");
    EXPECT_EQ(tokens.token_of(0x0123456789abcdef), "0d9rudWaxUb3ZpFnEuJrce");
    EXPECT_EQ(tokens.token_of(0), "7FalVXynXZJ1Y5EP7bqJXK");
    EXPECT_EQ(tokens.open("0d9rudWaxUb3ZpFnEuJrce"), 0x0123456789abcdefU);
}

TEST(CodeTokens, NeedASixteenByteKey) {
    for (const std::size_t size : {0U, 15U, 17U, 32U})
        EXPECT_FALSE(CodeTokens::make(random_secret(size), "x")) << size;
    EXPECT_EQ(CodeTokens::make(Secret("short"), "x").error(), Error::key_invalid);
}

TEST(CodeTokens, RefuseWhatTheyDidNotMake) {
    const CodeTokens tokens = tokens_for("code_url");
    const std::string token = tokens.token_of(7);
    EXPECT_EQ(tokens_for("openid").open(token), refuse(Error::decryption_failed));
    EXPECT_EQ(CodeTokens::make(random_secret(16), "code_url")->open(token),
              refuse(Error::decryption_failed));
    EXPECT_EQ(tokens.open(token + "0"), refuse(Error::field_format));
    EXPECT_EQ(tokens.open(""), refuse(Error::field_format));
    EXPECT_EQ(tokens.open("zzzzzzzzzzzzzzzzzzzzzz"), refuse(Error::field_format));
}

RC_GTEST_PROP(CodeTokens, OpenToTheIdAndNoChangedTokenOpens, (std::uint64_t id)) {
    const CodeTokens tokens = tokens_for("code_url");
    const std::string token = tokens.token_of(id);
    RC_ASSERT((tokens.open(token) == id));
    auto changed = *from_base62(token);
    const auto bit = *rc::gen::inRange<std::size_t>(0, 128);
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1 << bit % 8));
    RC_ASSERT((tokens.open(to_base62(changed)) == refuse(Error::decryption_failed)));
}

}  // namespace
}  // namespace huitong::crypto
