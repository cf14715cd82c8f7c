#include "crypto/aead.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

const std::string zero_iv(12, '\0');

std::string flipped(std::string bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    return bytes;
}

// "The Galois/Counter Mode of Operation", appendix B, cases 1, 2, 13 and 14.
TEST(AesGcm, AgreesWithItsAuthors) {
    const struct {
        std::size_t key_bytes, plain_bytes;
        std::string_view sealed;
    } cases[] = {
        {16, 0,  "58e2fccefa7e3061367f1d57a4e7455a"                                },
        {16, 16, "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"},
        {32, 0,  "530f8afbc74536b9a963b4f1c4cb738b"                                },
        {32, 16, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    };
    for (const auto& c : cases) {
        const Secret key(std::string(c.key_bytes, '\0'));
        const std::string plain(c.plain_bytes, '\0');
        const auto sealed = aes_gcm_seal(key, {.iv = zero_iv}, plain);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(to_hex(*sealed), c.sealed);
        const auto opened = aes_gcm_open(key, {.iv = zero_iv}, *sealed);
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->expose(), plain);
    }
}

TEST(AesGcm, RefusesKeysAndLengthsThatCannotBe) {
    for (const std::size_t size : {0U, 15U, 17U, 24U, 31U, 33U}) {
        const Secret key = Secret::of_size(size);
        EXPECT_EQ(aes_gcm_seal(key, {.iv = zero_iv}, ""), refuse(Error::key_invalid));
        EXPECT_EQ(aes_gcm_open(key, {.iv = zero_iv}, std::string(16, 'x')),
                  refuse(Error::key_invalid));
    }
    const Secret key = Secret::of_size(32);
    for (const std::size_t size : {0U, 11U, 13U, 16U}) {
        const std::string iv(size, 'i');
        EXPECT_EQ(aes_gcm_seal(key, {.iv = iv}, ""), refuse(Error::field_range));
        EXPECT_EQ(aes_gcm_open(key, {.iv = iv}, std::string(16, 'x')),
                  refuse(Error::decryption_failed));
    }
    for (const std::size_t size : {0U, 1U, 15U})
        EXPECT_EQ(aes_gcm_open(key, {.iv = zero_iv}, std::string(size, 'x')),
                  refuse(Error::decryption_failed));
}

RC_GTEST_PROP(AesGcm, OpensWhatWasSealedAndNothingElse,
              (const std::string& plain, const std::string& data)) {
    const Secret key = random_secret(*rc::gen::element(16U, 32U));
    const std::string iv = random_bytes(gcm_iv_bytes);
    const GcmContext context{.iv = iv, .associated_data = data};
    const auto sealed = aes_gcm_seal(key, context, plain);
    RC_ASSERT((sealed->size() == plain.size() + gcm_tag_bytes));
    RC_ASSERT((aes_gcm_open(key, context, *sealed)->expose() == plain));

    const auto bit = *rc::gen::inRange<std::size_t>(0, sealed->size() * 8);
    RC_ASSERT(!aes_gcm_open(key, context, flipped(*sealed, bit)));
    RC_ASSERT(!aes_gcm_open(key, context, sealed->substr(1)));
    const std::string other_iv = flipped(iv, bit % (8 * gcm_iv_bytes));
    RC_ASSERT(!aes_gcm_open(key, {.iv = other_iv, .associated_data = data}, *sealed));
    const std::string other_data = data + 'x';
    RC_ASSERT(!aes_gcm_open(key, {.iv = iv, .associated_data = other_data}, *sealed));
    const Secret other_key(flipped(std::string(key.expose()), bit % (8 * key.size())));
    RC_ASSERT(!aes_gcm_open(other_key, context, *sealed));
}

}  // namespace
}  // namespace huitong::crypto
