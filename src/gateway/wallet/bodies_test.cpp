#include "gateway/wallet/bodies.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::wallet_door {
namespace {

TEST(ParsePayment, TakesACodeInEitherShape) {
    const auto text = parse_payment(R"({"request_id":"12345678","code":"weixin://x"})");
    ASSERT_TRUE(text.has_value());
    EXPECT_EQ(std::get<std::string>(*text->code), "weixin://x");
    EXPECT_FALSE(text->payment_password.has_value());
    const auto fields = parse_payment(
        R"({"request_id":"12345678","code":{"app_id":"wx1","time_stamp":"1","nonce_str":"n",)"
        R"("package":"prepay_id=wx2","sign_type":"RSA","pay_sign":"AA=="},)"
        R"("payment_password":"135790"})");
    ASSERT_TRUE(fields.has_value());
    const Invocation want{.app_id = "wx1",
                          .time_stamp = "1",
                          .nonce_str = "n",
                          .package = "prepay_id=wx2",
                          .pay_sign = "AA=="};
    EXPECT_EQ(std::get<Invocation>(*fields->code), want);
    EXPECT_EQ(fields->payment_password->expose(), "135790");
}

TEST(ParsePayment, TakesAnAmountBesideAPayeeToken) {
    const auto fixed = parse_payment(R"({"request_id":"12345678","payee_token":"t"})");
    ASSERT_TRUE(fixed.has_value());
    EXPECT_EQ(fixed->payee_token, "t");
    EXPECT_FALSE(fixed->code.has_value() || fixed->amount.has_value());
    const auto entered = parse_payment(
        R"({"request_id":"12345678","payee_token":"t","amount":{"total":5,"currency":"CNY"}})");
    ASSERT_TRUE(entered.has_value());
    EXPECT_EQ(entered->amount, (Money{5, cny}));
}

TEST(ParsePayment, NamesTheFirstDefect) {
    struct Case {
        const char* body;
        Error error;
        const char* pointer;
    };
    const Case cases[] = {
        {"",                                                                    Error::body_malformed, ""            },
        {"[]",                                                                  Error::body_malformed, ""            },
        {R"({"code":"x"})",                                                     Error::field_missing,  "/request_id" },
        {R"({"request_id":"1234567","code":"x"})",                              Error::field_range,    "/request_id" },
        {R"({"request_id":"1234567!","code":"x"})",                             Error::field_format,   "/request_id" },
        {R"({"request_id":"12345678"})",                                        Error::field_missing,  "/code"       },
        {R"({"request_id":"12345678","code":""})",                              Error::field_range,    "/code"       },
        {R"({"request_id":"12345678","code":[]})",                              Error::field_format,   "/code"       },
        {R"({"request_id":"12345678","code":{}})",                              Error::field_missing,  "/code/app_id"},
        {R"({"request_id":"12345678","code":"x","order_token":"y"})",           Error::field_range,
         "/order_token"                                                                                              },
        {R"({"request_id":"12345678","code":"x","payee_token":"y"})",           Error::field_range,
         "/payee_token"                                                                                              },
        {R"({"request_id":"12345678","order_token":"x","payee_token":"y"})",    Error::field_range,
         "/payee_token"                                                                                              },
        {R"({"request_id":"12345678","payee_token":""})",                       Error::field_range,    "/payee_token"},
        {R"({"request_id":"12345678","payee_token":"y","amount":{}})",          Error::field_missing,
         "/amount/total"                                                                                             },
        {R"({"request_id":"12345678","code":"x","amount":{}})",                 Error::field_range,    "/amount"     },
        {R"({"request_id":"12345678","code":"x","payment_password":"12345"})",  Error::field_range,
         "/payment_password"                                                                                         },
        {R"({"request_id":"12345678","code":"x","payment_password":"12345a"})", Error::field_format,
         "/payment_password"                                                                                         },
        {R"({"request_id":"12345678","code":"x","more":1})",                    Error::field_unknown,  "/more"       },
        {R"({"request_id":"12345678","code":"x","code":"y"})",                  Error::field_format,   "/code"       },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.body);
        const auto parsed = parse_payment(c.body);
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error().error, c.error);
        EXPECT_EQ(parsed.error().pointer, c.pointer);
        EXPECT_EQ(parsed.error().value.find("12345a"), std::string::npos);
    }
}

TEST(ParseTopUp, ChecksIdAmountAndCurrency) {
    const std::string head = R"({"request_id":"12345678","payment_password":"135790",)";
    const auto parsed =
        parse_top_up(head + R"("funding_source_id":"12","amount":{"total":5,"currency":"USD"}})");
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->source.value, 12U);
    EXPECT_EQ(parsed->amount, (Money{5, Currency{840}}));
    for (const char* tail : {R"("funding_source_id":"0","amount":{"total":5,"currency":"CNY"}})",
                             R"("funding_source_id":"12","amount":{"total":0,"currency":"CNY"}})",
                             R"("funding_source_id":"12","amount":{"total":1.5,"currency":"CNY"}})",
                             R"("funding_source_id":"12","amount":{"total":5,"currency":"XYZ"}})",
                             R"("funding_source_id":"12","amount":5})",
                             R"("funding_source_id":12,"amount":{"total":5,"currency":"CNY"}})"})
        EXPECT_FALSE(parse_top_up(head + tail).has_value()) << tail;
}

TEST(ParsePasswords, AskForWhatTheDocumentSays) {
    EXPECT_FALSE(parse_payment_password(R"({"new":"135790"})")->old.has_value());
    EXPECT_FALSE(parse_password(R"({"new":"long enough"})").has_value());
    EXPECT_TRUE(parse_password(R"({"old":"x","new":"long enough"})").has_value());
    EXPECT_FALSE(parse_password(R"({"old":"x","new":"short"})").has_value());
    EXPECT_FALSE(parse_credentials(R"({"login_name":"a b","password":"x"})").has_value());
    EXPECT_FALSE(parse_funding_source(R"({"bank_name":"B","account_number":"1234"})").has_value());
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
