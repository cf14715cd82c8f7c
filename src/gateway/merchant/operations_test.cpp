// Every operation of the contract: what it asks of the heart, and what it answers, yes and no.
#include "gateway/merchant/operations.hpp"

#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "gateway/door/merchant_texts.hpp"
#include "gateway/merchant/test_kit.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::merchant {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;
using engine::Answer;
using engine::Command;
using switching::PaymentStatus;

const std::string paths = "/v3/pay/transactions/";
const std::string mchid_query = "?mchid=1900000001";
const std::string refunds = "/v3/refund/domestic/refunds";
constexpr OrderId order_id{0x0123456789ABCDE};

Order some_order(OrderStatus status = OrderStatus::open) {
    Order order{
        .terms = {.id = order_id,
                  .merchant = {1},
                  .out_trade_no = "order-0001",
                  .appid = test_appid,
                  .notify_url = "https://a.example/n",
                  .minor = 100,
                  .created_at = test_start},
        .state = {.status = status}
    };
    if (status == OrderStatus::paid) {
        order.state.payer = {9};
        order.state.ended_at = test_start + seconds(5);
    }
    return order;
}

// The heart that makes whatever order or refund it is asked for.
Result<Answer> agreeable(const Command& command) {
    if (const auto* create = std::get_if<acquiring::CreateOrder>(&command)) {
        Order order = some_order();
        order.terms.trade_type = create->terms.trade_type;
        return engine::OrderAnswer{.order = order, .merchant_name = "Shop"};
    }
    if (std::holds_alternative<switching::ChargeCode>(command))
        return engine::OrderAnswer{
            some_order(OrderStatus::paid), "Shop", engine::Charge{{5}, PaymentStatus::completed}
        };
    if (std::holds_alternative<acquiring::CreateRefund>(command) ||
        std::holds_alternative<engine::QueryRefund>(command))
        return engine::RefundAnswer{
            .refund =
                {.terms = {.id = {7}, .out_refund_no = "r1", .minor = 30, .created_at = test_start},
                         .state = {.ended_at = test_start}},
            .order = some_order(OrderStatus::paid)
        };
    return engine::OrderAnswer{.order = some_order(OrderStatus::paid), .merchant_name = "Shop"};
}

std::string prepay_body(const std::string& more = "", const std::string& mchid = "1900000001") {
    return R"({"appid":"wx0123456789abcdef","mchid":")" + mchid +
           R"(","description":"tea","out_trade_no":"order-0001",)"
           R"("notify_url":"https://a.example/n","amount":{"total":100,"currency":"CNY"})" +
           more + "}";
}

const std::string codepay_body =
    R"({"appid":"wx0123456789abcdef","mchid":"1900000001","description":"tea",)"
    R"("out_trade_no":"order-0001","payer":{"auth_code":"130000000000000001"},)"
    R"("amount":{"total":100},"scene_info":{"device_ip":"1.2.3.4"}})";
const std::string reverse_body = R"({"appid":"wx0123456789abcdef","mchid":"1900000001"})";
const std::string h5_scene =
    R"(,"scene_info":{"payer_client_ip":"1.2.3.4","device_id":"d1","h5_info":{"type":"Wap"}})";
const std::string refund_body =
    R"({"out_trade_no":"order-0001","out_refund_no":"r1","reason":"late",)"
    R"("amount":{"refund":30,"total":100,"currency":"CNY"}})";

std::string payer(const std::string& openid) {
    return R"(,"payer":{"openid":")" + openid + R"("})";
}

// A good request of each operation.
std::vector<std::pair<const char*, TestRequest>> good_requests(const DoorKit& kit) {
    const std::string openid = door::Openids(kit.secrets.openid_key).of(test_appid, UserId{9});
    const std::string transaction = door::transaction_id_of(order_id);
    return {
        {"native",  {.method = "POST", .target = paths + "native", .body = prepay_body()}    },
        {"jsapi",
         {.method = "POST", .target = paths + "jsapi", .body = prepay_body(payer(openid))}   },
        {"h5",      {.method = "POST", .target = paths + "h5", .body = prepay_body(h5_scene)}},
        {"app",     {.method = "POST", .target = paths + "app", .body = prepay_body()}       },
        {"by id",   {.target = paths + "id/" + transaction + mchid_query}                    },
        {"by no",   {.target = paths + "out-trade-no/order-0001" + mchid_query}              },
        {"close",
         {.method = "POST",
          .target = paths + "out-trade-no/order-0001/close",
          .body = R"({"mchid":"1900000001"})"}                                               },
        {"codepay", {.method = "POST", .target = paths + "codepay", .body = codepay_body}    },
        {"reverse",
         {.method = "POST",
          .target = paths + "out-trade-no/order-0001/reverse",
          .body = reverse_body}                                                              },
        {"refund",  {.method = "POST", .target = refunds, .body = refund_body}               },
        {"refunds", {.target = refunds + "/r1"}                                              },
    };
}

