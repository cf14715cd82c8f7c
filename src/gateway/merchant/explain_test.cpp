#include "gateway/merchant/explain.hpp"

#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "gateway/merchant/signing_mistakes.hpp"
#include "gateway/merchant/test_kit.hpp"

namespace huitong::gateway::merchant {
namespace {

struct Fixture {
    crypto::MasterKey master{crypto::SealingKey::generate()};
    engine::Directory directory = test_directory(master);
};

Fixture& fixture() {
    static Fixture made;
    return made;
}

const RequestParts sent{.method = "POST",
                        .target = "/v3/pay/transactions/native?a=%20b",
                        .authorization = {},
                        .body = "{\"a\": \"x/y\", \"b\": [1, 2]}\n"};

wire::wechatpay::Authorization said(std::int64_t skew_s = 0) {
    return {.mchid = std::string(by_public_key),
            .nonce = "n0nce",
            .timestamp = test_start.unix_seconds() + skew_s,
            .serial = serial_of(by_public_key)};
}

std::string right_text(const wire::wechatpay::Authorization& a) {
    return wire::wechatpay::string_to_sign({.method = sent.method,
                                            .target = sent.target,
                                            .timestamp = a.timestamp,
                                            .nonce = a.nonce,
                                            .body = sent.body});
}

Explanation explain(wire::wechatpay::Authorization a, const std::string& signed_text,
                    const crypto::PrivateKey& key = TestKeys::shared().merchant) {
    a.signature = key.sign(signed_text);
    RequestParts request = sent;
    request.authorization = wire::wechatpay::to_header(a);
    return explain_signature(request, fixture().directory, test_start);
}

TEST(ExplainSignature, FindsNothingWrongWithARightOne) {
    const Explanation e = explain(said(), right_text(said()));
    EXPECT_EQ(e.outcome, std::nullopt);
    EXPECT_TRUE(e.findings.empty());
    EXPECT_EQ(e.mchid, by_public_key);
    EXPECT_EQ(e.serial, serial_of(by_public_key));
    EXPECT_EQ(e.clock_difference_s, 0);
    EXPECT_EQ(e.string_to_sign, right_text(said()));
    EXPECT_EQ(e.body_sha256.size(), 64U);
}

TEST(ExplainSignature, NamesEachUsualMistake) {
    const auto mistakes = signing_mistakes(sent, said());
    EXPECT_GE(mistakes.size(), 15U);
    for (const SigningMistake& mistake : mistakes) {
        SCOPED_TRACE(mistake.what);
        const Explanation e = explain(said(), mistake.signed_text);
        EXPECT_EQ(e.outcome, Error::signature_mismatch);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_EQ(e.findings[0], mistake.what);
    }
}

TEST(ExplainSignature, FindsTheMistakesWithoutHelpFromItsOwnList) {
    struct Case {
        std::string_view signed_body;
        std::string_view word;
    };
    const Case cases[] = {
        {R"({"a":"x/y","b":[1,2]})",                      "without the spaces"  },
        {"{\"a\": \"x/y\", \"b\": [1, 2]}",               "line feed at its end"},
        {"{\"a\": \"x\\/y\", \"b\": [1, 2]}\n",           "written as"          },
        {"",                                              "left out"            },
        {"\xEF\xBB\xBF{\"a\": \"x/y\", \"b\": [1, 2]}\n", "byte order mark"     },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.signed_body);
        const std::string text = wire::wechatpay::string_to_sign({.method = sent.method,
                                                                  .target = sent.target,
                                                                  .timestamp = said().timestamp,
                                                                  .nonce = said().nonce,
                                                                  .body = c.signed_body});
        const Explanation e = explain(said(), text);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_TRUE(e.findings[0].contains(c.word)) << e.findings[0];
    }
}

TEST(ExplainSignature, RecognisesABodyThatWasWrittenAnew) {
    struct Case {
        std::string_view sent_body;
        std::string_view signed_body;
        std::string_view word;
    };
    constexpr std::string_view nested = R"({"b":[1,{}],"a":"x{,:\"}"})";
    const Case cases[] = {
        {R"({"a":"汉<é"})",          R"({"a":"\u6c49<\u00e9"})",                                       "written as \\u escapes"},
        {R"({"a":"汉","b":1})",      R"({"a": "\u6c49", "b": 1})",                                     "written as \\u escapes"},
        {R"({"a":"<b>&"})",          R"({"a":"\u003cb\u003e\u0026"})",                                 "written as \\u escapes"},
        {R"({"a":"\u6c49\\u6c49"})", R"({"a":"汉\\u6c49"})",                                           "sent with \\u escapes" },
        {R"({"a":"\u003c"})",        R"({"a":"<"})",                                                   "sent with \\u escapes" },
        {"\xEF\xBB\xBF{}",           "{}",                                                             "send none"             },
        {"",                         "{}",                                                             "sign nothing"          },
        {nested,                     "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": \"x{,:\\\"}\"\n}", "written anew"          },
        {nested,                     R"({"a":"x{,:\"}","b":[1,{}]})",                                  "written anew"          },
        {nested,                     R"({"a": "x{,:\"}", "b": [1, {}]})",                              "written anew"          },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.sent_body);
        RequestParts request{.method = "POST",
                             .target = sent.target,
                             .authorization = {},
                             .body = std::string(c.sent_body)};
        auto a = said();
        a.signature = TestKeys::shared().merchant.sign(
            wire::wechatpay::string_to_sign({.method = request.method,
                                             .target = request.target,
                                             .timestamp = a.timestamp,
                                             .nonce = a.nonce,
                                             .body = c.signed_body}));
        request.authorization = wire::wechatpay::to_header(a);
        const Explanation e = explain_signature(request, fixture().directory, test_start);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_TRUE(e.findings[0].contains(c.word)) << e.findings[0];
    }
}

