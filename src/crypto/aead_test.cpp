#include "crypto/aead.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "crypto/sm/sm4.hpp"

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

// RFC 8998, appendix A.1, and the lengths around libcrypto's blocks and chunks.
TEST(Sm4Gcm, AgreesWithRfc8998) {
    const Secret key(*from_hex("0123456789abcdeffedcba9876543210"));
    const std::string iv = *from_hex("00001234567800000000abcd");
    const std::string data = *from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const std::string plain = *from_hex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    const auto sealed = sm4_gcm_seal(key, {.iv = iv, .associated_data = data}, plain);
    ASSERT_TRUE(sealed);
    EXPECT_EQ(to_hex(*sealed),
              "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
              "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
              "83de3541e4c2b58177e065a9bf7b62ec");
    EXPECT_EQ(sm4_gcm_open(key, {.iv = iv, .associated_data = data}, *sealed)->expose(), plain);
}

TEST(Sm4Gcm, RefusesKeysAndLengthsThatCannotBe) {
    for (const std::size_t size : {0U, 15U, 17U, 32U}) {
        const Secret key = Secret::of_size(size);
        EXPECT_EQ(sm4_gcm_seal(key, {.iv = zero_iv}, ""), refuse(Error::key_invalid));
        EXPECT_EQ(sm4_gcm_open(key, {.iv = zero_iv}, std::string(16, 'x')),
                  refuse(Error::key_invalid));
    }
    const Secret key = Secret::of_size(sm4_gcm_key_bytes);
    for (const std::size_t size : {0U, 11U, 13U, 16U}) {
        const std::string iv(size, 'i');
        EXPECT_EQ(sm4_gcm_seal(key, {.iv = iv}, ""), refuse(Error::field_range));
        EXPECT_EQ(sm4_gcm_open(key, {.iv = iv}, std::string(16, 'x')),
                  refuse(Error::decryption_failed));
    }
    for (const std::size_t size : {0U, 1U, 15U})
        EXPECT_EQ(sm4_gcm_open(key, {.iv = zero_iv}, std::string(size, 'x')),
                  refuse(Error::decryption_failed));
}

// Ours is put together from a key stream and an authenticator: a long text must come out as the
// counter mode makes it, from the counter 2 on.
TEST(Sm4Gcm, EncryptsAsItsCounterModeDoes) {
    const Secret key = random_secret(sm4_gcm_key_bytes);
    const std::string iv = random_bytes(gcm_iv_bytes);
    const std::string counter = iv + std::string("\0\0\0\2", 4);
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 300U, 3'072U, 3'073U, 100'000U}) {
        const std::string plain = random_bytes(size);
        const auto sealed = sm4_gcm_seal(key, {.iv = iv}, plain);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(sealed->substr(0, size), sm4_ctr(key, counter, plain)->expose());
    }
}

RC_GTEST_PROP(Sm4Gcm, OpensWhatWasSealedAndNothingElse,
              (const std::string& plain, const std::string& data)) {
    const Secret key = random_secret(sm4_gcm_key_bytes);
    const std::string iv = random_bytes(gcm_iv_bytes);
    const GcmContext context{.iv = iv, .associated_data = data};
    const auto sealed = sm4_gcm_seal(key, context, plain);
    RC_ASSERT((sealed->size() == plain.size() + gcm_tag_bytes));
    RC_ASSERT((sm4_gcm_open(key, context, *sealed)->expose() == plain));
    const auto bit = *rc::gen::inRange<std::size_t>(0, sealed->size() * 8);
    RC_ASSERT(!sm4_gcm_open(key, context, flipped(*sealed, bit)));
    RC_ASSERT(!sm4_gcm_open(key, context, sealed->substr(1)));
    const std::string other_data = data + 'x';
    RC_ASSERT(!sm4_gcm_open(key, {.iv = iv, .associated_data = other_data}, *sealed));
}

}  // namespace
}  // namespace huitong::crypto
