#include <gtest/gtest.h>

#include "crypto/certificate.hpp"
#include "gateway/door/codes.hpp"
#include "gateway/door/key_ring.hpp"
#include "gateway/door/plates.hpp"
#include "gateway/json_door/house_kit.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::operator_door {
namespace {

using json_door::House;
using json_door::HouseAnswer;

std::string escaped(std::string pem) {
    for (std::size_t at = 0; (at = pem.find('\n', at)) != std::string::npos;)
        pem.replace(at, 1, "\\n");
    return pem;
}

TEST(OperatorDoor, AOneTimePasswordPermitsNothingButItsChange) {
    House house;
    auto made = make_operator("late", crypto::Secret("one-time-word"), house.master,
                              crypto::scrypt_cost_for_tests);
    ASSERT_TRUE(made && house.ask(*std::move(made)));
    const auto session = house.call("POST", "/operator/v1/sessions",
                                    R"({"name":"late","password":"one-time-word"})");
    EXPECT_EQ(session.value("password_change_required"), "true");
    const std::string token = session.value("token");
    for (const char* path : {"/merchants", "/users", "/statistics", "/platform-keys"})
        EXPECT_EQ(house.call("GET", std::string("/operator/v1") + path, "", token).verdict(),
                  "403 NO_AUTH");
    EXPECT_EQ(house.call("DELETE", "/operator/v1/sessions", "", token).verdict(), "403 NO_AUTH");
    const auto change = [&](const char* body) {
        return house.call("PUT", "/operator/v1/password", body, token);
    };
    EXPECT_EQ(change(R"({"old":"wrong","new":"a long passphrase"})").verdict(),
              "401 CREDENTIALS_WRONG");
    EXPECT_EQ(change(R"({"old":"one-time-word","new":"one-time-word"})").verdict(),
              "400 PARAM_ERROR");
    const auto changed = change(R"({"old":"one-time-word","new":"a long passphrase"})");
    EXPECT_EQ(changed.value("password_change_required"), "false") << changed.body;
    EXPECT_EQ(house.call("GET", "/operator/v1/merchants", "", token).verdict(), "401 UNAUTHORIZED");
    EXPECT_EQ(house.call("GET", "/operator/v1/merchants", "", changed.value("token")).verdict(),
              "200");
}

TEST(OperatorDoor, SessionsAreCheckedAndEnd) {
    House house;
    EXPECT_EQ(house.manage("POST", "/operators", R"({"name":"night","password":"long enough"})")
                  .verdict(),
              "201");
    EXPECT_EQ(house.manage("POST", "/operators", R"({"name":"night","password":"long enough"})")
                  .verdict(),
              "409 ALREADY_EXISTS");
    const std::string night = house.log_in_operator("night", "long enough");
    const auto list = [&house](const std::string& token) {
        return house.call("GET", "/operator/v1/participants", "", token).verdict();
    };
    EXPECT_EQ(list(night), "200");
    EXPECT_EQ(list(""), "401 UNAUTHORIZED");
    EXPECT_EQ(list("nonsense"), "401 UNAUTHORIZED");
    EXPECT_EQ(house.call("DELETE", "/operator/v1/sessions", "", night).status, 204);
    EXPECT_EQ(list(night), "401 UNAUTHORIZED");
    const std::string again = house.log_in_operator("night", "long enough");
    EXPECT_EQ(list(again), "200");
    house.clock.pass(hours(8));
    EXPECT_EQ(list(again), "401 UNAUTHORIZED");

    const auto wrong = [&house](const char* name) {
        return house
            .call("POST", "/operator/v1/sessions",
                  std::string(R"({"name":")") + name + R"(","password":"wrong"})")
            .verdict();
    };
    EXPECT_EQ(wrong("nobody"), "401 CREDENTIALS_WRONG");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(wrong("night"), "401 CREDENTIALS_WRONG");
    EXPECT_EQ(wrong("night"), "403 CREDENTIALS_LOCKED");
    house.clock.pass(minutes(15));
    EXPECT_FALSE(house.log_in_operator("night", "long enough").empty());
}

TEST(OperatorDoor, RegistersMerchantsAndShowsTheirKeyOnce) {
    House house;
    const auto made = house.manage(
        "POST", "/merchants",
        R"({"mchid":"1900000001","name":"Shop","appids":["wx1","wx2"],"key_mode":"CERTIFICATE"})");
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.value("apiv3_key").size(), 32U);
    EXPECT_TRUE(made.has(R"("unsettled":0,"available":0,"frozen":0)"));
    door::KeyRing ring(house.master);
    const auto directory = house.heart().directory();
    const auto* kept = directory->merchants.find(NaturalKey{0, "1900000001"});
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ((*ring.apiv3_key(*kept))->expose(), made.value("apiv3_key"));
    const auto shown = house.manage("GET", "/merchants/1900000001");
    EXPECT_FALSE(shown.has("apiv3_key"));
    EXPECT_EQ(shown.value("key_mode"), "CERTIFICATE");
    EXPECT_TRUE(shown.has(R"("balances":{)"));

    struct Case {
        const char* body;
        const char* want;
    };
    const Case cases[] = {
        {R"({"mchid":"1900000001","name":"S","appids":["wx1"],"key_mode":"CERTIFICATE"})",
         "409 ALREADY_EXISTS"       },
        {R"({"mchid":"190000000","name":"","appids":["wx1"],"key_mode":"CERTIFICATE"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900","name":"S","appids":["wx1"],"key_mode":"CERTIFICATE"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":[],"key_mode":"CERTIFICATE"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":["a","a"],"key_mode":"CERTIFICATE"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":["a"],"key_mode":"OTHER"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":["a"],"key_mode":"PUBLIC_KEY","apiv3_key":"x"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":["a"],"key_mode":"PUBLIC_KEY","notify_url":"x"})",
         "400 PARAM_ERROR"          },
        {R"({"mchid":"1900000002","name":"S","appids":["a"],"key_mode":"PUBLIC_KEY","participant_id":"7"})",
         "404 PARTICIPANT_NOT_EXIST"},
        {R"({"mchid":"1900000002","name":"S","appids":["a"],"key_mode":"PUBLIC_KEY","x":1})",
         "400 PARAM_ERROR"          },
    };
    for (const Case& c : cases)
        EXPECT_EQ(house.manage("POST", "/merchants", c.body).verdict(), c.want) << c.body;
    EXPECT_EQ(house.manage("GET", "/merchants/1900000009").verdict(), "400 MCH_NOT_EXISTS");
    for (int repeat = 0; repeat < 2; ++repeat)
        EXPECT_EQ(house.manage("POST", "/merchants/1900000001/freeze").value("state"), "FROZEN");
    EXPECT_EQ(house.manage("POST", "/merchants/1900000001/unfreeze").value("state"), "ACTIVE");
}

TEST(OperatorDoor, DrawsAMerchantsPlate) {
    House house;
    house.open_merchant("1900000001");
    house.open_merchant("1900000002");
    const door::Plates plates(house.secrets.code_key);
    const auto plate = house.manage("GET", "/merchants/1900000001/plate");
    EXPECT_EQ(plate.status, 200) << plate.body;
    const auto shop = plates.merchant_of(plate.value("code"));
    ASSERT_TRUE(shop.has_value());
    const auto other = house.manage("GET", "/merchants/1900000002/plate").value("code");
    EXPECT_TRUE(plates.merchant_of(other).has_value());
    EXPECT_NE(plates.merchant_of(other), shop);
    EXPECT_TRUE(plate.value("picture_svg").starts_with("<svg")) << plate.body;
    EXPECT_EQ(house.manage("GET", "/merchants/1900000001/plate").body, plate.body);
    EXPECT_EQ(house.manage("GET", "/merchants/1900000009/plate").verdict(), "400 MCH_NOT_EXISTS");
}

TEST(OperatorDoor, TakesMerchantKeysThatAreInForce) {
    House house;
    house.open_merchant("1900000001");
    house.open_merchant("1900000002");
    const auto key = crypto::RsaPrivateKey::generate();
    const auto certificate = [&](Instant from, Instant to) {
        return crypto::issue_self_signed({.common_name = "Shop",
                                          .organisation = {},
                                          .not_before = from,
                                          .not_after = to,
                                          .serial = crypto::random_serial()},
                                         key);
    };
    const Instant now = house.clock.now();
    const auto good = *certificate(now - days(1), now + days(30));
    const auto expired = *certificate(now - days(9), now - days(1));
    const auto add = [&house](const std::string& mchid, const std::string& body) {
        return house.manage("POST", "/merchants/" + mchid + "/keys", body);
    };
    const std::string body = R"({"certificate_pem":")" + escaped(good.to_pem()) + "\"}";
    const auto added = add("1900000001", body);
    EXPECT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(added.value("serial_no"), good.serial());
    EXPECT_EQ(added.value("kind"), "CERTIFICATE");
    EXPECT_EQ(add("1900000001", body).body, added.body);  // The same again is the first.
    EXPECT_EQ(add("1900000002", body).verdict(), "409 ALREADY_EXISTS");
    const std::string old = R"({"certificate_pem":")" + escaped(expired.to_pem()) + "\"}";
    EXPECT_EQ(add("1900000001", old).verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(add("1900000001", R"({"certificate_pem":"nonsense"})").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(add("1900000001", "{}").verdict(), "400 PARAM_ERROR");
    const std::string pem = escaped(key.public_key().to_pem());
    EXPECT_EQ(add("1900000001", R"({"public_key_pem":")" + pem + "\"}").verdict(),
              "400 PARAM_ERROR");
    EXPECT_EQ(add("1900000001", R"({"public_key_pem":")" + pem + R"(","serial_no":"00ab12"})")
                  .value("kind"),
              "PUBLIC_KEY");
    const auto list = house.manage("GET", "/merchants/1900000001/keys");
    EXPECT_TRUE(list.has(R"("serial_no":"AB12")") && list.has(good.serial())) << list.body;
    EXPECT_EQ(house.manage("DELETE", "/merchants/1900000002/keys/AB12").verdict(),
              "404 RESOURCE_NOT_EXISTS");
    for (int repeat = 0; repeat < 2; ++repeat)
        EXPECT_EQ(house.manage("DELETE", "/merchants/1900000001/keys/ab12").status, 204);
    EXPECT_FALSE(house.manage("GET", "/merchants/1900000001/keys").has("AB12"));
}

