#include "wire/wechatpay/refund.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/wechatpay/body_test.hpp"

namespace huitong::wire::wechatpay {
namespace {

using enum Error;

const Members good{
    {
     {"transaction_id", R"("4200000000000000000000000042")"},
     {"out_refund_no", R"("R-1")"},
     {"amount", R"({"refund":30,"total":100,"currency":"CNY"})"},
     }
};

// An amount with this `from`.
std::string from(std::string_view sources) {
    return R"({"refund":30,"total":100,"currency":"CNY","from":)" + std::string(sources) + "}";
}

TEST(ParseRefund, RefusesEachDefect) {
    const std::vector<DefectCase> cases = {
        {"transaction_id", "", field_missing, "/transaction_id"},
        {"transaction_id", "null", field_missing, "/transaction_id"},
        {"transaction_id", "42", field_format, "/transaction_id"},
        {"transaction_id", in_quotes("42x"), field_format, "/transaction_id"},
        {"transaction_id", in_quotes(""), field_range, "/transaction_id"},
        {"transaction_id", in_quotes(repeated("4", 33)), field_range, "/transaction_id"},
        {"out_trade_no", in_quotes("12345"), field_range, "/out_trade_no"},
        {"out_trade_no", in_quotes("12345@"), field_format, "/out_trade_no"},
        {"sub_mchid", in_quotes("x"), field_format, "/sub_mchid"},
        {"sub_mchid", in_quotes(repeated("1", 33)), field_range, "/sub_mchid"},
        {"out_refund_no", "", field_missing, "/out_refund_no"},
        {"out_refund_no", in_quotes(""), field_range, "/out_refund_no"},
        {"out_refund_no", in_quotes(repeated("r", 65)), field_range, "/out_refund_no"},
        {"out_refund_no", in_quotes("a b"), field_format, "/out_refund_no"},
        {"out_refund_no", in_quotes("a/b"), field_format, "/out_refund_no"},
        {"reason", in_quotes(repeated("汉", 81)), field_range, "/reason"},
        {"reason", in_quotes("\\u0007"), field_format, "/reason"},
        {"notify_url", in_quotes(""), field_range, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/?x"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/" + repeated("x", 244)), field_range, "/notify_url"},
        {"funds_account", in_quotes("available"), field_range, "/funds_account"},
        {"funds_account", in_quotes(""), field_range, "/funds_account"},
        {"funds_account", "1", field_format, "/funds_account"},
        {"amount", "", field_missing, "/amount"},
        {"amount", "[]", field_format, "/amount"},
        {"amount", R"({"total":1,"currency":"CNY"})", field_missing, "/amount/refund"},
        {"amount", R"({"refund":0,"total":1,"currency":"CNY"})", field_range, "/amount/refund"},
        {"amount", R"({"refund":-1,"total":1,"currency":"CNY"})", field_range, "/amount/refund"},
        {"amount", R"({"refund":1.0,"total":1,"currency":"CNY"})", field_format, "/amount/refund"},
        {"amount", R"({"refund":"1","total":1,"currency":"CNY"})", field_format, "/amount/refund"},
        {"amount", R"({"refund":1,"currency":"CNY"})", field_missing, "/amount/total"},
        {"amount", R"({"refund":1,"total":0,"currency":"CNY"})", field_range, "/amount/total"},
        {"amount", R"({"refund":1,"total":1000000000000001,"currency":"CNY"})", field_range,
         "/amount/total"},
        {"amount", R"({"refund":1,"total":1})", field_missing, "/amount/currency"},
        {"amount", R"({"refund":1,"total":1,"currency":"HKD"})", field_range, "/amount/currency"},
        {"amount", R"({"refund":1,"total":1,"currency":"CNY","payer_refund":1})", field_unknown,
         "/amount/payer_refund"},
        {"amount", from("{}"), field_format, "/amount/from"},
        {"amount", from("[]"), field_range, "/amount/from"},
        {"amount", from("[{}]"), field_missing, "/amount/from/0/account"},
        {"amount", from(R"([{"account":"AVAILABLE"}])"), field_missing, "/amount/from/0/amount"},
        {"amount", from(R"([{"account":"BASIC","amount":30}])"), field_range,
         "/amount/from/0/account"},
        {"amount", from(R"([{"account":"AVAILABLE","amount":0}])"), field_range,
         "/amount/from/0/amount"},
        {"amount", from(R"([{"account":"AVAILABLE","amount":29}])"), field_range, "/amount/from"},
        {"amount",
         from(R"([{"account":"AVAILABLE","amount":30},{"account":"UNAVAILABLE","amount":1}])"),
         field_range, "/amount/from"},
        {"amount",
         from(R"([{"account":"AVAILABLE","amount":10},{"account":"AVAILABLE","amount":20}])"),
         field_range, "/amount/from"},
        {"amount", from(R"([{"account":"AVAILABLE","amount":30,"x":1}])"), field_unknown,
         "/amount/from/0/x"},
        {"goods_detail", "{}", field_format, "/goods_detail"},
        {"goods_detail", "[]", field_range, "/goods_detail"},
        {"goods_detail", "[1]", field_format, "/goods_detail/0"},
        {"goods_detail", "[{}]", field_missing, "/goods_detail/0/merchant_goods_id"},
        {"goods_detail", R"([{"merchant_goods_id":"g"}])", field_missing,
         "/goods_detail/0/unit_price"},
        {"goods_detail", R"([{"merchant_goods_id":"g","unit_price":1}])", field_missing,
         "/goods_detail/0/refund_amount"},
        {"goods_detail", R"([{"merchant_goods_id":"g","unit_price":1,"refund_amount":1}])",
         field_missing, "/goods_detail/0/refund_quantity"},
        {"goods_detail",
         R"([{"merchant_goods_id":"g","unit_price":1,"refund_amount":1,"refund_quantity":0}])", field_range, "/goods_detail/0/refund_quantity"},
        {"goods_detail",
         R"([{"merchant_goods_id":"g","goods_name":)" + in_quotes(repeated("n", 257)) + "}]",
         field_range, "/goods_detail/0/goods_name"},
        {"mchid", in_quotes("1900007291"), field_unknown, "/mchid"},
    };
    expect_defects(good, cases, parse_refund);
}

TEST(ParseRefund, TakesEachMemberAtItsLimit) {
    expect_taken(
        good,
        {
            {"transaction_id", in_quotes(repeated("4", 32))},
            {"out_trade_no", in_quotes(repeated("a", 32))},
            {"sub_mchid", in_quotes("1900007291")},
            {"out_refund_no", in_quotes(repeated("@", 64))},
            {"out_refund_no", in_quotes("aZ09_-|*@")},
            {"reason", in_quotes(repeated("汉", 80))},
            {"reason", in_quotes("")},
            {"notify_url", in_quotes("https://a.cn/" + repeated("x", 243))},
            {"funds_account", in_quotes("AVAILABLE")},
            {"funds_account", in_quotes("UNSETTLED")},
            {"amount", R"({"refund":2,"total":1,"currency":"CNY"})"},
            {"amount",
             from(
                 R"([{"account":"AVAILABLE","amount":10},{"account":"UNAVAILABLE","amount":20}])")},
            {"goods_detail",
             R"([{"merchant_goods_id":"g","unit_price":0,"refund_amount":0,"refund_quantity":1}])"}
    },
        parse_refund);
    const auto by_out_trade_no =
        good.with("transaction_id", "").with("out_trade_no", in_quotes("123456"));
    EXPECT_TRUE(parse_refund(by_out_trade_no.text()));
}

TEST(ParseRefund, KeepsWhatIsNeededLater) {
    const auto parsed = parse_refund(
        good.with("goods_detail", R"([{"refund_quantity":1,"refund_amount":30,"unit_price":30,)"
                                  R"("goods_name":"\u6c49","merchant_goods_id":"g"}])")
            .with("amount", from(R"([{"amount":30,"account":"AVAILABLE"}])"))
            .text());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->refund, 30);
    EXPECT_EQ(parsed->total, 100);
    EXPECT_EQ(parsed->sources, (std::vector<RefundSource>{
                                   {"AVAILABLE", 30}
    }));
    EXPECT_EQ(parsed->goods_detail_json,
              R"([{"merchant_goods_id":"g","goods_name":"汉","unit_price":30,)"
              R"("refund_amount":30,"refund_quantity":1}])");
}

