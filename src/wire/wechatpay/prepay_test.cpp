#include "wire/wechatpay/prepay.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/wechatpay/body_test.hpp"

namespace huitong::wire::wechatpay {
namespace {

using enum Error;

const Members native{
    {
     {"appid", R"("wxd678efh567hg6787")"},
     {"mchid", R"("1900007291")"},
     {"description", R"("Image形象店-深圳腾大-QQ公仔")"},
     {"out_trade_no", R"("1217752501201407033233368018")"},
     {"notify_url", R"("https://www.weixin.qq.com/wxpay/pay.php")"},
     {"amount", R"({"total":100,"currency":"CNY"})"},
     }
};
const Members jsapi = native.with("payer", R"({"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"})");
const Members h5 =
    native.with("scene_info", R"({"payer_client_ip":"14.23.150.211","h5_info":{"type":"Wap"}})");

auto parser(TradeType type) {
    return [type](std::string_view body) { return parse_prepay(type, body); };
}

std::string text_of(std::size_t characters) {
    return in_quotes(repeated("汉", characters));
}

TEST(ParsePrepay, RefusesEachDefectOfThePlainMembers) {
    const std::vector<DefectCase> cases = {
        {"appid", "", field_missing, "/appid"},
        {"appid", "null", field_missing, "/appid"},
        {"appid", "7", field_format, "/appid"},
        {"appid", in_quotes(""), field_range, "/appid"},
        {"appid", in_quotes(repeated("a", 33)), field_range, "/appid"},
        {"appid", in_quotes("wx 1"), field_format, "/appid"},
        {"mchid", "", field_missing, "/mchid"},
        {"mchid", "1900007291", field_format, "/mchid"},
        {"mchid", in_quotes(repeated("1", 33)), field_range, "/mchid"},
        {"mchid", in_quotes("19000o7291"), field_format, "/mchid"},
        {"description", "", field_missing, "/description"},
        {"description", in_quotes(""), field_range, "/description"},
        {"description", text_of(128), field_range, "/description"},
        {"description", in_quotes("😀"), field_format, "/description"},
        {"out_trade_no", "", field_missing, "/out_trade_no"},
        {"out_trade_no", in_quotes("12345"), field_range, "/out_trade_no"},
        {"out_trade_no", in_quotes(repeated("a", 33)), field_range, "/out_trade_no"},
        {"out_trade_no", in_quotes("order/1"), field_format, "/out_trade_no"},
        {"out_trade_no", in_quotes("order@1"), field_format, "/out_trade_no"},
        {"out_trade_no", in_quotes("订单号码一二"), field_format, "/out_trade_no"},
        {"time_expire", in_quotes("2018-06-08 10:34:56"), field_format, "/time_expire"},
        {"time_expire", in_quotes("2018-06-08T10:34:56"), field_format, "/time_expire"},
        {"time_expire", in_quotes("20180608103456"), field_format, "/time_expire"},
        {"time_expire", in_quotes("2018-02-30T10:34:56+08:00"), field_format, "/time_expire"},
        {"time_expire", in_quotes("1970-01-01T00:00:00Z"), field_range, "/time_expire"},
        {"time_expire", in_quotes("9999-12-31T16:00:00Z"), field_range, "/time_expire"},
        {"time_expire", "1528425296", field_format, "/time_expire"},
        {"time_expire", in_quotes(repeated("1", 65)), field_range, "/time_expire"},
        {"attach", text_of(129), field_range, "/attach"},
        {"attach", in_quotes("\\u0000"), field_format, "/attach"},
        {"notify_url", "", field_missing, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/?x=1"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/?"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/#f"), field_format, "/notify_url"},
        {"notify_url", in_quotes("ftp://a.cn/"), field_format, "/notify_url"},
        {"notify_url", in_quotes("//a.cn/"), field_format, "/notify_url"},
        {"notify_url", in_quotes("a.cn"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https:///x"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://u:p@a.cn/"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn:0/"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn:65536/"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/ x"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/汉"), field_format, "/notify_url"},
        {"notify_url", in_quotes("https://a.cn/" + repeated("x", 243)), field_range, "/notify_url"},
        {"goods_tag", text_of(33), field_range, "/goods_tag"},
        {"support_fapiao", in_quotes("true"), field_format, "/support_fapiao"},
        {"support_fapiao", "1", field_format, "/support_fapiao"},
        {"limit_pay", in_quotes("no_credit"), field_format, "/limit_pay"},
        {"limit_pay", R"(["no_credit",1])", field_format, "/limit_pay/1"},
        {"limit_pay", R"(["no credit"])", field_format, "/limit_pay/0"},
        {"limit_pay", "[" + repeated("\"a\",", 16) + "\"a\"]", field_range, "/limit_pay"},
        {"sub_mchid", in_quotes("1"), field_unknown, "/sub_mchid"},
        {"unknown", "null", field_unknown, "/unknown"},
    };
    expect_defects(native, cases, parser(TradeType::native));
}

TEST(ParsePrepay, RefusesEachDefectOfTheNestedMembers) {
    const std::string goods = R"({"merchant_goods_id":"g","quantity":1,"unit_price":1})";
    const std::vector<DefectCase> cases = {
        {"amount", "", field_missing, "/amount"},
        {"amount", "100", field_format, "/amount"},
        {"amount", "{}", field_missing, "/amount/total"},
        {"amount", R"({"total":0})", field_range, "/amount/total"},
        {"amount", R"({"total":-1})", field_range, "/amount/total"},
        {"amount", R"({"total":1.0})", field_format, "/amount/total"},
        {"amount", R"({"total":"1"})", field_format, "/amount/total"},
        {"amount", R"({"total":1000000000000001})", field_range, "/amount/total"},
        {"amount", R"({"total":1,"currency":"USD"})", field_range, "/amount/currency"},
        {"amount", R"({"total":1,"currency":"cny"})", field_range, "/amount/currency"},
        {"amount", R"({"total":1,"currency":""})", field_range, "/amount/currency"},
        {"amount", R"({"total":1,"currency":156})", field_format, "/amount/currency"},
        {"amount", R"({"total":1,"refund":1})", field_unknown, "/amount/refund"},
        {"amount", R"({"total":1,"total":2})", field_format, "/amount/total"},
        {"payer", R"("openid")", field_format, "/payer"},
        {"payer", R"({"openid":""})", field_range, "/payer/openid"},
        {"payer", R"({"openid":")" + repeated("o", 129) + "\"}", field_range, "/payer/openid"},
        {"payer", R"({"openid":"o o"})", field_format, "/payer/openid"},
        {"payer", R"({"sp_openid":"o"})", field_unknown, "/payer/sp_openid"},
        {"payer", R"({"identity":{}})", field_missing, "/payer/identity/type"},
        {"payer", R"({"identity":{"type":"IDCARD","number":1}})", field_format,
         "/payer/identity/number"},
        {"payer", R"({"identity":{"type":"IDCARD","name":")" + repeated("A", 1025) + "\"}}",
         field_range, "/payer/identity/name"},
        {"payer", R"({"identity":{"type":"IDCARD","id":1}})", field_unknown, "/payer/identity/id"},
        {"detail", "[]", field_format, "/detail"},
        {"detail", R"({"cost_price":-1})", field_range, "/detail/cost_price"},
        {"detail", R"({"invoice_id":)" + text_of(33) + "}", field_range, "/detail/invoice_id"},
        {"detail", R"({"goods_detail":[]})", field_range, "/detail/goods_detail"},
        {"detail", R"({"goods_detail":[{}]})", field_missing,
         "/detail/goods_detail/0/merchant_goods_id"},
        {"detail",
         R"({"goods_detail":[)" + goods + R"(,{"merchant_goods_id":"g","unit_price":1}]})",
         field_missing, "/detail/goods_detail/1/quantity"},
        {"detail", R"({"goods_detail":[{"merchant_goods_id":"g","quantity":1}]})", field_missing,
         "/detail/goods_detail/0/unit_price"},
        {"detail", R"({"goods_detail":[{"merchant_goods_id":"g","quantity":0,"unit_price":1}]})",
         field_range, "/detail/goods_detail/0/quantity"},
        {"detail", R"({"goods_detail":[{"merchant_goods_id":"g","quantity":1,"unit_price":-1}]})",
         field_range, "/detail/goods_detail/0/unit_price"},
        {"detail", R"({"goods_detail":[{"merchant_goods_id":)" + text_of(33) + "}]}", field_range,
         "/detail/goods_detail/0/merchant_goods_id"},
        {"detail",
         R"({"goods_detail":[{"merchant_goods_id":"g","wechatpay_goods_id":)" + text_of(33) + "}]}",
         field_range, "/detail/goods_detail/0/wechatpay_goods_id"},
        {"detail",
         R"({"goods_detail":[{"merchant_goods_id":"g","goods_name":)" + text_of(257) + "}]}",
         field_range, "/detail/goods_detail/0/goods_name"},
        {"detail", R"({"goods_detail":[)" + repeated(goods + ",", 120) + goods + "]}", field_range,
         "/detail"},
        {"detail", R"({"goods":1})", field_unknown, "/detail/goods"},
        {"scene_info", "{}", field_missing, "/scene_info/payer_client_ip"},
        {"scene_info", R"({"payer_client_ip":"localhost"})", field_format,
         "/scene_info/payer_client_ip"},
        {"scene_info", R"({"payer_client_ip":"1.2.3.256"})", field_format,
         "/scene_info/payer_client_ip"},
        {"scene_info", R"({"payer_client_ip":"fe80::1%eth0"})", field_format,
         "/scene_info/payer_client_ip"},
        {"scene_info", R"({"payer_client_ip":")" + repeated("1", 46) + "\"}", field_range,
         "/scene_info/payer_client_ip"},
        {"scene_info", R"({"payer_client_ip":"::1","device_id":)" + text_of(33) + "}", field_range,
         "/scene_info/device_id"},
        {"scene_info", R"({"payer_client_ip":"::1","store_info":{}})", field_missing,
         "/scene_info/store_info/id"},
        {"scene_info", R"({"payer_client_ip":"::1","store_info":{"id":)" + text_of(33) + "}}",
         field_range, "/scene_info/store_info/id"},
        {"scene_info",
         R"({"payer_client_ip":"::1","store_info":{"id":"1","name":)" + text_of(257) + "}}",
         field_range, "/scene_info/store_info/name"},
        {"scene_info",
         R"({"payer_client_ip":"::1","store_info":{"id":"1","area_code":)" + text_of(33) + "}}",
         field_range, "/scene_info/store_info/area_code"},
        {"scene_info",
         R"({"payer_client_ip":"::1","store_info":{"id":"1","address":)" + text_of(513) + "}}",
         field_range, "/scene_info/store_info/address"},
        {"scene_info", R"({"payer_client_ip":"::1","device_ip":"::1"})", field_unknown,
         "/scene_info/device_ip"},
        {"settle_info", "true", field_format, "/settle_info"},
        {"settle_info", R"({"profit_sharing":"Y"})", field_format, "/settle_info/profit_sharing"},
        {"settle_info", R"({"subsidy_amount":1})", field_unknown, "/settle_info/subsidy_amount"},
    };
    expect_defects(native, cases, parser(TradeType::native));
}

TEST(ParsePrepay, RefusesEachDefectOfTheConditionalMembers) {
    expect_defects(jsapi,
                   {
                       {"payer", "",                   openid_missing, "/payer"       },
                       {"payer", "null",               openid_missing, "/payer"       },
                       {"payer", "{}",                 openid_missing, "/payer/openid"},
                       {"payer", R"({"openid":null})", openid_missing, "/payer/openid"}
    },
                   parser(TradeType::jsapi));
    const auto scene = [](std::string_view h5_info) {
        return R"({"payer_client_ip":"::1","h5_info":)" + std::string(h5_info) + "}";
    };
    expect_defects(
        h5,
        {
            {"scene_info", "",                                                             field_missing, "/scene_info"                     },
            {"scene_info", R"({"payer_client_ip":"::1"})",                                 field_missing, "/scene_info/h5_info"             },
            {"scene_info", scene("null"),                                                  field_missing, "/scene_info/h5_info"             },
            {"scene_info", scene("{}"),                                                    field_missing, "/scene_info/h5_info/type"        },
            {"scene_info", scene(R"({"type":"wap"})"),                                     field_range,   "/scene_info/h5_info/type"        },
            {"scene_info", scene(R"({"type":"Wap","app_name":)" + text_of(65) + "}"),      field_range,
             "/scene_info/h5_info/app_name"                                                                                                 },
            {"scene_info", scene(R"({"type":"Wap","app_url":)" + text_of(129) + "}"),      field_range,
             "/scene_info/h5_info/app_url"                                                                                                  },
            {"scene_info", scene(R"({"type":"Wap","bundle_id":)" + text_of(129) + "}"),    field_range,
             "/scene_info/h5_info/bundle_id"                                                                                                },
            {"scene_info", scene(R"({"type":"Wap","package_name":)" + text_of(129) + "}"),
             field_range,                                                                                 "/scene_info/h5_info/package_name"},
            {"scene_info", scene(R"({"type":"Wap","wap_url":"x"})"),                       field_unknown,
             "/scene_info/h5_info/wap_url"                                                                                                  }
    },
        parser(TradeType::h5));
}

TEST(ParsePrepay, TakesEachMemberAtItsLimit) {
    const std::string id32 = text_of(32);
    expect_taken(
        native,
        {
            {"appid", in_quotes(repeated("a", 32))},
            {"mchid", in_quotes(repeated("1", 32))},
            {"description", text_of(127)},
            {"description", in_quotes("a\\nb")},
            {"out_trade_no", in_quotes("aZ0_-|")},
            {"out_trade_no", in_quotes(repeated("*", 32))},
            {"time_expire", in_quotes("2018-06-08T10:34:56+08:00")},
            {"time_expire", in_quotes("2018-06-08T02:34:56Z")},
            {"time_expire", in_quotes("9999-12-31T23:59:59+08:00")},
            {"time_expire", "null"},
            {"attach", text_of(128)},
            {"attach", in_quotes("")},
            {"notify_url", in_quotes("http://[::1]:8080/n")},
            {"notify_url", in_quotes("https://a.cn")},
            {"notify_url", in_quotes("https://a.cn/" + repeated("x", 242))},
            {"goods_tag", id32},
            {"support_fapiao", "false"},
            {"limit_pay", R"(["no_credit"])"},
            {"limit_pay", "[]"},
            {"amount", R"({"total":1})"},
            {"amount", R"({"total":1000000000000000,"currency":null})"},
            {"payer", R"({"openid":")" + repeated("o", 128) + "\"}"},
            {"payer", R"({"identity":{"type":"IDCARD","number":"AA==","name":null}})"},
            {"detail", "{}"},
            {"detail", R"({"cost_price":0,"invoice_id":)" + id32 +
                           R"(,"goods_detail":[{"merchant_goods_id":)" + id32 +
                           R"(,"wechatpay_goods_id":)" + id32 + R"(,"goods_name":)" + text_of(256) +
                           R"(,"quantity":1,"unit_price":0}]})"},
            {"scene_info", R"({"payer_client_ip":"2001:db8::1","device_id":)" + id32 +
                               R"(,"store_info":{"id":)" + id32 + R"(,"name":)" + text_of(256) +
                               R"(,"area_code":)" + id32 + R"(,"address":)" + text_of(512) + "}}"},
            {"settle_info", R"({"profit_sharing":true})"},
            {"settle_info", "{}"}
    },
        parser(TradeType::native));
    expect_taken(
        h5,
        {
            {"scene_info", R"({"payer_client_ip":"1.2.3.4","h5_info":{"type":"iOS","app_name":)" +
                               text_of(64) + R"(,"app_url":)" + text_of(128) + R"(,"bundle_id":)" +
                               text_of(128) + R"(,"package_name":)" + text_of(128) + "}}"},
            {"scene_info", R"({"payer_client_ip":"1.2.3.4","h5_info":{"type":"Android"}})"                         }
    },
        parser(TradeType::h5));
}

TEST(ParsePrepay, KeepsWhatIsNeededLater) {
    const auto parsed = parse_prepay(
        TradeType::h5,
        h5.with("time_expire", in_quotes("2018-06-08T02:34:56.789Z"))
            .with("scene_info", R"({"h5_info":{"app_name":"店","type":"Wap"},"device_id":"d1",)"
                                R"("payer_client_ip":"14.23.150.211"})")
            .with("detail", R"({"goods_detail":[{"unit_price":3,"quantity":2,)"
                            R"("merchant_goods_id":"\u0067"}],"cost_price":5})")
            .with("settle_info", R"({"profit_sharing":false})")
            .text());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->description, "Image形象店-深圳腾大-QQ公仔");
    EXPECT_EQ(parsed->total, 100);
    EXPECT_EQ(parsed->time_expire, Instant{1'528'425'296'000});
    EXPECT_EQ(parsed->payer_client_ip, "14.23.150.211");
    EXPECT_EQ(parsed->device_id, "d1");
    EXPECT_EQ(parsed->profit_sharing, false);
    EXPECT_EQ(parsed->detail_json,
              R"({"cost_price":5,"goods_detail":[{"merchant_goods_id":"g","quantity":2,)"
              R"("unit_price":3}]})");
    EXPECT_EQ(parsed->scene_info_json, R"({"payer_client_ip":"14.23.150.211","device_id":"d1",)"
                                       R"("h5_info":{"type":"Wap","app_name":"店"}})");
}

TEST(ContentOf, ForgetsSpacingOrderAndEscapes) {
    const Members spelled = {
        {
         {"amount", "{ \"currency\" : \"CNY\",\n\"total\" : 100 }"},
         {"attach", "null"},
         {"notify_url", R"("https:\/\/www.weixin.qq.com\/wxpay\/pay.php")"},
         {"out_trade_no", R"("1217752501201407033233368018")"},
         {"payer", "{}"},
         {"description", R"("Image\u5f62\u8c61\u5e97-\u6df1\u5733\u817e\u5927-QQ公仔")"},
         {"mchid", R"("1900007291")"},
         {"appid", R"("wxd678efh567hg6787")"},
         }
    };
    const auto first = parse_prepay(TradeType::native, native.text());
    const auto second = parse_prepay(TradeType::native, spelled.text(" \t\r\n"));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(content_of(*first), content_of(*second));
    EXPECT_EQ(content_of(*first),
              "prepay NATIVE\n"
              R"({"appid":"wxd678efh567hg6787","mchid":"1900007291",)"
              R"("description":"Image形象店-深圳腾大-QQ公仔",)"
              R"("out_trade_no":"1217752501201407033233368018",)"
              R"("notify_url":"https://www.weixin.qq.com/wxpay/pay.php",)"
              R"("amount":{"total":100,"currency":"CNY"}})");
}

TEST(ContentOf, DiffersWhenAMemberDiffers) {
    const auto content = [](TradeType type, const Members& body) {
        const auto parsed = parse_prepay(type, body.text());
        EXPECT_TRUE(parsed) << body.text();
        return parsed ? content_of(*parsed) : "";
    };
    const std::string base = content(TradeType::native, native);
    EXPECT_NE(content(TradeType::app, native), base);
    const std::pair<const char*, const char*> changes[] = {
        {"appid",          R"("wx1")"                         },
        {"mchid",          R"("1")"                           },
        {"description",    R"("d")"                           },
        {"out_trade_no",   R"("123456")"                      },
        {"time_expire",    R"("2018-06-08T02:34:56Z")"        },
        {"attach",         R"("a")"                           },
        {"notify_url",     R"("http://a")"                    },
        {"goods_tag",      R"("g")"                           },
        {"support_fapiao", "false"                            },
        {"limit_pay",      R"(["no_credit"])"                 },
        {"amount",         R"({"total":101})"                 },
        {"payer",          R"({"openid":"o"})"                },
        {"payer",          R"({"identity":{"type":"IDCARD"}})"},
        {"detail",         R"({"cost_price":1})"              },
        {"scene_info",     R"({"payer_client_ip":"::1"})"     },
        {"settle_info",    R"({"profit_sharing":false})"      },
    };
    for (const auto& [name, value] : changes)
        EXPECT_NE(content(TradeType::native, native.with(name, value)), base) << name;
}

TEST(ContentOf, LeavesOutCiphertexts) {
    const auto parse = [](std::string_view number) {
        return parse_prepay(TradeType::native,
                            native
                                .with("payer", R"({"identity":{"type":"IDCARD","number":")" +
                                                   std::string(number) + "\"}}")
                                .text());
    };
    const auto first = parse("AAAA");
    const auto second = parse("BBBB");
    ASSERT_TRUE(first && second);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(content_of(*first), content_of(*second));
}

// A text of 1 to `max` characters that a free text member takes.
rc::Gen<std::string> free_texts(int max) {
    const auto piece = rc::gen::element<std::string>("a", "7", "\"", "\\", "汉", "é", "\n", " ");
    return rc::gen::exec([=] {
        const int count = *rc::gen::inRange(1, max + 1);
        std::string text;
        for (int i = 0; i < count; ++i) text += *piece;
        return text;
    });
}

rc::Gen<PrepayRequest> requests() {
    return rc::gen::exec([] {
        PrepayRequest r;
        r.type = *rc::gen::element(TradeType::native, TradeType::jsapi, TradeType::app);
        r.appid = "wx0123456789abcdef";
        r.mchid = *rc::gen::element<std::string>("1900007291", "1");
        r.description = *free_texts(127);
        r.out_trade_no = *rc::gen::element<std::string>("123456", "a|b*c-d_E");
        if (*rc::gen::arbitrary<bool>())
            r.time_expire = Instant{*rc::gen::inRange<std::int64_t>(1, 4'000'000'000) * 1000};
        if (*rc::gen::arbitrary<bool>()) r.attach = *free_texts(128);
        r.notify_url = "https://shop.example.com/notify";
        if (*rc::gen::arbitrary<bool>()) r.goods_tag = "WXG";
        if (*rc::gen::arbitrary<bool>()) r.support_fapiao = *rc::gen::arbitrary<bool>();
        if (*rc::gen::arbitrary<bool>()) r.limit_pay = {"no_credit", "no_debit"};
        r.total = *rc::gen::inRange<std::int64_t>(1, amount_minor_max + 1);
        if (r.type == TradeType::jsapi) r.payer_openid = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
        if (*rc::gen::arbitrary<bool>()) r.payer_identity = PayerIdentity{"IDCARD", "AA==", ""};
        if (*rc::gen::arbitrary<bool>()) r.profit_sharing = *rc::gen::arbitrary<bool>();
        return r;
    });
}

RC_GTEST_PROP(ParsePrepay, ReadsBackWhatToJsonWrites, ()) {
    const PrepayRequest request = *requests();
    const auto parsed = parse_prepay(request.type, to_json(request));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == request);
    RC_ASSERT(content_of(*parsed) == content_of(request));
}

RC_GTEST_PROP(ContentOf, IsTheSameInEveryOrderOfTheMembers, ()) {
    Members body = h5.with("attach", R"("\u6c49")").with("settle_info", "{}");
    const auto before = parse_prepay(TradeType::h5, body.text());
    for (std::size_t i = body.members.size(); i > 1; --i)
        std::swap(body.members[i - 1], body.members[*rc::gen::inRange<std::size_t>(0, i)]);
    const auto gap = *rc::gen::container<std::string>(rc::gen::elementOf(std::string(" \t\r\n")));
    const auto after = parse_prepay(TradeType::h5, body.text(gap.substr(0, 100)));
    RC_ASSERT(before.has_value() && after.has_value());
    RC_ASSERT(content_of(*before) == content_of(*after));
}

}  // namespace
}  // namespace huitong::wire::wechatpay