TEST(OperatorDoor, ShowsThePlatformsKeys) {
    House house;
    const auto keys = house.manage("GET", "/platform-keys");
    EXPECT_EQ(keys.verdict(), "200");
    EXPECT_TRUE(keys.value("public_key_id").starts_with("PUB_KEY_ID_"));
    EXPECT_TRUE(keys.has("BEGIN CERTIFICATE") && keys.has("BEGIN PUBLIC KEY"));
}

TEST(OperatorDoor, RegistersUsersAndShowsThemMasked) {
    House house;
    house.open_merchant("1900000001");
    const std::string id = house.open_user("alice");
    const auto shown = house.manage("GET", "/users/" + id);
    EXPECT_EQ(shown.value("login_name"), "alice");
    EXPECT_EQ(shown.value("masked_phone"), "+86138****0000");
    EXPECT_TRUE(shown.has(R"("available":0,"held":0,"balance":0)"));
    EXPECT_EQ(door::Openids(house.secrets.openid_key).user_of("wx1234", shown.value("openid")),
              UserId{std::stoull(id)});
    EXPECT_TRUE(house.manage("GET", "/users?login_name=ALICE").has(id));
    EXPECT_EQ(house.manage("GET", "/users?login_name=nobody").body, R"({"items":[]})");
    EXPECT_EQ(house.manage("GET", "/users/1").verdict(), "404 USER_NOT_EXIST");
    EXPECT_EQ(house.manage("GET", "/users/x").verdict(), "404 USER_NOT_EXIST");
    EXPECT_EQ(house.manage("POST", "/users/1/freeze").verdict(), "404 USER_NOT_EXIST");
    const std::string body = R"({"login_name":"Alice","display_name":"A","password":"long enough",)"
                             R"("payment_password":"135790"})";
    EXPECT_EQ(house.manage("POST", "/users", body).verdict(), "409 ALREADY_EXISTS");
    EXPECT_EQ(house.manage("POST", "/users", R"({"login_name":"b"})").verdict(), "400 PARAM_ERROR");
    house.erase_people();
    EXPECT_EQ(house.manage("GET", "/users/" + id).value("display_name"), "-");
}

