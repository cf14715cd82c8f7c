#include "crypto/card/block_cipher.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

Secret key_of(std::string_view hex) {
    return Secret(*from_hex(hex));
}

BlockCipher cipher_of(BlockAlgorithm algorithm, std::string_view key_hex) {
    auto cipher = BlockCipher::make(algorithm, key_of(key_hex));
    EXPECT_TRUE(cipher);
    return std::move(*cipher);
}

constexpr std::string_view single_key = "0123456789ABCDEF";
constexpr std::string_view double_key = "0123456789ABCDEFFEDCBA9876543210";

// FIPS 81 table B1; GB/T 32907-2016 appendix A.1; the rest by the openssl program.
TEST(BlockCipher, AgreesWithTheStandards) {
    const struct {
        BlockAlgorithm algorithm;
        std::string_view key, plain, encrypted;
    } cases[] = {
        {BlockAlgorithm::des,        single_key, "4E6F772069732074",                 "3FA40E8A984D4815"},
        {BlockAlgorithm::des,        single_key, "0000000000000000",                 "D5D44FF720683D0D"},
        {BlockAlgorithm::triple_des, double_key, "0000000000000000",                 "08D7B4FB629D0885"},
        {BlockAlgorithm::sm4,        double_key, "0123456789ABCDEFFEDCBA9876543210",
         "681EDF34D206965E86B3E94F536E4246"                                                            },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.encrypted);
        BlockCipher cipher = cipher_of(c.algorithm, c.key);
        std::string block = *from_hex(c.plain);
        cipher.encrypt(block);
        EXPECT_EQ(to_hex_upper(block), c.encrypted);
        cipher.decrypt(block);
        EXPECT_EQ(to_hex_upper(block), c.plain);
    }
}

TEST(BlockCipher, RefusesKeysOfAnotherLength) {
    for (const std::size_t length : {0, 7, 15, 17, 24}) {
        const Secret key = Secret::of_size(length);
        for (const auto algorithm :
             {BlockAlgorithm::des, BlockAlgorithm::triple_des, BlockAlgorithm::sm4})
            EXPECT_EQ(BlockCipher::make(algorithm, key).error(), Error::key_invalid) << length;
    }
    EXPECT_FALSE(BlockCipher::make(BlockAlgorithm::des, Secret::of_size(16)));
    EXPECT_FALSE(BlockCipher::make(BlockAlgorithm::sm4, Secret::of_size(8)));
}

TEST(BlockCipher, ProvesAKeyByItsCheckValue) {
    const struct {
        BlockAlgorithm algorithm;
        std::string_view key, check_value;
    } cases[] = {
        {BlockAlgorithm::des,        single_key, "D5D44FF7"},
        {BlockAlgorithm::triple_des, double_key, "08D7B4FB"},
        {BlockAlgorithm::sm4,        double_key, "2677F46B"},
    };
    for (const auto& c : cases) {
        BlockCipher cipher = cipher_of(c.algorithm, c.key);
        const auto value = check_value(cipher);
        EXPECT_EQ(to_hex_upper({value.data(), value.size()}), c.check_value);
    }
}

RC_GTEST_PROP(BlockCipher, UnwrapsTheKeysItWrapped, ()) {
    const auto algorithm =
        *rc::gen::element(BlockAlgorithm::des, BlockAlgorithm::triple_des, BlockAlgorithm::sm4);
    const auto bytes = [](std::size_t count) {
        return *rc::gen::container<std::string>(count, rc::gen::arbitrary<char>());
    };
    auto master = BlockCipher::make(algorithm, Secret(bytes(key_bytes(algorithm))));
    RC_ASSERT(master.has_value());
    const Secret key(bytes(block_bytes(algorithm) * *rc::gen::inRange<std::size_t>(1, 4)));
    const auto wrapped = wrap_key(*master, key);
    RC_ASSERT(wrapped.has_value());
    const auto unwrapped = unwrap_key(*master, *wrapped);
    RC_ASSERT(unwrapped.has_value());
    RC_ASSERT(*unwrapped == key);
}

TEST(BlockCipher, RefusesToUnwrapWhatIsNotWholeBlocks) {
    BlockCipher master = cipher_of(BlockAlgorithm::sm4, double_key);
    for (const std::size_t length : {0, 8, 15, 17})
        EXPECT_EQ(unwrap_key(master, std::string(length, 'x')).error(), Error::field_range);
    EXPECT_EQ(wrap_key(master, Secret::of_size(8)).error(), Error::field_range);
}

}  // namespace
}  // namespace huitong::crypto
