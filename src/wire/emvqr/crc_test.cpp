#include "wire/emvqr/crc.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

TEST(Crc, HasTheCataloguesCheckValue) {
    EXPECT_EQ(crc16("123456789"), 0x29B1);
    EXPECT_EQ(crc16(""), 0xFFFF);
    EXPECT_EQ(crc16("6304"), 0x6007);
}

TEST(Crc, IsWrittenInFourCapitals) {
    EXPECT_EQ(crc_digits(0x0A1B), (std::array<char, 4>{'0', 'A', '1', 'B'}));
}

RC_GTEST_PROP(Crc, IsThatOfThePolynomialBitByBit, (const std::string& bytes)) {
    RC_ASSERT(crc16(bytes) == testing::slow_crc(bytes));
}

}  // namespace
}  // namespace huitong::wire::emvqr