TEST(Operations, AnswerEachGoodRequestSigned) {
    DoorKit kit;
    kit.heart = agreeable;
    for (const auto& [name, request] : good_requests(kit)) {
        SCOPED_TRACE(name);
        const TestAnswer answer = kit.call(request);
        EXPECT_EQ(answer.status, std::string_view(name) == "close" ? 204 : 200) << answer.body;
        EXPECT_TRUE(answer.header("Request-ID").ends_with("-0"));
        EXPECT_TRUE(DoorKit::is_signed(answer));
        EXPECT_EQ(answer.body.empty(), answer.status == 204);
        EXPECT_EQ(answer.headers.contains("Content-Type"), answer.status != 204);
    }
    EXPECT_EQ(kit.asked.size(), 11U);
}

// What the contract lists for each operation, and what the heart may say besides.
TEST(Operations, TellEachRefusalOfTheHeartInTheContractsCode) {
    struct Case {
        std::string_view operations;
        Error error;
        int status;
        std::string_view code;
    };
    const std::string_view prepay = "native jsapi h5 app";
    const std::string_view all =
        "native jsapi h5 app codepay by id by no close reverse refund refunds";
    const Case cases[] = {
        {prepay,              Error::merchant_not_found,          400, "MCH_NOT_EXISTS"       },
        {prepay,              Error::merchant_frozen,             403, "ACCOUNT_ERROR"        },
        {prepay,              Error::appid_not_bound,             400, "APPID_MCHID_NOT_MATCH"},
        {prepay,              Error::order_number_reused,         400, "INVALID_REQUEST"      },
        {prepay,              Error::order_number_paid,           403, "OUT_TRADE_NO_USED"    },
        {prepay,              Error::order_closed,                400, "ORDER_CLOSED"         },
        {prepay,              Error::order_expired,               400, "ORDER_CLOSED"         },
        {"by id by no close", Error::order_not_found,             404, "ORDER_NOT_EXIST"      },
        {"reverse",           Error::order_not_found,             404, "ORDER_NOT_EXIST"      },
        {"reverse",           Error::order_not_reversible,        400, "INVALID_REQUEST"      },
        {"reverse",           Error::payment_completed,           409, "PAYMENT_COMPLETED"    },
        {"reverse",           Error::merchant_funds_insufficient, 403, "NOT_ENOUGH"           },
        {"codepay",           Error::merchant_frozen,             403, "ACCOUNT_ERROR"        },
        {"codepay",           Error::appid_not_bound,             400, "APPID_MCHID_NOT_MATCH"},
        {"codepay",           Error::order_number_reused,         400, "INVALID_REQUEST"      },
        {"codepay",           Error::order_paid,                  400, "ORDER_PAID"           },
        {"codepay",           Error::payer_code_unknown,          404, "CODE_UNSUPPORTED"     },
        {"codepay",           Error::user_frozen,                 403, "USER_ACCOUNT_ABNORMAL"},
        {"codepay",           Error::participant_suspended,       403, "PARTICIPANT_SUSPENDED"},
        {"close",             Error::order_reversal_only,         400, "INVALID_REQUEST"      },
        {"close",             Error::order_paid,                  400, "ORDER_PAID"           },
        {"close",             Error::order_locked,                403, "TRADE_ERROR"          },
        {"refund",            Error::refund_number_reused,        400, "INVALID_REQUEST"      },
        {"refund",            Error::refund_order_not_found,      404, "RESOURCE_NOT_EXISTS"  },
        {"refund",            Error::refund_order_unpaid,         400, "INVALID_REQUEST"      },
        {"refund",            Error::refund_total_differs,        400, "PARAM_ERROR"          },
        {"refund",            Error::refund_window_closed,        400, "INVALID_REQUEST"      },
        {"refund",            Error::refund_count_exceeded,       400, "INVALID_REQUEST"      },
        {"refund",            Error::refund_exceeds_payment,      400, "INVALID_REQUEST"      },
        {"refund",            Error::merchant_funds_insufficient, 403, "NOT_ENOUGH"           },
        {"refunds",           Error::refund_not_found,            404, "RESOURCE_NOT_EXISTS"  },
        {all,                 Error::overloaded,                  429, "FREQUENCY_LIMITED"    },
        {all,                 Error::outcome_unknown,             500, "SYSTEM_ERROR"         },
        {all,                 Error::store_failed,                500, "SYSTEM_ERROR"         },
        {all,                 Error::store_stopped,               503, "SERVICE_UNAVAILABLE"  },
        {all,                 Error::shutting_down,               503, "SERVICE_UNAVAILABLE"  },
    };
    DoorKit kit;
    const auto requests = good_requests(kit);
    for (const Case& c : cases) {
        for (const auto& [name, request] : requests) {
            const std::string words = " " + std::string(c.operations) + " ";
            if (!words.contains(" " + std::string(name) + " ")) continue;
            SCOPED_TRACE(std::string(name) + ": " + std::string(describe(c.error).name));
            kit.heart = [&c](const Command&) -> Result<Answer> { return refuse(c.error); };
            const TestAnswer answer = kit.call(request);
            EXPECT_EQ(answer.status, c.status);
            EXPECT_EQ(answer.code(), c.code);
            EXPECT_FALSE(answer.text("message").empty());
            EXPECT_FALSE(answer.header("Request-ID").ends_with("-0"));
            EXPECT_TRUE(DoorKit::is_signed(answer));
        }
    }
}