TEST(OperatorDoor, ListsUsersInPagesTheNewestFirst) {
    House house;
    EXPECT_EQ(house.manage("GET", "/users").body, R"({"items":[]})");
    const std::string alice = house.open_user("alice");
    const std::string bob = house.open_user("bob");
    const std::string carol = house.open_user("carol");
    const auto first = house.manage("GET", "/users?limit=2");
    EXPECT_EQ(first.verdict(), "200") << first.body;
    EXPECT_TRUE(first.has(carol) && first.has(bob) && !first.has(alice)) << first.body;
    EXPECT_LT(first.body.find(carol), first.body.find(bob));
    EXPECT_EQ(first.value("next"), bob);
    const auto second = house.manage("GET", "/users?limit=2&before=" + bob);
    EXPECT_TRUE(second.has(alice) && !second.has(bob)) << second.body;
    EXPECT_EQ(second.value("next"), "");
    EXPECT_TRUE(house.manage("GET", "/statistics").has(R"("users":3,)"));
}

TEST(OperatorDoor, ShowsNoticesAndSendsThemAgain) {
    House house;
    const Instant at{1'790'000'000'000};
    Notice notice{
        .notice_id = "EV-1",
        .event_type = "TRANSACTION.SUCCESS",
        .url = "https://shop.example/notify",
        .status = NoticeStatus::given_up,
        .next_attempt_at = at,
        .attempts = {{at, 0, std::nullopt, "merchant_key_missing"},
                     {at, 0, milliseconds(5000), "an error of tomorrow"},
                     {at, 500, milliseconds(0), ""}}
    };
    house.notices = {notice};
    const auto shown = house.manage("GET", "/notices?order=7");
    EXPECT_TRUE(shown.has(R"("url":"https://shop.example/notify","state":"GIVEN_UP","attempts")"));
    const std::string missing(describe(Error::merchant_key_missing).text_zh);
    EXPECT_TRUE(shown.has(R"(+08:00","result":")" + missing + "\"}")) << shown.body;
    EXPECT_TRUE(shown.has(R"("duration_ms":5000,"result":"an error of tomorrow"})")) << shown.body;
    EXPECT_TRUE(shown.has(R"("http_status":500,"duration_ms":0,"result":"HTTP 500"})"));
    const auto resent = house.manage("POST", "/notices/EV-1/resend");
    EXPECT_EQ(resent.verdict(), "200") << resent.body;
    EXPECT_TRUE(resent.has(R"("state":"WAITING","next_attempt_at":)")) << resent.body;
    EXPECT_EQ(house.manage("POST", "/notices/EV-2/resend").verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.manage("POST", "/notices/EV-1/resend", "{}").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("GET", "/notices/EV-1/resend").verdict(), "405 INVALID_REQUEST");
}

TEST(OperatorDoor, TellsTheStoryOfAPayment) {
    House house;
    house.open_merchant("1900000001");
    house.open_merchant("1900000002");
    house.open_user("alice");
    const std::string alice = house.log_in("alice", "a long passphrase").value("token");
    const std::string source =
        house
            .call("POST", "/wallet/v1/funding-sources",
                  R"({"bank_name":"Bank","account_number":"6222020000004242"})", alice)
            .value("funding_source_id");
    house.call("POST", "/wallet/v1/top-ups",
               R"({"request_id":"top-up-0001","funding_source_id":")" + source +
                   R"(","amount":{"total":10000,"currency":"CNY"},"payment_password":"135790"})",
               alice);
    const auto order = house.order("1900000001", "order-0001", 2800);
    const std::string code =
        wire::wechatpay::code_url(door::OrderCodes(house.secrets.code_key).code_token(order.id()));
    const auto paid = house.call("POST", "/wallet/v1/payments",
                                 R"({"request_id":"request-0001","code":")" + code + "\"}", alice);
    ASSERT_EQ(paid.value("state"), "COMPLETED") << paid.body;
    acquiring::CreateRefund refund{
        .terms = {.merchant = order.terms.merchant,
                  .out_refund_no = "refund-0001",
                  .minor = 800,
                  .currency = cny,
                  .content_digest = "d"},
        .order = {.merchant = order.terms.merchant, .out_trade_no = "order-0001"},
        .total_minor = 2800
    };
    house.clock.pass(minutes(1));
    ASSERT_TRUE(house.ask(refund).has_value());

    const auto story = house.manage("GET", "/payments/" + paid.value("payment_id"));
    EXPECT_EQ(story.verdict(), "200") << story.body;
    EXPECT_TRUE(story.has(R"("out_refund_no":"refund-0001")"));
    EXPECT_TRUE(story.has(R"("name":"1900000001 unsettled")"));
    EXPECT_TRUE(story.has(R"("amount":{"total":2800,"currency":"CNY"},"at":)"));
    EXPECT_TRUE(story.has(R"("amount":{"total":800,"currency":"CNY"},"at":)"));
    EXPECT_FALSE(story.has(R"("amount":{"total":10000)"));  // The top-up is another story.

    const std::string order_id = std::to_string(order.id().value);
    EXPECT_EQ(house.manage("GET", "/orders/" + order_id).value("state"), "REFUND");
    EXPECT_EQ(house.manage("GET", "/orders/1").verdict(), "404 ORDER_NOT_EXIST");
    EXPECT_TRUE(house.manage("GET", "/orders").has(order_id));
    EXPECT_TRUE(house.manage("GET", "/orders?out_trade_no=order-0001").has(order_id));
    EXPECT_FALSE(house.manage("GET", "/orders?mchid=1900000002").has(order_id));
    const std::string number = paid.value("payment_id");
    for (const std::string& query : {std::string(), std::string("?mchid=1900000001"),
                                     std::string("?state=COMPLETED"), "?order_id=" + order_id})
        EXPECT_TRUE(house.manage("GET", "/payments" + query).has(number)) << query;
    for (const char* query : {"?mchid=1900000002", "?state=DECLINED", "?user_id=7"})
        EXPECT_FALSE(house.manage("GET", std::string("/payments") + query).has(number)) << query;
    EXPECT_EQ(house.manage("GET", "/payments?state=NONE").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("GET", "/payments/4200000000000000000000000001").verdict(),
              "404 PAYMENT_NOT_EXIST");

    const auto statistics = house.manage("GET", "/statistics?minutes=5");
    EXPECT_TRUE(statistics.has(
        R"("payments":1,"declined":0,"refunds":1,"amount":{"total":2800,"currency":"CNY"}},"points")"))
        << statistics.body;
    EXPECT_TRUE(house.manage("GET", "/statistics").has(R"("users":1,"merchants":2,"orders":1,)"));
    EXPECT_EQ(house.manage("GET", "/merchants/1900000001").value("unsettled"), "2000");
    EXPECT_EQ(house.manage("GET", "/notices?order=" + order_id).body, R"({"items":[]})");
    EXPECT_EQ(house.manage("GET", "/notices").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("GET", "/statistics?minutes=1441").verdict(), "400 PARAM_ERROR");
}

