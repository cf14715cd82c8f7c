// The way of a request: authentication, its order, nonces, keys, and that every answer is signed.
#include "gateway/merchant/door.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/merchant/test_kit.hpp"

namespace huitong::gateway::merchant {
namespace {

const std::string query_target = "/v3/pay/transactions/out-trade-no/order-0001?mchid=1900000001";

Result<engine::Answer> open_order(const engine::Command&) {
    return engine::OrderAnswer{
        .order = {.terms = {.id = {77}, .merchant = {1}, .out_trade_no = "order-0001", .minor = 1},
                  .state = {}},
        .merchant_name = "Shop"
    };
}

TEST(MerchantDoor, RefusesWhoIsNotAuthenticAndSaysWhichStepFailed) {
    DoorKit kit;
    const std::string good = kit.authorization({.target = query_target});
    const std::string unknown = "WECHATPAY2-ED25519" + good.substr(good.find(' '));
    const std::string mchid3(without_apiv3);
    struct Case {
        const char* name;
        TestRequest request;
        std::string field;
        std::string request_id_end;
    };
    const Case cases[] = {
        {"no header",        {.authorization = ""},                       "Authorization", "-270924332"},
        {"broken header",    {.authorization = "Bearer x"},               "Authorization", "-270924332"},
        {"unknown scheme",   {.authorization = unknown},                  "Authorization", "-270924332"},
        {"behind our clock", {.skew_s = -301},                            "timestamp",     "-268443699"},
        {"before our clock", {.skew_s = 301},                             "timestamp",     "-268443699"},
        {"unknown merchant", {.mchid = "1999999999"},                     "mchid",         "-268443699"},
        {"no APIv3 key",     {.mchid = mchid3},                           "mchid",         "-268443699"},
        {"unknown serial",   {.serial = "FFFF"},                          "serial_no",     "-268443699"},
        {"another's serial", {.serial = serial_of(by_certificate)},       "serial_no",     "-268443699"},
        {"revoked",          {.serial = serial_of(by_public_key, "0B")},  "serial_no",     "-268443699"},
        {"expired",          {.serial = serial_of(by_public_key, "0C")},  "serial_no",     "-268443699"},
        {"another key",      {.key = &TestKeys::shared().merchant_other}, "signature",     "-268443699"},
        {"another body",     {.signed_body = "x"},                        "signature",     "-268443699"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        TestRequest request = c.request;
        request.target = query_target;
        const TestAnswer answer = kit.call(request);
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.code(), "SIGN_ERROR");
        EXPECT_EQ(answer.text("field"), c.field) << answer.body;
        EXPECT_TRUE(answer.header("Request-ID").ends_with(c.request_id_end));
        EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8");
        EXPECT_TRUE(DoorKit::is_signed(answer));
    }
    EXPECT_TRUE(kit.asked.empty());
}

TEST(MerchantDoor, TakesATimestampUpToTheEdgeOfTheWindow) {
    DoorKit kit;
    kit.heart = open_order;
    EXPECT_EQ(kit.call({.target = query_target, .skew_s = 300}).status, 200);
    EXPECT_EQ(kit.call({.target = query_target, .skew_s = -300}).status, 200);
}

TEST(MerchantDoor, ShowsWhatItVerifiedWhenTheSignatureIsWrong) {
    DoorKit kit;
    const TestAnswer answer = kit.call({.target = query_target, .signed_body = "x"});
    EXPECT_EQ(answer.text("issue"), "sign not match");
    EXPECT_EQ(answer.text("location"), "authorization");
    EXPECT_EQ(answer.text("url"), query_target);
    EXPECT_TRUE(answer.body.contains(R"("truncated_sign_message":"GET\n/v3/pay/transactions)"))
        << answer.body;
}

TEST(MerchantDoor, TellsA401BeforeA400) {
    DoorKit kit;
    const TestAnswer bad_signature = kit.call({.method = "POST",
                                               .target = "/v3/pay/transactions/native",
                                               .body = "not json",
                                               .key = &TestKeys::shared().merchant_other});
    EXPECT_EQ(bad_signature.status, 401);
    const std::string bad_path = "/v3/pay/transactions/out-trade-no/a?mchid=1900000001";
    EXPECT_EQ(kit.call({.target = bad_path, .authorization = ""}).status, 401);
    const TestAnswer answer = kit.call({.target = bad_path});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.text("location"), "path");
    EXPECT_TRUE(DoorKit::is_signed(answer));
}

TEST(MerchantDoor, TellsOnlyTheAuthenticOfUnknownPathsAndMethods) {
    DoorKit kit;
    for (const std::string target : {"/v3/nothing", "/", "/v3/pay/transactions/native"}) {
        const TestAnswer stranger = kit.call({.target = target, .authorization = ""});
        EXPECT_EQ(stranger.status, 401) << target;
        EXPECT_EQ(stranger.code(), "SIGN_ERROR") << target;
        EXPECT_TRUE(DoorKit::is_signed(stranger)) << target;
    }
    const TestAnswer path = kit.call({.target = "/v3/nothing"});
    EXPECT_EQ(path.status, 404);
    EXPECT_EQ(path.code(), "RESOURCE_NOT_EXISTS");
    EXPECT_TRUE(DoorKit::is_signed(path));
    const TestAnswer method = kit.call({.method = "PUT", .target = "/v3/pay/transactions/native"});
    EXPECT_EQ(method.status, 405);
    EXPECT_EQ(method.header("Allow"), "POST");
    EXPECT_TRUE(DoorKit::is_signed(method));
    const TestAnswer get = kit.call({.method = "DELETE", .target = "/v3/certificates"});
    EXPECT_EQ(get.header("Allow"), "GET");
}

TEST(MerchantDoor, AnswersAByteIdenticalRepeatAndRefusesAReusedNonce) {
    DoorKit kit;
    kit.heart = open_order;
    const TestRequest first{.target = query_target, .nonce = "nonce-0001"};
    const TestAnswer one = kit.call(first);
    const TestAnswer two = kit.call(first);
    EXPECT_EQ(one.status, 200);
    EXPECT_EQ(two.status, 200);
    EXPECT_EQ(one.body, two.body);
    EXPECT_NE(one.header("Wechatpay-Nonce"), two.header("Wechatpay-Nonce"));
    EXPECT_TRUE(DoorKit::is_signed(two));
    EXPECT_EQ(kit.metrics().repeats, 1U);

    const TestAnswer other =
        kit.call({.target = "/v3/pay/transactions/out-trade-no/order-0002?mchid=1900000001",
                  .nonce = "nonce-0001"});
    EXPECT_EQ(other.status, 401);
    EXPECT_EQ(other.text("field"), "nonce_str");
    EXPECT_TRUE(DoorKit::is_signed(other));
    const TestAnswer later = kit.call({.target = query_target, .nonce = "nonce-0001", .skew_s = 1});
    EXPECT_EQ(later.status, 401);
    const TestAnswer another_merchant =
        kit.call({.target = "/v3/pay/transactions/out-trade-no/order-0001?mchid=1900000002",
                  .mchid = std::string(by_certificate),
                  .nonce = "nonce-0001"});
    EXPECT_EQ(another_merchant.status, 200);
}

TEST(MerchantDoor, DoesNotRememberTheNonceOfAWrongSignature) {
    DoorKit kit;
    kit.heart = open_order;
    EXPECT_EQ(kit.call({.target = query_target, .nonce = "n1", .signed_body = "x"}).status, 401);
    EXPECT_EQ(kit.call({.target = query_target, .nonce = "n1"}).status, 200);
}

TEST(MerchantDoor, SignsWithTheKeyThatTheRequestNamesElseByMode) {
    DoorKit kit;
    const std::string mine(by_public_key);
    const std::string certified(by_certificate);
    struct Case {
        const char* name;
        std::string mchid;
        std::string requested;
        std::string want;
    };
    const Case cases[] = {
        {"public-key mode",            mine,         "",              platform_key_id},
        {"certificate mode",           certified,    "",              platform_serial},
        {"asks for the certificate",   mine,         platform_serial, platform_serial},
        {"asks for the next",          certified,    next_serial,     next_serial    },
        {"asks for the public key",    certified,    next_key_id,     next_key_id    },
        {"asks for what is not there", certified,    "ABCD",          platform_serial},
        {"unknown merchant",           "1999999999", "",              platform_key_id},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const TestAnswer answer =
            kit.call({.target = "/v3/nothing", .mchid = c.mchid, .wechatpay_serial = c.requested});
        EXPECT_TRUE(DoorKit::is_signed(answer, c.want));
    }
}

TEST(MerchantDoor, AnswersInTheFamilyOfTheRequest) {
    DoorKit kit;
    const std::string sm2(by_sm2);
    const TestKeys& keys = TestKeys::shared();
    const std::string rsa_header = kit.authorization({.target = query_target});
    const std::string mixed(std::string(wire::wechatpay::sm2_scheme) +
                            rsa_header.substr(rsa_header.find(' ')));
    struct Case {
        const char* name;
        TestRequest request;
        int status;
        std::string signed_by;
    };
    const Case cases[] = {
        {"SM2",                       {.mchid = sm2},                                 404, sm2_serial     },
        {"SM2, asks for the key",     {.mchid = sm2, .wechatpay_serial = sm2_key_id}, 404, sm2_key_id     },
        {"SM2, asks for an RSA key",
         {.mchid = sm2, .wechatpay_serial = platform_serial},
         404,                                                                              platform_serial},
        {"SM2, wrong signature",      {.mchid = sm2, .signed_body = "x"},             401, sm2_serial     },
        {"an RSA signature, SM2 key", {.mchid = sm2, .key = &keys.merchant},          401, platform_serial},
        {"an SM2 signature, RSA key", {.key = &keys.merchant_sm2},                    401, sm2_key_id     },
        {"RSA bytes as SM2",          {.authorization = mixed},                       401, sm2_key_id     },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        TestRequest request = c.request;
        request.target = request.authorization ? query_target : "/v3/nothing";
        const TestAnswer answer = kit.call(request);
        EXPECT_EQ(answer.status, c.status) << answer.body;
        EXPECT_TRUE(DoorKit::is_signed(answer, c.signed_by));
    }
}

TEST(MerchantDoor, ProbesWhetherTheClientVerifies) {
    DoorKit kit({.signature_probe_every = 2});
    EXPECT_TRUE(DoorKit::is_signed(kit.call({.target = "/v3/nothing"})));
    const TestAnswer probe = kit.call({.target = "/v3/nothing"});
    EXPECT_TRUE(probe.header("Wechatpay-Signature").starts_with("WECHATPAY/SIGNTEST/"));
    EXPECT_FALSE(DoorKit::is_signed(probe));
    EXPECT_TRUE(DoorKit::is_signed(kit.call({.target = "/v3/nothing"})));
}

TEST(MerchantDoor, AnswersUnsignedOnlyWhenThereIsNoKey) {
    DoorKit kit;
    kit.change([](engine::Directory& directory) { directory.platform_keys = {}; });
    const TestAnswer answer = kit.call({.target = "/v3/nothing"});
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.header("Wechatpay-Signature"), "");
    EXPECT_EQ(kit.metrics().unsigned_answers, 1U);
}

TEST(MerchantDoor, LimitsTheRateOfEachMerchant) {
    DoorKit kit({
        .rate_limit = {.per_second = 1, .burst = 2}
    });
    kit.heart = open_order;
    EXPECT_EQ(kit.call({.target = query_target}).status, 200);
    EXPECT_EQ(kit.call({.target = query_target}).status, 200);
    const TestAnswer limited = kit.call({.target = query_target});
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.code(), "FREQUENCY_LIMITED");
    EXPECT_TRUE(DoorKit::is_signed(limited));
    kit.clock.advance(seconds(1));
    EXPECT_EQ(kit.call({.target = query_target}).status, 200);
}