// How the payment of a till's order stands, as codepay tells it.
TEST(Operations, TellATillWhatBecameOfItsCharge) {
    using enum PaymentStatus;
    struct Case {
        PaymentStatus status;
        Error decline;
        int http;
        std::string_view code;   // of an error
        std::string_view state;  // of a transaction
    };
    const Case cases[] = {
        {completed,  Error::count_,                    200, "",                    "SUCCESS"   },
        {confirming, Error::count_,                    202, "",                    "USERPAYING"},
        {reserved,   Error::count_,                    202, "",                    "USERPAYING"},
        {declined,   Error::funds_insufficient,        403, "NOT_ENOUGH",          ""          },
        {declined,   Error::payer_code_expired,        403, "AUTH_CODE_EXPIRE",    ""          },
        {declined,   Error::payer_code_spent,          403, "AUTH_CODE_INVALID",   ""          },
        {declined,   Error::payer_confirmation_missed, 403, "USER_PAYING_TIMEOUT", ""          },
        {reversing,  Error::transfer_expired,          403, "TRANSFER_EXPIRED",    ""          },
        {reversed,   Error::payment_reversed,          403, "PAYMENT_REVERSED",    ""          },
    };
    DoorKit kit;
    for (const Case& c : cases) {
        SCOPED_TRACE(describe(c.decline == Error::count_ ? Error::order_paid : c.decline).name);
        kit.heart = [&c](const Command&) -> Result<Answer> {
            const auto status = c.status == completed ? OrderStatus::paid : OrderStatus::locked;
            return engine::OrderAnswer{
                some_order(status), "Shop", engine::Charge{{5}, c.status, c.decline}
            };
        };
        const TestAnswer answer =
            kit.call({.method = "POST", .target = paths + "codepay", .body = codepay_body});
        EXPECT_EQ(answer.status, c.http) << answer.body;
        EXPECT_EQ(answer.code(), c.code);
        EXPECT_EQ(answer.text("trade_state"), c.state);
        EXPECT_TRUE(DoorKit::is_signed(answer));
    }
}