TEST(OperatorDoor, ListsComeInPagesTheNewestFirst) {
    House house;
    for (int i = 1; i <= 3; ++i)
        EXPECT_EQ(house
                      .manage("POST", "/participants",
                              R"({"name":"P)" + std::to_string(i) +
                                  R"(","roles":["ACQUIRING_INSTITUTION"]})")
                      .status,
                  201);
    const auto first = house.manage("GET", "/participants?limit=2");
    EXPECT_TRUE(first.has("\"P3\"") && first.has("\"P2\"") && !first.has("\"P1\""));
    const auto second = house.manage("GET", "/participants?limit=2&before=" + first.value("next"));
    EXPECT_TRUE(second.has("\"P1\"") && second.has("\"House\""));
    EXPECT_EQ(
        house.manage("POST", "/participants", R"({"name":"P1","roles":["ACCOUNT_INSTITUTION"]})")
            .verdict(),
        "409 ALREADY_EXISTS");
    EXPECT_EQ(house.manage("POST", "/participants", R"({"name":"P4","roles":["OTHER"]})").verdict(),
              "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("POST", "/participants", R"({"name":"P4"})").verdict(),
              "400 PARAM_ERROR");
}

TEST(OperatorDoor, KnowsItsPathsAndMethods) {
    House house;
    for (const char* path :
         {"/nothing", "/merchants/", "/merchants/1/2", "/merchants//keys", "", "/journal"})
        EXPECT_EQ(house.manage("GET", path).verdict(), "404 RESOURCE_NOT_EXISTS") << path;
    const auto wrong = house.manage("DELETE", "/merchants");
    EXPECT_EQ(wrong.verdict(), "405 INVALID_REQUEST");
    EXPECT_EQ(wrong.headers.at("Allow"), "POST, GET");
    EXPECT_EQ(house.manage("GET", "/merchants/1900000001?x=1").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("POST", "/merchants", std::string(body_bytes_max + 1, ' ')).verdict(),
              "413 PARAM_ERROR");
}