TEST(RefundContent, DiffersWhenAMemberDiffers) {
    const auto content = [](const Members& body) {
        const auto parsed = parse_refund(body.text(" "));
        EXPECT_TRUE(parsed) << body.text();
        return parsed ? content_of(*parsed) : "";
    };
    const std::string base = content(good);
    EXPECT_EQ(content(good.with("reason", "null")), base);
    const std::pair<const char*, std::string> changes[] = {
        {"transaction_id", R"("43")"                                                          },
        {"out_trade_no",   R"("123456")"                                                      },
        {"sub_mchid",      R"("1")"                                                           },
        {"out_refund_no",  R"("R-2")"                                                         },
        {"reason",         R"("r")"                                                           },
        {"notify_url",     R"("http://a")"                                                    },
        {"funds_account",  R"("AVAILABLE")"                                                   },
        {"amount",         R"({"refund":31,"total":100,"currency":"CNY"})"                    },
        {"amount",         R"({"refund":30,"total":101,"currency":"CNY"})"                    },
        {"amount",         from(R"([{"account":"AVAILABLE","amount":30}])")                   },
        {"goods_detail",
         R"([{"merchant_goods_id":"g","unit_price":0,"refund_amount":0,"refund_quantity":1}])"},
    };
    for (const auto& [name, value] : changes) EXPECT_NE(content(good.with(name, value)), base);
}

RC_GTEST_PROP(ParseRefund, ReadsBackWhatToJsonWrites, (bool by_id, bool by_number, bool split)) {
    RefundRequest request;
    if (by_id || !by_number) request.transaction_id = "4200000000000000000000000042";
    if (by_number) request.out_trade_no = "a|b*c-d_E";
    request.out_refund_no = *rc::gen::element<std::string>("R-1", "r@*|");
    request.reason = *rc::gen::element<std::string>("", "坏了", "a\"\\\n");
    request.notify_url = *rc::gen::element<std::string>("", "http://a.cn:80/x");
    request.funds_account = *rc::gen::element<std::string>("", "AVAILABLE", "UNSETTLED");
    request.refund = *rc::gen::inRange<std::int64_t>(2, amount_minor_max + 1);
    request.total = *rc::gen::inRange<std::int64_t>(1, amount_minor_max + 1);
    if (split)
        request.sources = {
            {"AVAILABLE",   1                 },
            {"UNAVAILABLE", request.refund - 1}
        };
    const auto parsed = parse_refund(to_json(request));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == request);
}