TEST(Operations, RefuseWhatIsBadlyShapedWithoutAskingTheHeart) {
    DoorKit kit;
    const TestKeys& keys = TestKeys::shared();
    const auto identity = [&keys](std::string_view member) {
        const auto sealed = keys.platform.public_key().encrypt("110101199003074514");
        return prepay_body(R"(,"payer":{"identity":{"type":"IDCARD",")" + std::string(member) +
                           R"(":")" + crypto::to_base64(sealed.value()) + R"("}})");
    };
    struct Case {
        const char* name;
        TestRequest request;
        int status;
        std::string_view code;
        std::string_view field;
    };
    const auto post = [](const std::string& target, const std::string& body) {
        return TestRequest{.method = "POST", .target = target, .body = body};
    };
    const auto sealed_for = [](const std::string& serial, const std::string& body) {
        return TestRequest{
            .method = "POST", .target = paths + "app", .body = body, .wechatpay_serial = serial};
    };
    const auto refund_with = [](const std::string& member) {
        std::string body = refund_body;
        return body.replace(1, 0, member);
    };
    const Case cases[] = {
        {"no body", post(paths + "native", ""), 400, "PARAM_ERROR", ""},
        {"not JSON", post(paths + "native", "{"), 400, "PARAM_ERROR", ""},
        {"unknown member", post(paths + "native", prepay_body(R"(,"x":1)")), 400, "PARAM_ERROR",
         "/x"},
        {"another's mchid", post(paths + "native", prepay_body("", "1900000002")), 400,
         "PARAM_ERROR", "/mchid"},
        {"a code of nobody",
         post(paths + "codepay",
         [] {
                  std::string body = codepay_body;
                  return body.replace(body.find("1300"), 4, "9900");
              }()),
         404, "CODE_UNSUPPORTED", ""},
        {"a reversal for another app",
         post(paths + "out-trade-no/order-0001/reverse", R"({"appid":"wx2","mchid":"1900000001"})"),
         400, "APPID_MCHID_NOT_MATCH", ""},
        {"no openid", post(paths + "jsapi", prepay_body()), 400, "PARAM_ERROR", "/payer"},
        {"an openid of nobody",
         post(paths + "jsapi", prepay_body(payer("oUpF8uMuAJO_M2pxb1Q9zNj"))), 400, "PARAM_ERROR",
         "/payer/openid"},
        {"no scene", post(paths + "h5", prepay_body()), 400, "PARAM_ERROR", "/scene_info"},
        {"an identity sealed for a key that is not named", sealed_for("", identity("name")), 400,
         "PARAM_ERROR", "/Wechatpay-Serial"},
        {"an identity sealed for an unknown key", sealed_for("ABCD", identity("name")), 400,
         "PARAM_ERROR", "/Wechatpay-Serial"},
        {"an identity sealed for another key", sealed_for(next_key_id, identity("number")), 400,
         "PARAM_ERROR", "/payer/identity/number"},
        {"an identity that is not base64",
         sealed_for(platform_serial,
         prepay_body(R"(,"payer":{"identity":{"type":"IDCARD","name":"*"}})")),
         400, "PARAM_ERROR", "/payer/identity/name"},
        {"one identified person", sealed_for(platform_serial, identity("number")), 403, "NO_AUTH",
         ""},
        {"a query", post(paths + "native?a=b", prepay_body()), 400, "PARAM_ERROR", "/a"},
        {"a body of a GET", {.target = refunds + "/r1", .body = "{}"}, 400, "PARAM_ERROR", ""},
        {"no mchid", {.target = paths + "out-trade-no/order-0001"}, 400, "PARAM_ERROR", "/mchid"},
        {"another's query",
         {.target = paths + "out-trade-no/order-0001?mchid=1900000002"},
         400, "PARAM_ERROR",
         "/mchid"},
        {"close for another",
         post(paths + "out-trade-no/order-0001/close", R"({"mchid":"1900000002"})"), 400,
         "PARAM_ERROR", "/mchid"},
        {"a short number",
         {.target = paths + "out-trade-no/abc" + mchid_query},
         400, "PARAM_ERROR",
         "/out_trade_no"},
        {"not our transaction",
         {.target = paths + "id/4200000" + mchid_query},
         404, "ORDER_NOT_EXIST",
         ""},
        {"a sub-merchant's refund", post(refunds, refund_with(R"("sub_mchid":"1900000109",)")), 403,
         "NO_AUTH", ""},
        {"a sub-merchant's refund query",
         {.target = refunds + "/r1?sub_mchid=1900000109"},
         403, "NO_AUTH",
         ""},
        {"a refund of nothing we know", post(refunds, refund_with(R"("transaction_id":"42",)")),
         404, "RESOURCE_NOT_EXISTS", ""},
        {"a refund out of frozen money",
         post(refunds, R"({"out_trade_no":"order-0001","out_refund_no":"r1","amount":{"refund":30,)"
                       R"("total":100,"currency":"CNY",)"
                       R"("from":[{"account":"UNAVAILABLE","amount":30}]}})"),
         403, "NOT_ENOUGH", ""},
        {"a fraction",
         post(refunds, R"({"out_trade_no":"order-0001","out_refund_no":"r1",)"
                       R"("amount":{"refund":1.0,"total":100,"currency":"CNY"}})"),
         400, "PARAM_ERROR", "/amount/refund"},
        {"an algorithm that nobody knows",
         {.target = "/v3/certificates?algorithm_type=DSA"},
         400, "PARAM_ERROR",
         "/algorithm_type"},
        {"certificates in public-key mode",
         {.target = "/v3/certificates"},
         404, "RESOURCE_NOT_EXISTS",
         ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const TestAnswer answer = kit.call(c.request);
        EXPECT_EQ(answer.status, c.status) << answer.body;
        EXPECT_EQ(answer.code(), c.code);
        EXPECT_EQ(answer.text("field"), c.field) << answer.body;
        const bool certified = c.request.mchid == by_certificate;
        const std::string& own = certified ? platform_serial : platform_key_id;
        const std::string& named = c.request.wechatpay_serial;
        EXPECT_TRUE(DoorKit::is_signed(answer, named.size() > 4 ? named : own));
    }
    EXPECT_TRUE(kit.asked.empty());
}

