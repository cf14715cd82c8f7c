#include "wire/paycode/recognise.hpp"

#include <gtest/gtest.h>
#include <string>

namespace huitong::wire::paycode {
namespace {

std::string kind_of(std::string_view text) {
    return std::string(to_text(recognise(text)));
}

std::string digits(std::string_view start, std::size_t size) {
    return std::string(start) + std::string(size - start.size(), '7');
}

TEST(Recognise, TellsEmvCodesByTheirStart) {
    EXPECT_EQ(kind_of("000201"), "emv-merchant-presented");
    EXPECT_EQ(kind_of("000299"), "emv-merchant-presented");  // Which version, the decoder judges.
    EXPECT_EQ(kind_of("0002x1"), "unknown");
    EXPECT_EQ(kind_of("00020"), "unknown");
    EXPECT_EQ(kind_of("hQVDUFYwMWE="), "emv-consumer-presented");
    EXPECT_EQ(kind_of("hQVDUFYwMQ=="), "emv-consumer-presented");
    EXPECT_EQ(kind_of("hQVDUFYwMWE!"), "unknown");
    EXPECT_EQ(kind_of("hQVDUFYwMW=E"), "unknown");
    EXPECT_EQ(kind_of("hQVDUFYwLg=="), "unknown");
    EXPECT_EQ(kind_of("750210"), "tr-karekod");
    EXPECT_EQ(kind_of("7502"), "unknown");
}

TEST(Recognise, TellsPaymentCodesByLengthAndFirstDigits) {
    for (const char* start : {"10", "12", "15"})
        EXPECT_EQ(kind_of(digits(start, 18)), "wechat-payment-code") << start;
    for (const std::size_t size : {16U, 18U, 19U, 24U})
        for (const char* start : {"25", "28", "30"})
            EXPECT_EQ(kind_of(digits(start, size)), "alipay-payment-code") << start << size;
    EXPECT_EQ(kind_of(digits("62", 19)), "unionpay-payment-code");
    EXPECT_EQ(kind_of(digits("51", 18)), "bestpay-payment-code");
    EXPECT_EQ(kind_of(digits("81", 18)), "china-mobile-payment-code");
    EXPECT_EQ(kind_of(digits("01", 19)), "ecny-payment-code");
    for (const auto& text :
         {digits("16", 18), digits("09", 18), digits("10", 17), digits("15", 19), digits("24", 18),
          digits("31", 18), digits("25", 15), digits("30", 25), digits("62", 18), digits("62", 20),
          digits("51", 19), digits("81", 19), digits("01", 18), digits("10", 17) + "x",
          " " + digits("10", 18), digits("10", 18) + "\n"})
        EXPECT_EQ(kind_of(text), "unknown") << text;
}

TEST(Recognise, MatchesHostsWhole) {
    EXPECT_EQ(kind_of("https://qr.95516.com/00010000/1"), "unionpay-url");
    EXPECT_EQ(kind_of("HTTPS://QR.95516.COM/00010000/1"), "unionpay-url");
    EXPECT_EQ(kind_of("https://qr.alipay.com/bax0"), "alipay-url");
    EXPECT_EQ(kind_of("weixin://wxpay/bizpayurl?pr=JyC91EIz1"), "wechat-url");
    EXPECT_EQ(kind_of("wxp://f2f0abc"), "wechat-url");
    EXPECT_EQ(kind_of("https://payapp.weixin.qq.com/x"), "wechat-url");
    EXPECT_EQ(kind_of("https://wx.tenpay.com/x"), "wechat-url");
    for (const char* other : {"http://qr.95516.com/1",
                              "https://qr.95516.com.evil.example/1",
                              "https://qr.95516.com:443/1",
                              "https://user@qr.95516.com/1",
                              "https://qr.95516.com@evil.example/1",
                              "https://evil.example/https://qr.95516.com/1",
                              "https://qr.95516.com",
                              "https://qr.95516.com?x",
                              "https://qr.95516.com\\@evil.example/1",
                              "https://qr.95516.comx/1",
                              "https://xqr.95516.com/1",
                              " https://qr.95516.com/1",
                              "https://qr.95516.com/a b",
                              "https://qr.95516.com/汉",
                              "https://qr.95516.com./1",
                              "//qr.95516.com/1",
                              "wxp:/f2f",
                              "weixin://wxpay.evil/x",
                              "weixin:wxpay/x",
                              ""})
        EXPECT_EQ(kind_of(other), "unknown") << other;
    const std::string prefix = "https://qr.alipay.com/";
    EXPECT_EQ(kind_of(digits(prefix, 512)), "alipay-url");
    EXPECT_EQ(kind_of(digits(prefix, 513)), "unknown");
}

TEST(Recognise, KnowsConfiguredHosts) {
    const KnownHost hosts[] = {
        {"pay.example.com"},
        {"test.example.com", CodeKind::unionpay_url},
        {"qr.alipay.com", CodeKind::own_url}
    };
    EXPECT_EQ(recognise("https://pay.example.com/q/1", hosts), CodeKind::own_url);
    EXPECT_EQ(recognise("https://PAY.example.com/q/1", hosts), CodeKind::own_url);
    EXPECT_EQ(recognise("https://test.example.com/1/2", hosts), CodeKind::unionpay_url);
    EXPECT_EQ(recognise("http://pay.example.com/q/1", hosts), CodeKind::unknown);
    EXPECT_EQ(recognise("https://pay.example.com.evil/q/1", hosts), CodeKind::unknown);
    // The first match wins, and the standard's rows come first.
    EXPECT_EQ(recognise("https://qr.alipay.com/1", hosts), CodeKind::alipay_url);
}

TEST(Recognise, SaysWhichAreOfPayersAndGoodOnce) {
    EXPECT_TRUE(is_payment_code(CodeKind::unionpay_payment_code));
    EXPECT_TRUE(is_payment_code(CodeKind::ecny_payment_code));
    EXPECT_FALSE(is_payment_code(CodeKind::unionpay_url));
    EXPECT_FALSE(is_payment_code(CodeKind::merchant_presented));
    EXPECT_FALSE(is_payment_code(CodeKind::unknown));
}

}  // namespace
}  // namespace huitong::wire::paycode