TEST(MerchantDoor, RefusesMoreThanItMayHaveInFlight) {
    DoorKit kit({.in_flight_max = 0});
    const TestAnswer answer = kit.call({.target = query_target});
    EXPECT_EQ(answer.status, 429);
    EXPECT_TRUE(DoorKit::is_signed(answer));
}

TEST(MerchantDoor, CountsByOperationAndWireCode) {
    DoorKit kit;
    kit.heart = open_order;
    kit.call({.target = query_target});
    kit.call({.target = query_target, .skew_s = 999});
    kit.call({.target = query_target, .signed_body = "x"});
    kit.call({.target = "/v3/nothing"});
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> counts;
    for (const auto& row : kit.metrics().rows())
        counts[{row.operation, row.wire_code}] = row.requests;
    EXPECT_EQ((counts[{"order_by_out_trade_no", "OK"}]), 1U);
    EXPECT_EQ((counts[{"order_by_out_trade_no", "SIGN_ERROR"}]), 2U);
    EXPECT_EQ((counts[{"none", "RESOURCE_NOT_EXISTS"}]), 1U);
    EXPECT_EQ(counts.size(), 3U);
    EXPECT_EQ(kit.metrics().verified.count, 3U);
    EXPECT_EQ(kit.metrics().signed_answers.count, 4U);
}

