#include "wire/wechatpay/authorization.hpp"

#include <gtest/gtest.h>

namespace huitong::wire::wechatpay {
namespace {

const Authorization sample{.mchid = "1900009191",
                           .nonce = "593BEC0C930BF1AFEB40B4A08C8FB242",
                           .timestamp = 1554208460,
                           .serial = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",
                           .signature = "sig"};

const std::string good = R"(WECHATPAY2-SHA256-RSA2048 mchid="1900009191",)"
                         R"(nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",timestamp="1554208460",)"
                         R"(serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",signature="c2ln")";

// The good header with one piece of its text replaced.
std::string changed(std::string_view from, std::string_view to) {
    std::string header = good;
    const std::size_t at = header.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return header.replace(at, from.size(), to);
}

TEST(Authorization, ReadsWhatItWrites) {
    EXPECT_EQ(to_header(sample), good);
    EXPECT_EQ(parse_authorization(good), sample);
}

TEST(Authorization, TakesThePairsInAnyOrderWithSpacesAfterCommas) {
    for (
        const char* header : {
            // The orders that the SDKs send (wechatpay-v3 2.1).
            R"(WECHATPAY2-SHA256-RSA2048 mchid="1900009191",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",timestamp="1554208460",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",signature="c2ln")",
            R"(WECHATPAY2-SHA256-RSA2048 mchid="1900009191", nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",   signature="c2ln", timestamp="1554208460",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C")",
            R"(WECHATPAY2-SHA256-RSA2048 signature="c2ln",timestamp="1554208460",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",mchid="1900009191")",
        })
        EXPECT_EQ(parse_authorization(header), sample) << header;
}

TEST(Authorization, TakesTheNoncesThatSdksSend) {
    for (const char* nonce : {"a", "k3j5h2g7f9", "7f1c8a9e-0b7d-4d0e-9a43-0d8c5b2f6e11",
                              "0123456789012345678901234567890123456789012345678901234567890123"}) {
        const auto parsed = parse_authorization(changed("593BEC0C930BF1AFEB40B4A08C8FB242", nonce));
        ASSERT_TRUE(parsed) << nonce;
        EXPECT_EQ(parsed->nonce, nonce);
    }
}

// wechatpay-node-v3 reads the serial out of the certificate and writes it in lower case.
TEST(Authorization, TakesTheSerialInEitherCase) {
    const auto parsed = parse_authorization(changed("1DDE55AD", "1dde55ad"));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->serial, "1dde55ad98ED71D6EDD4A4A16996DE7B47773A8C");
}