// The number after the dash of Request-ID identifies the exact error (3.4).
TEST(Prepay, NumbersItsRefusals) {
    DoorKit kit;
    struct Case {
        std::string type;
        std::string body;
        std::string number;
    };
    const Case cases[] = {
        {"native", "{", "268435461"},
        {"native", prepay_body(R"(,"x":1)"), "270924358"},
        {"native", prepay_body(R"(,"detail":[])"), "268435461"},
        {"native", prepay_body(R"(,"time_expire":"")"), "268435464"},
        {"native", prepay_body("", "1900000002"), "268447843"},
        {"jsapi", prepay_body(), "268501013"},
        {"jsapi", prepay_body(R"(,"payer":{})"), "268501013"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.body);
        const TestAnswer answer =
            kit.call({.method = "POST", .target = paths + c.type, .body = c.body});
        EXPECT_EQ(answer.code(), "PARAM_ERROR");
        EXPECT_TRUE(answer.header("Request-ID").ends_with("-" + c.number))
            << answer.header("Request-ID");
    }
}

TEST(Prepay, AsksForTheOrderAndAnswersWithACredential) {
    DoorKit kit;
    kit.heart = agreeable;
    const auto requests = good_requests(kit);
    const door::OrderCodes codes(kit.secrets.code_key);

    const auto code =
        wire::wechatpay::parse_code_url(kit.call(requests[0].second).text("code_url"));
    EXPECT_EQ(codes.order_of_code(code.value()), order_id);
    for (const std::size_t i : {1U, 3U}) {
        const std::string prepay_id = kit.call(requests[i].second).text("prepay_id");
        EXPECT_EQ(wire::wechatpay::parse_prepay_id(prepay_id)->order, order_id) << prepay_id;
    }
    const std::string url = kit.call(requests[2].second).text("h5_url");
    EXPECT_TRUE(url.starts_with("https://cashier.example.com/cgi-bin/")) << url;
    EXPECT_EQ(codes.order_of_package(wire::wechatpay::parse_h5_url(url)->package), order_id);

    const auto& native = std::get<acquiring::CreateOrder>(kit.asked.at(0)).terms;
    EXPECT_EQ(native.merchant, MerchantId{1});
    EXPECT_EQ(native.out_trade_no, "order-0001");
    EXPECT_EQ(native.appid, test_appid);
    EXPECT_EQ(native.description, "tea");
    EXPECT_EQ(native.notify_url, "https://a.example/n");
    EXPECT_EQ(native.minor, 100);
    EXPECT_EQ(native.currency, cny);
    EXPECT_EQ(native.expires_at, Instant{});
    EXPECT_EQ(native.extras, "");
    EXPECT_EQ(native.content_digest.size(), 43U);
    const auto& h5 = std::get<acquiring::CreateOrder>(kit.asked.at(3)).terms;
    EXPECT_EQ(h5.trade_type, acquiring::TradeType::h5);
    EXPECT_EQ(door::device_id_of(h5.extras), "d1");
}