TEST(MakePlatformKey, IsOpenedByTheKeyRing) {
    const crypto::MasterKey master(crypto::SealingKey::generate());
    const Instant now{1'790'000'000'123};
    using enum acquiring::KeyFamily;
    const auto made = make_platform_key("Huitong", rsa, now, master);
    ASSERT_TRUE(made.has_value());
    const acquiring::PlatformKey key{made->terms, {}};
    EXPECT_EQ(key.terms.public_key_id.size(), 11U + 28U);
    EXPECT_EQ(key.terms.not_after, Instant{1'790'000'000'000} + days(5 * 365));
    door::KeyRing ring(master);
    const auto opened = ring.platform_key(key);
    ASSERT_TRUE(opened.has_value());
    const auto certificate = crypto::Certificate::parse(key.terms.certificate_pem);
    EXPECT_TRUE(certificate->public_key()->verify("text", opened->sign("text")));
    EXPECT_EQ(certificate->serial(), key.terms.serial);
    EXPECT_EQ(opened->algorithm(), crypto::KeyAlgorithm::rsa);
    EXPECT_FALSE(make_platform_key("", rsa, now, master).has_value());

    const auto national = make_platform_key("Huitong", sm2, now, master);
    ASSERT_TRUE(national.has_value());
    EXPECT_EQ(national->terms.key_family, sm2);
    const auto national_key = door::KeyRing(master).platform_key({national->terms, {}});
    EXPECT_EQ(national_key->algorithm(), crypto::KeyAlgorithm::sm2);
}

}  // namespace
}  // namespace huitong::gateway::operator_door