TEST(Authorization, RefusesEveryOtherForm) {
    const struct {
        const char* name;
        std::string header;
        Error want;
    } cases[] = {
        {"absent", "", Error::authorization_malformed},
        {"scheme only", "WECHATPAY2-SHA256-RSA2048", Error::authorization_malformed},
        {"scheme and space", "WECHATPAY2-SHA256-RSA2048 ", Error::authorization_malformed},
        {"another kind", "Basic dXNlcjpwYXNz", Error::authorization_malformed},
        {"leading space", " " + good, Error::authorization_malformed},
        {"two spaces", changed("RSA2048 ", "RSA2048  "), Error::authorization_malformed},
        {"trailing comma", good + ",", Error::authorization_malformed},
        {"trailing space", good + " ", Error::authorization_malformed},
        {"space before comma", changed("\",nonce", "\" ,nonce"), Error::authorization_malformed},
        {"tab after comma", changed(",nonce", ",\tnonce"), Error::authorization_malformed},
        {"no comma", changed("\",nonce", "\"nonce"), Error::authorization_malformed},
        {"a pair missing", changed(R"(,signature="c2ln")", ""), Error::authorization_malformed},
        {"a sixth pair", good + R"(,extra="1")", Error::authorization_malformed},
        {"a pair twice", changed("nonce_str", "mchid"), Error::authorization_malformed},
        {"unknown name", changed("nonce_str", "nonce"), Error::authorization_malformed},
        {"upper case name", changed("mchid", "MCHID"), Error::authorization_malformed},
        {"no quotes", changed("\"1900009191\"", "1900009191"), Error::authorization_malformed},
        {"open quote", changed("c2ln\"", "c2ln"), Error::authorization_malformed},
        {"empty mchid", changed("1900009191", ""), Error::authorization_malformed},
        {"mchid of letters", changed("1900009191", "19000x9191"), Error::authorization_malformed},
        {"long mchid", changed("1900009191", std::string(33, '1')), Error::authorization_malformed},
        {"empty nonce", changed("593BEC0C930BF1AFEB40B4A08C8FB242", ""),
         Error::authorization_malformed},
        {"long nonce", changed("593BEC0C930BF1AFEB40B4A08C8FB242", std::string(65, 'a')),
         Error::authorization_malformed},
        {"nonce alphabet", changed("593BEC0C", "593B_C0C"), Error::authorization_malformed},
        {"empty timestamp", changed("1554208460", ""), Error::authorization_malformed},
        {"negative timestamp", changed("1554208460", "-1554208460"),
         Error::authorization_malformed},
        {"fraction", changed("1554208460", "1554208460.0"), Error::authorization_malformed},
        {"leading zero", changed("1554208460", "01554208460"), Error::authorization_malformed},
        {"long timestamp", changed("1554208460", "1554208460000"), Error::authorization_malformed},
        {"empty serial", changed("1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", ""),
         Error::authorization_malformed},
        {"serial not hexadecimal", changed("1DDE55AD", "1DDE55AG"), Error::authorization_malformed},
        {"public key id", changed("1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C", "PUB_KEY_ID_1"),
         Error::authorization_malformed},
        {"empty signature", changed("c2ln", ""), Error::authorization_malformed},
        {"signature not base64", changed("c2ln", "c2l*"), Error::authorization_malformed},
        {"signature unpadded", changed("c2ln", "c2lnAA"), Error::authorization_malformed},
        {"too long", changed("c2ln", std::string(2048, 'A')), Error::authorization_malformed},
        {"unknown scheme", changed("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM4"),
         Error::authorization_scheme},
        {"scheme in lower case", changed("WECHATPAY2-SHA256-RSA2048", "wechatpay2-sha256-rsa2048"),
         Error::authorization_scheme},
        {"scheme with odd characters", changed("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2_X"),
         Error::authorization_malformed},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(parse_authorization(c.header), refuse(c.want));
    }
}

// The expected texts are those of the contract's published vectors (vectors/wechatpay-v3.json).
TEST(StringToSign, IsThatOfTheContract) {
    EXPECT_EQ(string_to_sign({.method = "GET",
                              .target = "/v3/certificates",
                              .timestamp = 1624523846,
                              .nonce = "A1B2C3D4E5F6G7"}),
              "GET\n/v3/certificates\n1624523846\nA1B2C3D4E5F6G7\n\n");
    EXPECT_EQ(string_to_sign({.method = "POST",
                              .target = "/v3/x?a=%20b",
                              .timestamp = 8,
                              .nonce = "9",
                              .body = "{\"a\": 1}\n"}),
              "POST\n/v3/x?a=%20b\n8\n9\n{\"a\": 1}\n\n");
    EXPECT_EQ(response_string_to_sign({.timestamp = 1722850421,
                                       .nonce = "d824f2e086d3c1df967785d13fcd22ef",
                                       .body = R"({"code_url":"x"})"}),
              "1722850421\nd824f2e086d3c1df967785d13fcd22ef\n{\"code_url\":\"x\"}\n");
    EXPECT_EQ(response_string_to_sign({.timestamp = 1, .nonce = "n"}), "1\nn\n\n");
}

TEST(StringToSign, OfTheCashierDiffersBetweenPageAndApp) {
    Invocation invocation{.client = CashierClient::jsapi,
                          .appid = "wx2421b1c4370ec43b",
                          .timestamp = "1554208460",
                          .nonce = "593BEC0C930BF1AFEB40B4A08C8FB242",
                          .prepay_id = "wx201410272009395522657a690389285100"};
    EXPECT_EQ(pay_string_to_sign(invocation),
              "wx2421b1c4370ec43b\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
              "prepay_id=wx201410272009395522657a690389285100\n");
    invocation.client = CashierClient::app;
    EXPECT_EQ(pay_string_to_sign(invocation),
              "wx2421b1c4370ec43b\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n"
              "wx201410272009395522657a690389285100\n");
}

}  // namespace
}  // namespace huitong::wire::wechatpay