TEST(ExplainSignature, RecognisesAnotherKeyOfTheMerchant) {
    const Explanation e = explain(said(), right_text(said()), TestKeys::shared().merchant_other);
    EXPECT_EQ(e.outcome, Error::signature_mismatch);
    ASSERT_EQ(e.findings.size(), 1U);
    EXPECT_TRUE(e.findings[0].contains(serial_of(by_public_key, "0D"))) << e.findings[0];
}

TEST(ExplainSignature, TellsAnUnknownTextFromAnUnknownKey) {
    const Explanation text = explain(said(), "something else");
    EXPECT_EQ(text.outcome, Error::signature_mismatch);
    ASSERT_EQ(text.findings.size(), 1U);
    EXPECT_TRUE(text.findings[0].contains("over another text")) << text.findings[0];
    EXPECT_TRUE(text.findings[0].contains(serial_of(by_public_key))) << text.findings[0];
    const std::string digest = crypto::to_hex(crypto::as_text(crypto::sha256("something else")));
    EXPECT_TRUE(text.findings[0].contains(digest)) << text.findings[0];

    const Explanation key = explain(said(), right_text(said()), TestKeys::shared().platform);
    EXPECT_EQ(key.outcome, Error::signature_mismatch);
    ASSERT_EQ(key.findings.size(), 1U);
    EXPECT_TRUE(key.findings[0].contains("no private key")) << key.findings[0];
}

// What else SM2 signatures are made of, and the scheme of the other family.
TEST(ExplainSignature, KnowsTheMistakesOfSm2) {
    const crypto::Sm2PrivateKey& key = *TestKeys::shared().merchant_sm2.sm2();
    auto a = said();
    a.mchid = by_sm2;
    a.serial = serial_of(by_sm2);
    a.algorithm = crypto::KeyAlgorithm::sm2;
    const auto why = [&a](std::string signature) {
        a.signature = std::move(signature);
        RequestParts request = sent;
        request.authorization = wire::wechatpay::to_header(a);
        return explain_signature(request, fixture().directory, test_start);
    };
    const std::string text = right_text(a);
    const auto nobody = crypto::Sm2UserId::make("").value();
    using enum crypto::Sm2SignatureForm;
    struct Case {
        std::string signature;
        std::string_view word;
    };
    const Case cases[] = {
        {key.sign(text, {.form = raw}), "side by side"},
        {key.sign(text, {.user_id = nobody}), "user id was"},
        {key.sign(text, {.user_id = nobody, .form = raw}), "stand side"},
        {key.sign(text, {.prehash = crypto::Sm2Prehash::sm3_bytes}), "digested twice"},
        {key.sign(text, {.with_z = false}), "lacks Z"},
        {key.sign(text.substr(0, text.size() - 1)), "line feed"},
        {key.sign("another"), "another key"},
        {crypto::Sm2PrivateKey::generate().sign(text), "another key"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.word);
        const Explanation e = why(c.signature);
        EXPECT_EQ(e.outcome, Error::signature_mismatch);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_TRUE(e.findings[0].contains(c.word)) << e.findings[0];
    }
    EXPECT_EQ(why(key.sign(text)).outcome, std::nullopt);
    a.algorithm = crypto::KeyAlgorithm::rsa;
    const Explanation mixed = why(key.sign(text));
    EXPECT_EQ(mixed.outcome, Error::signature_mismatch);
    EXPECT_TRUE(mixed.findings.at(0).contains("takes WECHATPAY2-SM2-WITH-SM3"))
        << mixed.findings[0];
}