TEST(Prepay, DigestsTheContentNotTheSpelling) {
    DoorKit kit;
    kit.heart = agreeable;
    const auto digest = [&kit](const std::string& type, const std::string& body) {
        kit.call({.method = "POST", .target = paths + type, .body = body});
        return std::get<acquiring::CreateOrder>(kit.asked.back()).terms.content_digest;
    };
    const std::string plain = digest("native", prepay_body());
    EXPECT_EQ(digest("native", prepay_body("\n ") + "\n"), plain);
    EXPECT_NE(digest("native", prepay_body(R"(,"attach":"a")")), plain);
    EXPECT_NE(digest("app", prepay_body()), plain);
}

TEST(Query, FindsByBothNumbersAndHidesATransactionThatIsNotPaid) {
    DoorKit kit;
    kit.heart = agreeable;
    const auto requests = good_requests(kit);
    const TestAnswer by_id = kit.call(requests[4].second);
    EXPECT_EQ(by_id.text("trade_state"), "SUCCESS");
    EXPECT_EQ(by_id.text("mchid"), by_public_key);
    EXPECT_EQ(by_id.text("transaction_id"), door::transaction_id_of(order_id));
    EXPECT_EQ(by_id.text("openid"), door::Openids(kit.secrets.openid_key).of(test_appid, {9}));
    EXPECT_EQ(std::get<engine::QueryOrder>(kit.asked.at(0)).order.id, order_id);

    kit.heart = [](const Command&) -> Result<Answer> {
        return engine::OrderAnswer{.order = some_order(), .merchant_name = "Shop"};
    };
    EXPECT_EQ(kit.call(requests[4].second).code(), "ORDER_NOT_EXIST");
    const TestAnswer by_number = kit.call(requests[5].second);
    EXPECT_EQ(by_number.text("trade_state"), "NOTPAY");
    EXPECT_EQ(std::get<engine::QueryOrder>(kit.asked.at(2)).order.out_trade_no, "order-0001");
    EXPECT_EQ(std::get<engine::QueryOrder>(kit.asked.at(2)).order.merchant, MerchantId{1});
}

TEST(Refund, AsksForTheRefundThatTheRequestDescribes) {
    DoorKit kit;
    kit.heart = agreeable;
    struct Case {
        std::string member;
        acquiring::RefundFunds want;
    };
    const Case cases[] = {
        {"",                                acquiring::RefundFunds::unsettled_first},
        {R"("funds_account":"UNSETTLED",)", acquiring::RefundFunds::unsettled      },
        {R"("funds_account":"AVAILABLE",)", acquiring::RefundFunds::available      },
    };
    for (const Case& c : cases) {
        std::string body = refund_body;
        body.replace(1, 0, c.member);
        const TestAnswer answer = kit.call({.method = "POST", .target = refunds, .body = body});
        EXPECT_EQ(answer.text("status"), "SUCCESS");
        const auto& refund = std::get<acquiring::CreateRefund>(kit.asked.back());
        EXPECT_EQ(refund.terms.funds, c.want);
        EXPECT_EQ(refund.terms.minor, 30);
        EXPECT_EQ(refund.total_minor, 100);
        EXPECT_EQ(refund.terms.reason, "late");
        EXPECT_EQ(refund.order.out_trade_no, "order-0001");
        EXPECT_FALSE(refund.order.id.named());
    }
    std::string body = refund_body;
    body.replace(1, 0, R"("transaction_id":")" + door::transaction_id_of(order_id) + R"(",)");
    kit.call({.method = "POST", .target = refunds, .body = body});
    EXPECT_EQ(std::get<acquiring::CreateRefund>(kit.asked.back()).order.id, order_id);
}

