#include "wire/emvqr/unionpay.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::wire::emvqr {
namespace {

std::string bytes(std::string_view hex) {
    return crypto::from_hex(hex).value();
}

TEST(UnionPayAccount, HasThreeParts) {
    EXPECT_EQ(parse_unionpay_account("2031034400010344MERCHANT0000001"),
              (UnionPayAccount{"20310344", "00010344", "MERCHANT0000001"}));
    EXPECT_EQ(parse_unionpay_account("2031034400010344MERCHANT       ")->merchant_id,
              "MERCHANT       ");
    for (const char* bad :
         {"", "2031034400010344MERCHANT000000", "2031034400010344MERCHANT00000012",
          "X031034400010344MERCHANT0000001", "203103440001034xMERCHANT0000001"})
        EXPECT_EQ(parse_unionpay_account(bad), refuse(Error::field_format)) << bad;
}

TEST(UnionPayProduct, IsToldByTheAid) {
    EXPECT_EQ(unionpay_product(bytes("A000000333010101")), UnionPayProduct::debit);
    EXPECT_EQ(unionpay_product(bytes("A000000333010102")), UnionPayProduct::credit);
    EXPECT_EQ(unionpay_product(bytes("A000000333010103")), UnionPayProduct::quasi_credit);
    EXPECT_EQ(unionpay_product(bytes("A000000333010106")), UnionPayProduct::e_cash);
    EXPECT_EQ(unionpay_product(bytes("A000000333010104")), refuse(Error::field_format));
    EXPECT_EQ(unionpay_product(""), refuse(Error::field_format));
}

TEST(UnionPayToken, StandsBeforeTheSeparator) {
    EXPECT_EQ(unionpay_token(bytes("6292690000000010D3012201000000188015")), "6292690000000010");
    EXPECT_EQ(unionpay_token(bytes("123D45FF")), "123");
    for (const char* bad : {"", "1234", "D12345", "12A4D5", "12D4D5", "12D4A5"})
        EXPECT_EQ(unionpay_token(bytes(bad)), refuse(Error::field_format)) << bad;
}

TEST(IssuerData, HasTheFormOfEmvQrSection4) {
    const std::string data = bytes("07000103A0000001083939393930303031");
    EXPECT_EQ(parse_issuer_data(data), (IssuerData{0, 1, 1, "99990001"}));
    EXPECT_EQ(parse_issuer_data(data.substr(1)), refuse(Error::field_format));
    for (const std::size_t at : {0U, 3U, 4U, 5U, 6U, 8U}) {
        std::string other = data;
        other[at] = static_cast<char>(other[at] ^ 1);
        EXPECT_EQ(parse_issuer_data(other), refuse(Error::field_format)) << at;
    }
}

}  // namespace
}  // namespace huitong::wire::emvqr