// Sends bytes as they are and reads until the server closes.
std::string raw(std::uint16_t port, const std::string& bytes) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    EXPECT_EQ(write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    std::string got;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(fd, buffer, sizeof buffer)) > 0;)
        got.append(buffer, static_cast<std::size_t>(n));
    close(fd);
    return got;
}

TEST(MerchantDoor, SignsTheErrorsOfTheHttpLayer) {
    DoorKit kit;
    const std::string broken = raw(kit.port(), "NOT HTTP\r\n\r\n");
    EXPECT_TRUE(broken.starts_with("HTTP/1.1 400")) << broken;
    EXPECT_TRUE(broken.contains("Wechatpay-Signature: ")) << broken;
    EXPECT_TRUE(broken.contains(R"("code":"PARAM_ERROR")")) << broken;
    const std::string large =
        raw(kit.port(), "POST /v3/pay/transactions/native HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                            std::to_string(body_bytes_max + 1) + "\r\n\r\n");
    EXPECT_TRUE(large.starts_with("HTTP/1.1 413")) << large;
    EXPECT_TRUE(large.contains("Wechatpay-Serial: " + platform_key_id)) << large;
}

TEST(MerchantDoor, TakesATargetWithSchemeAndHostWhichAreNotSigned) {
    DoorKit kit;
    kit.heart = open_order;
    const std::string answer =
        raw(kit.port(), "GET http://pay.example" + query_target +
                            " HTTP/1.1\r\nHost: pay.example\r\nConnection: close\r\n" +
                            "Authorization: " + kit.authorization({.target = query_target}) +
                            "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
}

TEST(MerchantDoor, KnowsNoHead) {
    DoorKit kit;
    const std::string authorization =
        kit.authorization({.method = "HEAD", .target = "/v3/certificates"});
    const std::string answer =
        raw(kit.port(), "HEAD /v3/certificates HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
                            std::string("Authorization: ") + authorization + "\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

}  // namespace
}  // namespace huitong::gateway::merchant