TEST(ExplainSignature, TellsASignatureThatIsNoneByItsLength) {
    const std::string whole = TestKeys::shared().merchant.sign(right_text(said()));
    struct Case {
        std::string header_value;
        std::string_view word;
    };
    const Case cases[] = {
        {crypto::to_hex(whole), "hexadecimal"},
        {crypto::to_base64(whole.substr(0, 128)), "128 bytes"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.word);
        auto a = said();
        a.signature = crypto::from_base64(c.header_value).value();
        RequestParts request = sent;
        request.authorization = wire::wechatpay::to_header(a);
        const Explanation e = explain_signature(request, fixture().directory, test_start);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_TRUE(e.findings[0].contains(c.word)) << e.findings[0];
    }
}

TEST(ExplainSignature, TellsClockKeyAndMerchantFromEachOther) {
    const Explanation late = explain(said(-1000), right_text(said(-1000)));
    EXPECT_EQ(late.outcome, Error::timestamp_skewed);
    EXPECT_EQ(late.clock_difference_s, 1000);
    ASSERT_EQ(late.findings.size(), 1U);

    auto stranger = said();
    stranger.mchid = "1999999999";
    EXPECT_EQ(explain(stranger, "x").outcome, Error::merchant_key_missing);
    EXPECT_EQ(explain(stranger, "x").findings.at(0), "No merchant has this mchid.");

    auto revoked = said();
    revoked.serial = serial_of(by_public_key, "0B");
    EXPECT_EQ(explain(revoked, right_text(revoked)).outcome, Error::serial_unknown);
    EXPECT_TRUE(explain(revoked, right_text(revoked)).findings.at(0).contains("revoked"));

    auto foreign = said();
    foreign.serial = serial_of(by_certificate);
    EXPECT_EQ(explain(foreign, right_text(foreign)).outcome, Error::serial_unknown);
}

TEST(ExplainSignature, ReadsBrokenHeaders) {
    struct Case {
        std::string header;
        Error outcome;
        std::string_view word;
    };
    auto a = said();
    a.signature = "x";
    std::string milliseconds = wire::wechatpay::to_header(a);
    milliseconds.replace(milliseconds.find("timestamp=\"") + 11, 10, "1700000000000");
    const std::string other_scheme =
        "WECHATPAY2-ED25519" + wire::wechatpay::to_header(a).substr(25);
    const auto good = [&a](std::string_view from, std::string_view to) {
        std::string header = wire::wechatpay::to_header(a);
        return header.replace(header.find(from), from.size(), to);
    };
    const Case cases[] = {
        {"", Error::authorization_malformed, "no Auth"},
        {milliseconds, Error::authorization_malformed, "milliseconds"},
        {"WECHATPAY2-SHA256-RSA2048 mchid=\"1\",\n x=1", Error::authorization_malformed, "folded"},
        {"Basic abc", Error::authorization_malformed, "pairs"},
        {other_scheme, Error::authorization_scheme, "scheme"},
        {good("serial_no=\"" + a.serial + "\",", ""), Error::authorization_malformed,
         "lacks: serial_no."},
        {good("mchid=\"", "mchid=\"1\",mchid=\""), Error::authorization_malformed,
         "more than once"},
        {good("nonce_str=\"n0nce\"", "nonce_str=n0nce"), Error::authorization_malformed,
         "=: nonce_str."},
        {good("n0nce", "n_nce"), Error::authorization_malformed, "1 to 64"},
        {"Authorization: " + good("", ""), Error::authorization_malformed, "header's name"},
        {good(" mchid", "  mchid"), Error::authorization_malformed, "one space"},
        {good("\",", "\";"), Error::authorization_malformed, "single commas"},
        {good("WECHATPAY2-SHA256-RSA2048 ", ""), Error::authorization_malformed, "begin with"},
        {good("eA==", "-_8="), Error::authorization_malformed, "base64"},
        {good("eA==", "0a1b2"), Error::authorization_malformed, "hexadecimal"},
        {good(a.serial, platform_key_id), Error::authorization_malformed, "Wechatpay-Serial"},
        {good("timestamp=\"", "timestamp=\"-"), Error::authorization_malformed, "whole seconds"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.header);
        RequestParts request = sent;
        request.authorization = c.header;
        const Explanation e = explain_signature(request, fixture().directory, test_start);
        EXPECT_EQ(e.outcome, c.outcome);
        ASSERT_EQ(e.findings.size(), 1U);
        EXPECT_TRUE(e.findings[0].contains(c.word)) << e.findings[0];
        EXPECT_EQ(e.string_to_sign, "");
    }
}

TEST(Spacing, LeavesTextsAlone) {
    const std::string json = R"({"a , b" : "c : \" , d" ,  "e":1})";
    EXPECT_EQ(without_spaces(json), R"({"a , b":"c : \" , d","e":1})");
    EXPECT_EQ(with_spaces(json), R"({"a , b": "c : \" , d", "e": 1})");
    EXPECT_EQ(without_spaces("\"\\"), "\"\\");
}

}  // namespace
}  // namespace huitong::gateway::merchant
