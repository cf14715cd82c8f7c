#include "wire/wechatpay/identifiers.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>

namespace huitong::wire::wechatpay {
namespace {

constexpr PrepayId sample{OrderId{5'821'903'741'952}, Instant{1'528'425'296'000}};

TEST(PrepayIdText, Has36CharactersAndACheckDigit) {
    // The check digit comes from a second program.
    const std::string text = to_text(sample);
    EXPECT_EQ(text, "wx2018060810345600000058219037419520");
    EXPECT_EQ(text.size(), 36U);
    EXPECT_EQ(parse_prepay_id(text), sample);
}

TEST(PrepayIdText, RefusesWhatItCannotHavePrinted) {
    const std::string good = to_text(sample);
    for (const std::string& bad : {
             std::string(),
             good.substr(0, 35),
             good + "0",
             "WX" + good.substr(2),
             "wx201410272009395522657a690389285100" + std::string(),  // the contract's old sample
             good.substr(0, 35) + "x",
             "wx" + std::string(34, '0'),                // month 0, order 0
             "wx20180608103456" + std::string(20, '0'),  // order 0
             "wx20181308103456" + good.substr(16),       // month 13
             "wx-0180608103456" + good.substr(16),
         })
        EXPECT_EQ(parse_prepay_id(bad), refuse(Error::field_format)) << bad;
}

RC_GTEST_PROP(PrepayIdText, ReadsBackAndDetectsEveryWrongDigit, ()) {
    const PrepayId id{
        OrderId{*rc::gen::inRange<std::uint64_t>(1, std::numeric_limits<std::int64_t>::max())},
        Instant{*rc::gen::inRange<std::int64_t>(0, 250'000'000'000) * 1000}};
    std::string text = to_text(id);
    RC_ASSERT((parse_prepay_id(text) == id));
    const auto at = *rc::gen::inRange<std::size_t>(2, 36);
    const auto shift = *rc::gen::inRange(1, 10);
    text[at] = static_cast<char>('0' + (text[at] - '0' + shift) % 10);
    RC_ASSERT((parse_prepay_id(text) == refuse(Error::field_format)));
}

TEST(TransactionIdText, Has28DigitsAndItsPrefix) {
    EXPECT_EQ(transaction_id(PaymentId{42}), "4200000000000000000000000042");
    EXPECT_EQ(parse_transaction_id("4200000000000000000000000042"), PaymentId{42});
    EXPECT_EQ(refund_id(RefundId{7}), "5000000000000000000000000007");
    EXPECT_EQ(parse_refund_id("5000000000000000000000000007"), RefundId{7});
    EXPECT_EQ(parse_transaction_id("5000000000000000000000000007"), refuse(Error::field_format));
    EXPECT_EQ(parse_refund_id("4200000000000000000000000042"), refuse(Error::field_format));
    EXPECT_EQ(parse_transaction_id(""), refuse(Error::field_format));
}

TEST(CodeUrl, ReadsBothSpellings) {
    EXPECT_EQ(code_url("JyC91EIz1"), "weixin://wxpay/bizpayurl?pr=JyC91EIz1");
    EXPECT_EQ(parse_code_url("weixin://wxpay/bizpayurl?pr=JyC91EIz1"), "JyC91EIz1");
    EXPECT_EQ(parse_code_url("weixin://pay.weixin.qq.com/bizpayurl/up?pr=JyC91EIz1&groupid=00"),
              "JyC91EIz1");
    EXPECT_EQ(parse_code_url("weixin://pay.weixin.qq.com/bizpayurl/up?pr=JyC91EIz1"), "JyC91EIz1");
    for (const char* bad :
         {"", "JyC91EIz1", "weixin://wxpay/bizpayurl", "weixin://wxpay/bizpayurl?pr=",
          "weixin://wxpay/bizpayurl?pr=short1", "weixin://wxpay/bizpayurl?pr=JyC91EIz1&x=1",
          "weixin://wxpay/bizpayurl?pr=JyC91EIz1&groupid=00",
          "weixin://wxpay/bizpayurl?pr=JyC_1EIz", "weixin://wxpay/bizpayurl?pr=JyC91EIz1 ",
          "WEIXIN://wxpay/bizpayurl?pr=JyC91EIz1", "https://wxpay/bizpayurl?pr=JyC91EIz1",
          "weixin://wxpay/bizpayurl?pr=123456789012345678901234567890123",
          "weixin://pay.weixin.qq.com/bizpayurl/up?pr=JyC91EIz1&groupid=",
          "weixin://pay.weixin.qq.com/bizpayurl/up?pr=JyC91EIz1&groupid=0x",
          "weixin://pay.weixin.qq.com/bizpayurl/up?pr=JyC91EIz1&groupid=123456789"})
        EXPECT_EQ(parse_code_url(bad), refuse(Error::field_format)) << bad;
}

TEST(H5Url, CarriesTheOrderAndTheWayBack) {
    H5Link link{.prepay = sample, .package = "2150917749"};
    const std::string url = h5_url("https://wx.tenpay.com", link);
    EXPECT_EQ(url, "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=" +
                       to_text(sample) + "&package=2150917749");
    EXPECT_EQ(parse_h5_url(url), link);
    link.redirect_url = "https://shop.example.com/done?order=1&x=汉";
    EXPECT_EQ(parse_h5_url(h5_url("", link)), refuse(Error::field_format));  // not ASCII
    link.redirect_url = "https://shop.example.com/done?order=1&x=%E6";
    EXPECT_EQ(parse_h5_url(h5_url("", link)), link);
}

TEST(H5Url, RefusesWhatItCannotHavePrinted) {
    const std::string path(h5_path);
    const std::string id = "prepay_id=" + to_text(sample);
    for (const std::string& bad : {
             std::string(),
             path,
             path + "?" + id,
             path + "?package=1",
             path + "?" + id + "&package=",
             path + "?" + id + "&package=a.b",
             path + "?" + id + "&package=" + std::string(65, '1'),
             path + "?" + id + "&" + id + "&package=1",
             path + "?" + id + "&package=1&package=2",
             path + "?" + id + "&package=1&x=1",
             path + "?" + id + "&package=1&redirect_url=javascript:alert(1)",
             path + "?" + id + "&package=1&redirect_url=%6",
             path + "?" + id + "&package=1&redirect_url=http://a&redirect_url=http://b",
             path + "?" + id + "&package=1&redirect_url=//evil",
             path + "?prepay_id=wx1&package=1",
             path + "/?" + id + "&package=1",
             "/other?" + id + "&package=1",
             "ftp://a" + path + "?" + id + "&package=1",
             "https://a" + std::string("?") + id + "&package=1",
         })
        EXPECT_EQ(parse_h5_url(bad), refuse(Error::field_format)) << bad;
}

}  // namespace
}  // namespace huitong::wire::wechatpay
