#include "wire/wechatpay/routes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/wechatpay/query.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::wire::wechatpay {
namespace {

using enum Error;

TEST(MatchRoute, KnowsEveryOperation) {
    const struct {
        const char *method, *path;
        Route want;
    } cases[] = {
        {"POST", "/v3/pay/transactions/native",                  {Operation::prepay_native, ""}                                      },
        {"POST", "/v3/pay/transactions/jsapi",                   {Operation::prepay_jsapi, ""}                                       },
        {"POST", "/v3/pay/transactions/h5",                      {Operation::prepay_h5, ""}                                          },
        {"POST", "/v3/pay/transactions/app",                     {Operation::prepay_app, ""}                                         },
        {"POST", "/v3/pay/transactions/codepay",                 {Operation::codepay, ""}                                            },
        {"POST",
         "/v3/pay/transactions/out-trade-no/123456/reverse",     {Operation::order_reverse, "123456"}                                },
        {"GET",
         "/v3/pay/transactions/id/4200000000000000000000000042", {Operation::order_by_transaction_id, "4200000000000000000000000042"}},
        {"GET",
         "/v3/pay/transactions/out-trade-no/a-b_c|*1",           {Operation::order_by_out_trade_no, "a-b_c|*1"}                      },
        {"GET",
         "/v3/pay/transactions/out-trade-no/a-b_c%7C%2A%31",     {Operation::order_by_out_trade_no, "a-b_c|*1"}                      },
        {"POST",
         "/v3/pay/transactions/out-trade-no/123456/close",       {Operation::order_close, "123456"}                                  },
        {"POST", "/v3/refund/domestic/refunds",                  {Operation::refund_create, ""}                                      },
        {"GET",
         "/v3/refund/domestic/refunds/R%40%7c1",                 {Operation::refund_by_out_refund_no, "R@|1"}                        },
        {"GET",  "/v3/certificates",                             {Operation::certificates, ""}                                       },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        const auto route = match_route(c.method, c.path);
        ASSERT_TRUE(route);
        EXPECT_EQ(*route, c.want);
    }
}

TEST(MatchRoute, RefusesUnknownPathsAndTricks) {
    for (const char* path : {
             "",
             "/",
             "*",
             "v3/certificates",
             "/v3",
             "/V3/certificates",
             "/v3/certificates/",
             "//v3/certificates",
             "/v3//certificates",
             "/v3/./certificates",
             "/v3/x/../certificates",
             "/v3/%63ertificates",
             "/v3/certificates#x",
             "/v3/pay/transactions/",
             "/v3/pay/transactions/codepay/",
             "/v3/pay/transactions/Native",
             "/v3/pay/transactions/id",
             "/v3/pay/transactions/id/",
             "/v3/pay/transactions/id/1/2",
             "/v3/pay/transactions/id/1/",
             "/v3/pay/transactions/id/.",
             "/v3/pay/transactions/id/..",
             "/v3/pay/transactions/id/%2e%2e",
             "/v3/pay/transactions/id/%2E",
             "/v3/pay/transactions/id/1%2F2",
             "/v3/pay/transactions/id//1",
             "/v3/pay/transactions/out-trade-no/",
             "/v3/pay/transactions/out-trade-no//close",
             "/v3/pay/transactions/out-trade-no/123456/Close",
             "/v3/pay/transactions/out-trade-no/123456/close/",
             "/v3/pay/transactions/out-trade-no/123456%2Fclose",
             "/v3/refund/domestic/refunds/",
             "/v3/refund/domestic/refunds/a/b",
             "http://127.0.0.1/v3/certificates",
         }) {
        for (const char* method : {"GET", "POST"}) {
            const auto route = match_route(method, path);
            ASSERT_FALSE(route) << path;
            // An escaped trick is only seen after the method was found to fit.
            EXPECT_TRUE(route.error().error == path_unknown ||
                        route.error().error == method_unknown)
                << path;
        }
        const auto got = match_route("GET", path);
        EXPECT_EQ(got.error().error, path_unknown) << path;
        EXPECT_EQ(got.error().location, Location::path);
    }
}

TEST(MatchRoute, RefusesOtherMethodsOfAKnownPath) {
    const struct {
        const char *method, *path;
    } cases[] = {
        {"GET",    "/v3/pay/transactions/native"                   },
        {"PUT",    "/v3/pay/transactions/jsapi"                    },
        {"post",   "/v3/pay/transactions/h5"                       },
        {"",       "/v3/pay/transactions/app"                      },
        {"POST",   "/v3/pay/transactions/id/42"                    },
        {"DELETE", "/v3/pay/transactions/out-trade-no/123456"      },
        {"GET",    "/v3/pay/transactions/out-trade-no/123456/close"},
        {"GET",    "/v3/refund/domestic/refunds"                   },
        {"POST",   "/v3/refund/domestic/refunds/R-1"               },
        {"HEAD",   "/v3/certificates"                              },
        {"POST",   "/v3/certificates"                              },
    };
    for (const auto& c : cases) {
        const auto route = match_route(c.method, c.path);
        ASSERT_FALSE(route) << c.path;
        EXPECT_EQ(route.error().error, method_unknown) << c.method << " " << c.path;
    }
}

TEST(MatchRoute, RefusesNumbersOutsideTheirAlphabet) {
    const struct {
        std::string path;
        Error want;
        const char* pointer;
    } cases[] = {
        {"/v3/pay/transactions/id/42x", field_format, "/transaction_id"},
        {"/v3/pay/transactions/id/" + std::string(33, '4'), field_range, "/transaction_id"},
        {"/v3/pay/transactions/id/4%2", field_format, "/transaction_id"},
        {"/v3/pay/transactions/id/4%zz", field_format, "/transaction_id"},
        {"/v3/pay/transactions/id/4%00", field_format, "/transaction_id"},
        {"/v3/pay/transactions/out-trade-no/12345", field_range, "/out_trade_no"},
        {"/v3/pay/transactions/out-trade-no/12345@", field_format, "/out_trade_no"},
        {"/v3/pay/transactions/out-trade-no/12345+", field_format, "/out_trade_no"},
        {"/v3/pay/transactions/out-trade-no/12345%C3", field_format, "/out_trade_no"},
        {"/v3/pay/transactions/out-trade-no/" + std::string(33, 'a'), field_range, "/out_trade_no"},
        {"/v3/refund/domestic/refunds/a%20b", field_format, "/out_refund_no"},
        {"/v3/refund/domestic/refunds/" + std::string(65, 'a'), field_range, "/out_refund_no"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        const auto route = match_route("GET", c.path);
        ASSERT_FALSE(route);
        EXPECT_EQ(route.error().error, c.want);
        EXPECT_EQ(route.error().pointer, c.pointer);
        EXPECT_EQ(route.error().location, Location::path);
    }
}

TEST(SplitTarget, CutsAtTheFirstQuestionMark) {
    const Target target = split_target("/a?b=?c");
    EXPECT_EQ(target.path, "/a");
    EXPECT_EQ(target.query, "b=?c");
    EXPECT_EQ(split_target("/a").query, "");
}

// The defect of a query as "name pointer", or "ok".
template <class T>
std::string verdict(const Parsed<T>& parsed) {
    if (parsed) return "ok";
    EXPECT_EQ(parsed.error().location, Location::query);
    return std::string(describe(parsed.error().error).name) + " " + parsed.error().pointer;
}

TEST(ParseOrderQuery, NeedsMchidExactlyOnceAndNothingElse) {
    const struct {
        std::string query;
        const char* want;
    } cases[] = {
        {"mchid=1900007291", "ok"},
        {"mchid=%31%39", "ok"},
        {"m%63hid=19", "ok"},
        {"", "field_missing /mchid"},
        {"mchid", "field_range /mchid"},
        {"mchid=", "field_range /mchid"},
        {"mchid=x", "field_format /mchid"},
        {"mchid=+1", "field_format /mchid"},
        {"mchid=%", "field_format /"},
        {"mchid=%1", "field_format /"},
        {"mchid=%g1", "field_format /"},
        {"mchid=1%00", "field_format /mchid"},
        {"mchid=" + std::string(33, '1'), "field_range /mchid"},
        {"mchid=1&mchid=1", "field_format /mchid"},
        {"mchid=1&m%63hid=1", "field_format /mchid"},
        {"mchid=1&x=2", "field_unknown /x"},
        {"x=2&mchid=1", "field_unknown /x"},
        {"mchid=1&", "ok"},
        {"mchid=1&&", "field_unknown /"},
        {"&mchid=1", "field_unknown /"},
        {"sp_mchid=1", "field_missing /mchid"},
        {"a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q", "field_unknown /q"},
    };
    for (const auto& c : cases) EXPECT_EQ(verdict(parse_order_query(c.query)), c.want) << c.query;
    EXPECT_EQ(parse_order_query("mchid=%31%39")->mchid, "19");
}

TEST(ParseOtherQueries, TakeTheirOwnParametersOnly) {
    EXPECT_EQ(parse_refund_query("")->sub_mchid, "");
    EXPECT_EQ(parse_refund_query("sub_mchid=42")->sub_mchid, "42");
    EXPECT_EQ(verdict(parse_refund_query("sub_mchid=")), "field_range /sub_mchid");
    EXPECT_EQ(verdict(parse_refund_query("mchid=1")), "field_unknown /mchid");
    using enum CertificateAlgorithm;
    EXPECT_EQ(parse_certificates_query("")->algorithm, rsa);
    EXPECT_EQ(parse_certificates_query("algorithm_type=RSA")->algorithm, rsa);
    EXPECT_EQ(parse_certificates_query("algorithm_type=SM2")->algorithm, sm2);
    EXPECT_EQ(parse_certificates_query("algorithm_type=ALL")->algorithm, all);
    EXPECT_EQ(verdict(parse_certificates_query("algorithm_type=rsa")),
              "field_range /algorithm_type");
    EXPECT_EQ(verdict(parse_certificates_query("algorithm=RSA")), "field_unknown /algorithm");
    EXPECT_EQ(verdict(parse_empty_query("")), "ok");
    EXPECT_EQ(verdict(parse_empty_query("a=1")), "field_unknown /a");
}

TEST(ParseClose, NeedsMchidAndNothingElse) {
    EXPECT_EQ(parse_close(R"({"mchid":"1900007291"})")->mchid, "1900007291");
    EXPECT_EQ(parse_close(to_json(CloseRequest{"42"}))->mchid, "42");
    const struct {
        const char* body;
        Error want;
        const char* pointer;
    } cases[] = {
        {"",                             body_malformed, ""      },
        {"{}",                           field_missing,  "/mchid"},
        {R"({"mchid":1})",               field_format,   "/mchid"},
        {R"({"mchid":"x"})",             field_format,   "/mchid"},
        {R"({"mchid":"1","appid":"2"})", field_unknown,  "/appid"},
    };
    for (const auto& c : cases) {
        const auto parsed = parse_close(c.body);
        ASSERT_FALSE(parsed) << c.body;
        EXPECT_EQ(parsed.error().error, c.want) << c.body;
        EXPECT_EQ(parsed.error().pointer, c.pointer);
    }
}

TEST(Uri, KnowsWebUrls) {
    for (const char* good : {"http://a", "https://a.cn/x?y=1#z", "http://127.0.0.1:8080/",
                             "https://[2001:db8::1]:443/p", "https://a-b_c.example.com."})
        EXPECT_TRUE(is_web_url(good)) << good;
    for (const char* bad :
         {"", "http:", "http://", "HTTP://a", "javascript:alert(1)", "https://a b",
          "https://a:", "https://a:x", "https://a:99999", "https://u@a", "https://[::1",
          "https://[x]/", "https://[::1]x", "https://.a", "https://a..b", "https://a\\b",
          "https://a/\x7F", "https://a%2fb/", "data:text/html,x"})
        EXPECT_FALSE(is_web_url(bad)) << bad;
    EXPECT_FALSE(is_ip_address(std::string("1.2.3.4\0", 8)));
}

RC_GTEST_PROP(Uri, DecodesWhatItEncodes, (const std::string& text)) {
    RC_ASSERT((percent_decode(percent_encode(text)) == text));
}

}  // namespace
}  // namespace huitong::wire::wechatpay
