#include "wire/wechatpay/codepay.hpp"

#include <gtest/gtest.h>

#include "wire/wechatpay/body_test.hpp"

namespace huitong::wire::wechatpay {
namespace {

using enum Error;

const Members charge{
    {
     {"appid", R"("wxd678efh567hg6787")"},
     {"mchid", R"("1230000109")"},
     {"description", R"("Image形象店-深圳腾大-QQ公仔")"},
     {"out_trade_no", R"("1217752501201407033233368018")"},
     {"payer", R"({"auth_code":"130061098828009406"})"},
     {"amount", R"({"total":100,"currency":"CNY"})"},
     {"scene_info", R"({"device_ip":"14.23.150.211"})"},
     }
};

// Every member that the contract names (wechatpay-v3 4.5).
Members whole() {
    return charge.with("attach", R"("自定义数据说明")")
        .with("goods_tag", R"("WXG")")
        .with("support_fapiao", "true")
        .with("scene_info", R"({"device_id":"013467007045764","device_ip":"14.23.150.211",)"
                            R"("store_info":{"id":"0001","out_id":"A1111"}})")
        .with("detail", R"({"cost_price":608800,"invoice_id":"wx123","goods_detail":[)"
                        R"({"merchant_goods_id":"1246464644","wxpay_goods_id":"1001",)"
                        R"("goods_name":"iPhoneX 256G","quantity":1,"unit_price":528800}]})")
        .with("settle_info", R"({"profit_sharing":true})");
}

TEST(ParseCodepay, RefusesEachDefect) {
    const std::vector<DefectCase> cases = {
        {"appid", "", field_missing, "/appid"},
        {"mchid", in_quotes("m1"), field_format, "/mchid"},
        {"description", "", field_missing, "/description"},
        {"out_trade_no", in_quotes("12345"), field_range, "/out_trade_no"},
        {"attach", in_quotes(repeated("a", 129)), field_range, "/attach"},
        {"payer", "", field_missing, "/payer"},
        {"payer", "{}", field_missing, "/payer/auth_code"},
        {"payer", R"({"auth_code":""})", field_range, "/payer/auth_code"},
        {"payer", R"({"auth_code":130061098828009406})", field_format, "/payer/auth_code"},
        {"payer", R"({"auth_code":"13006109882800940x"})", field_format, "/payer/auth_code"},
        {"payer", R"({"auth_code":")" + repeated("1", 33) + "\"}", field_range, "/payer/auth_code"},
        {"payer", R"({"auth_code":"13","openid":"o1"})", field_unknown, "/payer/openid"},
        {"amount", "", field_missing, "/amount"},
        {"amount", R"({"total":0})", field_range, "/amount/total"},
        {"amount", R"({"total":1,"currency":"USD"})", field_range, "/amount/currency"},
        {"scene_info", "", field_missing, "/scene_info"},
        {"scene_info", R"({"device_id":"1"})", field_missing, "/scene_info/device_ip"},
        {"scene_info", R"({"device_ip":"till 1"})", field_format, "/scene_info/device_ip"},
        {"scene_info", R"({"device_ip":"::1","payer_client_ip":"::1"})", field_unknown,
         "/scene_info/payer_client_ip"},
        {"scene_info",
         R"({"device_ip":"::1","store_info":{"out_id":")" + repeated("a", 257) + "\"}}",
         field_range, "/scene_info/store_info/out_id"},
        {"detail",
         R"({"goods_detail":[{"merchant_goods_id":"1","quantity":1,"unit_price":1,)"
         R"("wechatpay_goods_id":"1"}]})", field_unknown, "/detail/goods_detail/0/wechatpay_goods_id"},
        {"notify_url", in_quotes("https://a.cn/n"), field_unknown, "/notify_url"},
        {"time_expire", in_quotes("2030-06-08T10:34:56+08:00"), field_unknown, "/time_expire"},
    };
    expect_defects(charge, cases, parse_codepay);
}

TEST(ParseCodepay, ReadsEveryMemberAndWritesItBack) {
    const auto request = parse_codepay(whole().text());
    ASSERT_TRUE(request);
    EXPECT_EQ(request->auth_code, "130061098828009406");
    EXPECT_EQ(request->total, 100);
    EXPECT_EQ(request->device_id, "013467007045764");
    EXPECT_EQ(request->device_ip, "14.23.150.211");
    EXPECT_EQ(request->profit_sharing, true);
    const auto again = parse_codepay(to_json(*request));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *request);
}

TEST(ParseCodepay, TellsTheSameWishFromAnother) {
    const auto content = [](const Members& members) {
        return content_of(parse_codepay(members.text(" ")).value());
    };
    EXPECT_EQ(content(whole().with("payer", R"({ "auth_code" : "13006109882800940\u0036" })")),
              content(whole()));
    EXPECT_NE(content(whole().with("payer", R"({"auth_code":"130061098828009407"})")),
              content(whole()));
    EXPECT_NE(content(whole().with("amount", R"({"total":101})")), content(whole()));
}

TEST(ParseReverse, TakesBothNumbersAndNothingElse) {
    const Members reverse{
        {{"appid", R"("wxd678efh567hg6787")"}, {"mchid", R"("1230000109")"}}
    };
    const std::vector<DefectCase> cases = {
        {"appid",        "",                   field_missing, "/appid"       },
        {"mchid",        "",                   field_missing, "/mchid"       },
        {"out_trade_no", in_quotes("1234567"), field_unknown, "/out_trade_no"},
    };
    expect_defects(reverse, cases, parse_reverse);
    const auto request = parse_reverse(reverse.text());
    ASSERT_TRUE(request);
    EXPECT_EQ(to_json(*request), reverse.text());
    EXPECT_EQ(reverse_result(*request, "1217752501201407033233368018"),
              R"({"appid":"wxd678efh567hg6787","mchid":"1230000109",)"
              R"("out_trade_no":"1217752501201407033233368018"})");
}

}  // namespace
}  // namespace huitong::wire::wechatpay
