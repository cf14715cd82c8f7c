#include "wire/paycode/url_code.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::wire::paycode {
namespace {

TEST(UnionPayUrl, NamesInstitutionAndOrder) {
    EXPECT_EQ(parse_unionpay_url("https://qr.95516.com/00010000/01110000000000000000000000000001"),
              (UnionPayUrl{"00010000", "01110000000000000000000000000001"}));
    EXPECT_EQ(parse_unionpay_url("HTTPS://QR.95516.COM/00010002/pay/x?y=1"),
              (UnionPayUrl{"00010002", "pay/x?y=1"}));
    for (const char* bad :
         {"", "https://qr.95516.com/", "https://qr.95516.com/00010000",
          "https://qr.95516.com/00010000/", "https://qr.95516.com/0001000/1",
          "https://qr.95516.com/000100000/1", "https://qr.95516.com/0001000x/1",
          "https://qr.95516.com/00010000/011100000000000000000000000000012",
          "https://qr.95516.com.evil.example/00010000/1", "https://qr.alipay.com/00010000/1"})
        EXPECT_EQ(parse_unionpay_url(bad), refuse(Error::field_format)) << bad;
}

TEST(OwnUrl, HasACheckDigit) {
    // The check digit comes from a second program.
    crypto::Block128 code{};
    for (std::size_t i = 0; i < code.size(); ++i) code[i] = static_cast<std::uint8_t>(i * 17);
    const std::string url = own_url("pay.example.com", code);
    EXPECT_EQ(url, "https://pay.example.com/q/007pSo2b9TNg1cedavCe7zs");
    EXPECT_EQ(parse_own_url("pay.example.com", url), code);
    EXPECT_EQ(parse_own_url("pay.example.org", url), refuse(Error::field_format));
    EXPECT_EQ(parse_own_url("pay.example.com", url + "0"), refuse(Error::field_format));
    EXPECT_EQ(parse_own_url("pay.example.com", url.substr(0, url.size() - 1)),
              refuse(Error::field_format));
    EXPECT_EQ(parse_own_url("pay.example.com", ""), refuse(Error::field_format));
}

RC_GTEST_PROP(OwnUrl, IsReadBackAndDetectsEveryWrongDigit, ()) {
    constexpr std::string_view digits =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const auto code = *rc::gen::arbitrary<crypto::Block128>();
    std::string url = own_url("h", code);
    RC_ASSERT((parse_own_url("h", url) == code));
    const auto at = url.size() - 1 - *rc::gen::inRange<std::size_t>(0, 23);
    const auto shift = *rc::gen::inRange<std::size_t>(1, digits.size());
    url[at] = digits[(digits.find(url[at]) + shift) % digits.size()];
    RC_ASSERT((parse_own_url("h", url) == refuse(Error::field_format)));
}

}  // namespace
}  // namespace huitong::wire::paycode
