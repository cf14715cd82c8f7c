#include "crypto/card/block_mac.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view single_key = "0123456789ABCDEF";
constexpr std::string_view double_key = "0123456789ABCDEFFEDCBA9876543210";

std::string mac_of(MacAlgorithm algorithm, std::string_view key_hex, std::string_view data,
                   MacPadding padding = MacPadding::zeros) {
    auto mac = BlockMac::make(algorithm, Secret(*from_hex(key_hex)), padding);
    EXPECT_TRUE(mac);
    return to_hex_upper(mac->of(data).full());
}

// FIPS 113 appendix A; the rest by the openssl program, block by block. More of them run in
// wire/iso8583/vectors_test.cpp.
TEST(BlockMac, AgreesWithOthers) {
    const std::string_view words = "7654321 Now is the time for ";
    const std::string_view twice = "hello world, hello world";
    EXPECT_EQ(mac_of(MacAlgorithm::x9_9, single_key, words), "F1D30F6849312CA4");
    EXPECT_EQ(mac_of(MacAlgorithm::pos_ecb_des, single_key, "hello world"), "52DBFDCCDE263C0F");
    EXPECT_EQ(mac_of(MacAlgorithm::pos_ecb_triple_des, double_key, "hello world"),
              "9201150F2D50CC5E");
    EXPECT_EQ(mac_of(MacAlgorithm::pos_ecb_sm4, double_key, twice),
              "EBDF0750025BF92E3E0BFCF6ABB36128");
    EXPECT_EQ(mac_of(MacAlgorithm::sm4_cbc, double_key, "hello world", MacPadding::one),
              "DF2826D25EDE27E6CDB17BB909F90DB7");
}

TEST(BlockMac, TakesEmptyDataAsABlockOfPadding) {
    EXPECT_EQ(mac_of(MacAlgorithm::x9_9, single_key, ""), "D5D44FF720683D0D");
    EXPECT_EQ(mac_of(MacAlgorithm::x9_9, single_key, ""),
              mac_of(MacAlgorithm::x9_9, single_key, std::string_view("\0", 1)));
}

TEST(BlockMac, PaddingOneTellsZerosFromTheirAbsence) {
    const std::string_view without = "1234567";
    const std::string_view with("1234567\0", 8);
    for (const auto algorithm : {MacAlgorithm::x9_19, MacAlgorithm::sm4_cbc}) {
        EXPECT_EQ(mac_of(algorithm, double_key, without), mac_of(algorithm, double_key, with));
        EXPECT_NE(mac_of(algorithm, double_key, without, MacPadding::one),
                  mac_of(algorithm, double_key, with, MacPadding::one));
    }
}

TEST(BlockMac, IsTheSameForTwoEqualHalvesAsForOne) {
    const std::string doubled = std::string(single_key) + std::string(single_key);
    EXPECT_EQ(mac_of(MacAlgorithm::x9_19, doubled, "hello world"),
              mac_of(MacAlgorithm::x9_9, single_key, "hello world"));
}

TEST(BlockMac, RefusesKeysOfAnotherLength) {
    const struct {
        MacAlgorithm algorithm;
        std::size_t key_bytes;
    } cases[] = {
        {MacAlgorithm::x9_9,               16},
        {MacAlgorithm::x9_19,              8 },
        {MacAlgorithm::sm4_cbc,            8 },
        {MacAlgorithm::pos_ecb_des,        16},
        {MacAlgorithm::pos_ecb_triple_des, 8 },
        {MacAlgorithm::pos_ecb_sm4,        24},
    };
    for (const auto& c : cases)
        EXPECT_EQ(BlockMac::make(c.algorithm, Secret::of_size(c.key_bytes)).error(),
                  Error::key_invalid);
}

}  // namespace
}  // namespace huitong::crypto