TEST(RefundView, HoldsTheMembersOfTheContractInEachState) {
    RefundView view{.refund_id = "5000000000000000000000000007",
                    .out_refund_no = "R-1",
                    .transaction_id = "4200000000000000000000000042",
                    .out_trade_no = "order-1",
                    .user_received_account = "支付用户零钱",
                    .create_time = Instant{1'528'425'296'000},
                    .status = "PROCESSING",
                    .total = 100,
                    .refund = 30,
                    .payer_total = 100,
                    .payer_refund = 30,
                    .settlement_refund = 30,
                    .settlement_total = 100};
    EXPECT_EQ(to_json(view),
              R"({"refund_id":"5000000000000000000000000007","out_refund_no":"R-1",)"
              R"("transaction_id":"4200000000000000000000000042","out_trade_no":"order-1",)"
              R"("channel":"ORIGINAL","user_received_account":"支付用户零钱",)"
              R"("create_time":"2018-06-08T10:34:56+08:00","status":"PROCESSING",)"
              R"("funds_account":"AVAILABLE","amount":{"total":100,"refund":30,)"
              R"("payer_total":100,"payer_refund":30,"settlement_refund":30,)"
              R"("settlement_total":100,"discount_refund":0,"currency":"CNY","refund_fee":0}})");
    view.status = "SUCCESS";
    view.success_time = Instant{1'528'425'297'999};
    view.sources = {
        {"AVAILABLE", 30}
    };
    const std::string body = to_json(view);
    EXPECT_TRUE(body.contains(R"("success_time":"2018-06-08T10:34:57+08:00",)"));
    EXPECT_TRUE(body.contains(R"("from":[{"account":"AVAILABLE","amount":30}])"));
}

}  // namespace
}  // namespace huitong::wire::wechatpay