TEST(Refund, NamesTheTotalThatIsNotTheOrders) {
    DoorKit kit;
    kit.heart = [](const Command&) -> Result<Answer> {
        return refuse(Error::refund_total_differs);
    };
    const TestAnswer answer = kit.call({.method = "POST", .target = refunds, .body = refund_body});
    EXPECT_EQ(answer.text("field"), "/amount/total");
    EXPECT_EQ(answer.text("value"), "100");
    EXPECT_EQ(answer.text("location"), "body");
    EXPECT_FALSE(answer.text("issue").empty());
}

TEST(Certificates, ListsThoseInForceUnderTheApiv3Key) {
    DoorKit kit;
    kit.change([](engine::Directory& directory) {
        auto old = *directory.platform_keys.find(NaturalKey{0, platform_serial});
        old.terms.id = {9};
        old.terms.serial = "0123";
        old.terms.not_after = test_start - seconds(1);
        directory.platform_keys.load(old);
    });
    for (const std::string query : {"", "?algorithm_type=RSA", "?algorithm_type=ALL"}) {
        SCOPED_TRACE(query);
        const TestAnswer answer =
            kit.call({.target = "/v3/certificates" + query, .mchid = std::string(by_certificate)});
        EXPECT_EQ(answer.status, 200);
        EXPECT_TRUE(DoorKit::is_signed(answer, platform_serial));
        EXPECT_EQ(answer.text("serial_no"), platform_serial);
        EXPECT_TRUE(answer.body.contains(next_serial));
        EXPECT_FALSE(answer.body.contains(R"("0123")"));
        EXPECT_EQ(answer.text("algorithm"), "AEAD_AES_256_GCM");
        const auto pem = crypto::aes_gcm_open(
            crypto::Secret(apiv3_key_text),
            {.iv = answer.text("nonce"), .associated_data = answer.text("associated_data")},
            crypto::from_base64(answer.text("ciphertext")).value());
        ASSERT_TRUE(pem.has_value());
        EXPECT_EQ(pem->expose(), "PEM of " + platform_serial);
    }
    EXPECT_TRUE(kit.asked.empty());
}

TEST(Certificates, ListsTheFamilyThatIsAskedFor) {
    DoorKit kit;
    const auto list = [&kit](const std::string& algorithm) {
        return kit.call({.target = "/v3/certificates?algorithm_type=" + algorithm,
                         .mchid = std::string(by_sm2)});
    };
    EXPECT_FALSE(list("RSA").body.contains(sm2_serial));
    EXPECT_TRUE(list("ALL").body.contains(sm2_serial));
    EXPECT_TRUE(list("ALL").body.contains(platform_serial));
    const TestAnswer answer = list("SM2");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(DoorKit::is_signed(answer, sm2_serial));
    EXPECT_EQ(answer.text("serial_no"), sm2_serial);
    EXPECT_FALSE(answer.body.contains(platform_serial));
    EXPECT_EQ(answer.text("algorithm"), "AEAD_SM4_GCM");
    const auto pem = crypto::sm4_gcm_open(
        crypto::sm4_key_of(crypto::Secret(apiv3_key_text)),
        {.iv = answer.text("nonce"), .associated_data = answer.text("associated_data")},
        crypto::from_base64(answer.text("ciphertext")).value());
    ASSERT_TRUE(pem.has_value());
    EXPECT_EQ(pem->expose(), "PEM of " + sm2_serial);

    kit.change([](engine::Directory& directory) {
        auto gone = *directory.platform_keys.find(NaturalKey{0, sm2_serial});
        gone.state.revoked = true;
        directory.platform_keys.load(gone);
    });
    EXPECT_EQ(list("SM2").code(), "RESOURCE_NOT_EXISTS");
}

TEST(Prepay, TakesAnyOpenidWhenToldTo) {
    DoorKit kit({.operations = {.check_openid = false}});
    kit.heart = agreeable;
    const TestAnswer answer = kit.call({.method = "POST",
                                        .target = paths + "jsapi",
                                        .body = prepay_body(payer("oUpF8uMuAJO_M2pxb1Q9zNj"))});
    EXPECT_EQ(answer.status, 200);
}

}  // namespace
}  // namespace huitong::gateway::merchant
