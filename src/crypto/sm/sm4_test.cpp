#include "crypto/sm/sm4.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

const std::string zero_iv(16, '\0');

TEST(Sm4, RefusesKeysOfOtherSizes) {
    for (const std::size_t size : {0U, 15U, 17U, 32U}) {
        const Secret key = Secret::of_size(size);
        EXPECT_EQ(sm4_ecb_encrypt(key, Sm4Padding::none, zero_iv), refuse(Error::key_invalid));
        EXPECT_EQ(sm4_ecb_decrypt(key, Sm4Padding::none, zero_iv).error(), Error::key_invalid);
        EXPECT_EQ(sm4_cbc_encrypt(key, {.iv = zero_iv}, "text"), refuse(Error::key_invalid));
        EXPECT_EQ(sm4_cbc_decrypt(key, {.iv = zero_iv}, zero_iv).error(), Error::key_invalid);
        EXPECT_EQ(sm4_ctr(key, zero_iv, "text").error(), Error::key_invalid);
        EXPECT_EQ(sm4_cmac(key, "text"), refuse(Error::key_invalid));
    }
}

TEST(Sm4, RefusesLengthsThatCannotBe) {
    const Secret key = random_secret(sm4_key_bytes);
    for (const std::size_t size : {0U, 15U, 17U}) {
        const std::string iv(size, 'i');
        EXPECT_EQ(sm4_cbc_encrypt(key, {.iv = iv}, "text"), refuse(Error::field_range));
        EXPECT_EQ(sm4_cbc_decrypt(key, {.iv = iv}, zero_iv).error(), Error::decryption_failed);
        EXPECT_EQ(sm4_ctr(key, iv, "text").error(), Error::field_range);
    }
    for (const std::size_t size : {1U, 15U, 17U, 31U}) {
        const std::string text(size, 't');
        const Sm4Chain bare{.iv = zero_iv, .padding = Sm4Padding::none};
        EXPECT_EQ(sm4_ecb_encrypt(key, Sm4Padding::none, text), refuse(Error::field_range));
        EXPECT_EQ(sm4_cbc_encrypt(key, bare, text), refuse(Error::field_range));
        for (const auto padding : {Sm4Padding::none, Sm4Padding::pkcs7}) {
            EXPECT_EQ(sm4_ecb_decrypt(key, padding, text).error(), Error::decryption_failed);
            EXPECT_EQ(sm4_cbc_decrypt(key, {.iv = zero_iv, .padding = padding}, text).error(),
                      Error::decryption_failed);
        }
    }
    EXPECT_EQ(sm4_ecb_encrypt(key, Sm4Padding::none, ""), "");
    EXPECT_EQ(sm4_ecb_decrypt(key, Sm4Padding::none, "")->expose(), "");
}

RC_GTEST_PROP(Sm4, GivesBackWhatItTook, (const std::string& text)) {
    const Secret key = random_secret(sm4_key_bytes);
    const std::string iv = random_bytes(sm4_block_bytes);
    const auto chained = sm4_cbc_encrypt(key, {.iv = iv}, text);
    const auto blocks = sm4_ecb_encrypt(key, Sm4Padding::pkcs7, text);
    const auto stream = sm4_ctr(key, iv, text);
    RC_ASSERT((chained && blocks && stream));
    RC_ASSERT((chained->size() == (text.size() / 16 + 1) * 16));
    RC_ASSERT((sm4_cbc_decrypt(key, {.iv = iv}, *chained)->expose() == text));
    RC_ASSERT((sm4_ecb_decrypt(key, Sm4Padding::pkcs7, *blocks)->expose() == text));
    RC_ASSERT((sm4_ctr(key, iv, stream->expose())->expose() == text));
}

}  // namespace
}  // namespace huitong::crypto
