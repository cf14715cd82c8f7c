// What operators need of other institutions: every route of it, each with its refusals.
#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "gateway/door/sealing.hpp"
#include "gateway/json_door/house_kit.hpp"
#include "gateway/operator/institution_texts.hpp"
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

// A house with a linked institution and the hosted one that it is itself.
class LinkedHouse : public House {
public:
    LinkedHouse() {
        const auto made = manage("POST", "/participants",
                                 R"({"name":"West","roles":["ACCOUNT_INSTITUTION"],)"
                                 R"("protocol":"JSON","institution_code":"48021560",)"
                                 R"("channels":["https://west.example:8443"]})");
        EXPECT_EQ(made.status, 201) << made.body;
        west = made.value("participant_id");
        for (const auto& [id, participant] : heart().directory()->participants) {
            if (participant.state.protocol == switching::Protocol::hosted)
                hosted = std::to_string(id.value);
        }
    }
    [[nodiscard]] std::string path(const std::string& below = {}) const {
        return "/participants/" + west + below;
    }
    [[nodiscard]] ParticipantId west_id() const { return {std::stoull(west)}; }

    std::string west;
    std::string hosted;
};

struct Case {
    std::string body;
    std::string want;
};
void expect_all(House& house, const std::string& method, const std::string& path,
                const std::vector<Case>& cases) {
    for (const Case& c : cases)
        EXPECT_EQ(house.manage(method, path, c.body).verdict(), c.want) << path << ' ' << c.body;
}

TEST(Institutions, AreRegisteredWithTheirLink) {
    LinkedHouse house;
    const auto shown = house.manage("GET", house.path());
    EXPECT_EQ(shown.verdict(), "200");
    EXPECT_EQ(shown.value("protocol"), "JSON");
    EXPECT_EQ(shown.value("hosted"), "false");
    EXPECT_EQ(shown.value("status"), "ACTIVE");
    EXPECT_EQ(shown.value("is_switch"), "false");
    EXPECT_EQ(shown.value("institution_code"), "48021560");
    EXPECT_TRUE(shown.has(R"("channels":["https://west.example:8443"])")) << shown.body;
    EXPECT_EQ(shown.value("has_master_key"), "false");
    EXPECT_EQ(house.manage("GET", "/participants/" + house.hosted).value("protocol"), "HOSTED");
    for (const char* id : {"1", "x", "99999999999999999999999"})
        EXPECT_EQ(house.manage("GET", std::string("/participants/") + id).verdict(),
                  "404 PARTICIPANT_NOT_EXIST");
    const auto with = [](const std::string& more) {
        return R"({"name":"East","roles":["ACCOUNT_INSTITUTION"],)" + more + "}";
    };
    expect_all(house, "POST", "/participants",
               {
                   {with(R"("protocol":"SOAP")"),                 "400 PARAM_ERROR"},
                   {with(R"("institution_code":"1234567")"),      "400 PARAM_ERROR"},
                   {with(R"("institution_code":"123456789012")"), "400 PARAM_ERROR"},
                   {with(R"("channels":["a b"])"),                "400 PARAM_ERROR"},
                   {with(R"("channels":["a","a"])"),              "400 PARAM_ERROR"},
                   {with(R"("is_switch":1)"),                     "400 PARAM_ERROR"},
                   {with(R"("dialect":"")"),                      "400 PARAM_ERROR"},
                   {with(R"("master_key":"0123456789ABCDEF")"),   "400 PARAM_ERROR"},
    });
}

TEST(Institutions, AreToldWhatToRegisterOfUs) {
    House house;
    EXPECT_EQ(house.manage("GET", "/institution").body,
              R"({"code":"HOUSE","url":"http://127.0.0.1:1","serial_no":"AB",)"
              R"("public_key_pem":"P"})");
}

TEST(Institutions, AreChangedMemberByMember) {
    LinkedHouse house;
    const auto changed = house.manage("PATCH", house.path(),
                                      R"({"status":"SUSPENDED","protocol":"ISO8583",)"
                                      R"("dialect":"cups","is_switch":true,"channels":[]})");
    EXPECT_EQ(changed.verdict(), "200") << changed.body;
    EXPECT_EQ(changed.value("status"), "SUSPENDED");
    EXPECT_EQ(changed.value("protocol"), "ISO8583");
    EXPECT_EQ(changed.value("dialect"), "cups");
    EXPECT_EQ(changed.value("is_switch"), "true");
    EXPECT_TRUE(changed.has(R"("channels":[])"));
    EXPECT_EQ(changed.value("institution_code"), "48021560");  // Not named, so it stayed.
    EXPECT_EQ(house.manage("PATCH", house.path(), "{}").body, changed.body);
    expect_all(house, "PATCH", house.path(),
               {
                   {R"({"status":"GONE"})",                 "400 PARAM_ERROR"},
                   {R"({"roles":["ACCOUNT_INSTITUTION"]})", "400 PARAM_ERROR"},
                   {R"({"name":""})",                       "400 PARAM_ERROR"},
                   {"",                                     "400 PARAM_ERROR"},
    });
    EXPECT_EQ(house.manage("PATCH", "/participants/1", "{}").verdict(),
              "404 PARTICIPANT_NOT_EXIST");
    EXPECT_EQ(house.call("PATCH", "/operator/v1" + house.path(), "{}").verdict(),
              "401 UNAUTHORIZED");
}

TEST(Institutions, HaveACodeThatHeadersCarry) {
    LinkedHouse house;
    const auto made = house.manage("POST", "/participants",
                                   R"({"name":"西部支付","code":"WEST-PAY.1_a",)"
                                   R"("roles":["ACCOUNT_INSTITUTION"]})");
    EXPECT_EQ(made.verdict(), "201") << made.body;
    EXPECT_EQ(made.value("code"), "WEST-PAY.1_a");
    EXPECT_EQ(made.value("name"), "西部支付");
    EXPECT_EQ(house.manage("GET", house.path()).value("code"), "West");  // Not given: the name.
    const auto nameless = house.manage("POST", "/participants",
                                       R"({"name":"西部支付","roles":["ACCOUNT_INSTITUTION"]})");
    EXPECT_EQ(nameless.verdict(), "400 PARAM_ERROR");
    EXPECT_TRUE(nameless.has(R"("field":"/name")")) << nameless.body;
    for (const std::string code : {"", "A B", "西", std::string(33, 'A').c_str()})
        EXPECT_EQ(house
                      .manage("POST", "/participants",
                              R"({"name":"East","roles":["ACCOUNT_INSTITUTION"],"code":")" + code +
                                  R"("})")
                      .verdict(),
                  "400 PARAM_ERROR")
            << code;
    EXPECT_EQ(house
                  .manage("POST", "/participants",
                          R"({"name":"East","roles":["ACCOUNT_INSTITUTION"],"code":"West"})")
                  .verdict(),
              "409 ALREADY_EXISTS");
}

// What a link needs is judged as it will be, whichever members a change names.
TEST(Institutions, HaveWhatTheirProtocolNeeds) {
    LinkedHouse house;
    const struct {
        const char* more;
        const char* want;
        const char* field;
    } cases[] = {
        {R"("protocol":"ISO8583")",                                                                "400", "/institution_code"},
        {R"("protocol":"ISO8583","institution_code":"48020344","channels":["https://east"])",      "400",
         "/channels"                                                                                                         },
        {R"("protocol":"ISO8583","institution_code":"48020344","dialect":"pos")",                  "400",
         "/dialect"                                                                                                          },
        {R"("protocol":"JSON","channels":["east.example:9000"])",                                  "400", "/channels"        },
        {R"("protocol":"ISO8583","institution_code":"48020344","channels":["east.example:9000"])",
         "201",                                                                                           ""                 },
    };
    for (const auto& c : cases) {
        const auto made = house.manage(
            "POST", "/participants",
            std::string(R"({"name":"East","roles":["ACCOUNT_INSTITUTION"],)") + c.more + "}");
        EXPECT_EQ(std::to_string(made.status), c.want) << c.more << made.body;
        EXPECT_TRUE(made.has(c.field)) << made.body;
    }
    EXPECT_EQ(house.manage("PATCH", house.path(), R"({"protocol":"ISO8583"})").verdict(),
              "400 PARAM_ERROR");  // Its channels are URLs still.
    const auto taken = house.manage("PATCH", house.path(),
                                    R"({"protocol":"ISO8583","channels":["west.example:9000"],)"
                                    R"("institution_code":"48020344"})");
    EXPECT_TRUE(taken.has("/institution_code")) << taken.body;
    EXPECT_EQ(house
                  .manage("PATCH", house.path(),
                          R"({"protocol":"ISO8583","channels":["west.example:9000"]})")
                  .verdict(),
              "200");
    EXPECT_EQ(house.manage("PATCH", house.path(), R"({"channels":["https://west"]})").verdict(),
              "400 PARAM_ERROR");
}

TEST(Institutions, TellHowTheirLinkFares) {
    LinkedHouse house;
    const auto idle = house.manage("GET", house.path("/link"));
    EXPECT_EQ(idle.value("state"), "IDLE") << idle.body;
    EXPECT_TRUE(idle.has(R"("channels":[{"address":"https://west.example:8443","up":false}])"));
    EXPECT_FALSE(idle.has("last_error"));

    links::LinkStatus status{.institution = house.west_id(), .calls = 12, .refused = 1};
    status.become(links::LinkState::down, {1'790'000'000'000});
    status.channels = {
        {.address = "10.1.2.3:9000", .up = true}
    };
    status.figures = {.calls = 10, .failures = 1, .p50_us = 1'500, .p99_us = 20'000};
    status.last_error = "peer_timeout";
    status.last_error_at = {1'790'000'000'000};
    house.link_status = status;
    const auto down = house.manage("GET", house.path("/link"));
    EXPECT_EQ(down.value("state"), "DOWN") << down.body;
    for (const char* part : {R"("since":"2026-09-)", R"("address":"10.1.2.3:9000","up":true)",
                             R"("calls":12)", R"("success_ppm":900000)", R"("p99_us":20000)",
                             R"("refused":1)", R"("last_error":{"error":"peer_timeout")"})
        EXPECT_TRUE(down.has(part)) << part << ' ' << down.body;
    EXPECT_EQ(house.manage("GET", "/participants/" + house.hosted + "/link").verdict(),
              "403 PARTICIPANT_NOT_LINKED");
    EXPECT_EQ(house.manage("GET", "/participants/1/link").verdict(), "404 PARTICIPANT_NOT_EXIST");
}

TEST(Institutions, SealAMasterKeyAndShowItNever) {
    LinkedHouse house;
    const std::string hex = "0123456789abcdefFEDCBA9876543210";
    const auto set = house.manage("PATCH", house.path(), R"({"master_key":")" + hex + "\"}");
    EXPECT_EQ(set.value("has_master_key"), "true") << set.body;
    EXPECT_FALSE(set.has(hex));
    const auto directory = house.heart().directory();
    const auto& kept = directory->participants.find(house.west_id())->state.master_key;
    const auto opened =
        house.master.open(door::participant_master_key_context(house.west_id()), kept.bytes);
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(crypto::to_hex(opened->expose()), "0123456789abcdeffedcba9876543210");
    expect_all(house, "PATCH", house.path(),
               {
                   {R"({"master_key":"0123456789ABCDEF"})",   "200"            }, // a single DES key
                   {R"({"master_key":"0123456789ABCDEG"})",   "400 PARAM_ERROR"},
                   {R"({"master_key":"0123456789ABCDEF01"})", "400 PARAM_ERROR"},
                   {R"({"master_key":""})",                   "400 PARAM_ERROR"},
    });
    const auto refused = house.manage("PATCH", house.path(), R"({"master_key":"5ec5ec5e"})");
    EXPECT_FALSE(refused.has("5ec5ec5e")) << refused.body;
}

TEST(Institutions, SignWithKeysOfEitherFamily) {
    LinkedHouse house;
    for (const auto algorithm : {crypto::KeyAlgorithm::rsa, crypto::KeyAlgorithm::sm2}) {
        const auto key = crypto::PrivateKey::generate(algorithm);
        const bool sm2 = algorithm == crypto::KeyAlgorithm::sm2;
        const std::string serial = sm2 ? "5A02" : "5A01";
        const auto added =
            house.manage("POST", house.path("/keys"),
                         R"({"public_key_pem":")" + escaped(key.public_key().to_pem()) +
                             R"(","serial_no":")" + serial + "\"}");
        EXPECT_EQ(added.status, 201) << added.body;
        EXPECT_EQ(added.value("algorithm"), sm2 ? "SM2" : "RSA");
        EXPECT_EQ(added.value("kind"), "PUBLIC_KEY");
        EXPECT_EQ(added.value("serial_no"), serial);
    }
    const auto list = house.manage("GET", house.path("/keys"));
    EXPECT_LT(list.body.find("5A02"), list.body.find("5A01"));  // The newest first.
    EXPECT_EQ(house.manage("GET", "/participants/" + house.hosted + "/keys").body,
              R"({"items":[]})");
    for (int repeat = 0; repeat < 2; ++repeat)
        EXPECT_EQ(house.manage("DELETE", house.path("/keys/5a01")).status, 204);
    EXPECT_FALSE(house.manage("GET", house.path("/keys")).has("5A01"));
    EXPECT_EQ(house.manage("DELETE", house.path("/keys/5A03")).verdict(),
              "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.manage("DELETE", "/participants/" + house.hosted + "/keys/5A02").verdict(),
              "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.manage("DELETE", "/participants/1/keys/5A02").verdict(),
              "404 PARTICIPANT_NOT_EXIST");
}

TEST(Institutions, BringCertificatesThatAreInForce) {
    LinkedHouse house;
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
    const Instant now = house.clock.now();
    const auto body = [&](Instant from, Instant to) {
        const auto made = crypto::issue_self_signed({.common_name = "West",
                                                     .organisation = {},
                                                     .not_before = from,
                                                     .not_after = to,
                                                     .serial = crypto::random_serial()},
                                                    key);
        return R"({"certificate_pem":")" + escaped(made->to_pem()) + "\"}";
    };
    const std::string good = body(now - days(1), now + days(30));
    const auto added = house.manage("POST", house.path("/keys"), good);
    EXPECT_EQ(added.value("kind"), "CERTIFICATE") << added.body;
    EXPECT_EQ(added.value("algorithm"), "SM2");
    EXPECT_EQ(house.manage("POST", house.path("/keys"), good).body, added.body);
    EXPECT_EQ(house.manage("POST", "/participants/" + house.hosted + "/keys", good).verdict(),
              "409 ALREADY_EXISTS");
    EXPECT_EQ(house.manage("POST", "/participants/1/keys", good).verdict(),
              "404 PARTICIPANT_NOT_EXIST");
    const std::string pem = escaped(key.public_key().to_pem());
    expect_all(house, "POST", house.path("/keys"),
               {
                   {body(now - days(9), now - days(1)), "400 PARAM_ERROR"},
                   {R"({"certificate_pem":"nonsense"})", "400 PARAM_ERROR"},
                   {R"({"public_key_pem":"nonsense","serial_no":"01"})", "400 PARAM_ERROR"},
                   {R"({"public_key_pem":")" + pem + "\"}", "400 PARAM_ERROR"},
                   {"{}", "400 PARAM_ERROR"},
    });
    // A merchant's keys may be of either family as well.
    house.open_merchant("1900000001");
    const auto merchants = house.manage("POST", "/merchants/1900000001/keys", good);
    EXPECT_EQ(merchants.verdict(), "201") << merchants.body;
    EXPECT_EQ(merchants.value("algorithm"), "SM2");
}

TEST(Institutions, HaveAPositionWithACap) {
    LinkedHouse house;
    const auto set = house.manage("PUT", house.path("/positions/CNY"), R"({"cap":1000000})");
    EXPECT_EQ(set.verdict(), "200") << set.body;
    EXPECT_TRUE(set.has(R"("currency":"CNY","cap":1000000,"position":0,"reserved":0,)"
                        R"("available":1000000,"used_percent":0,)"))
        << set.body;
    // West's payer pays a merchant here: reserved by the request, owed from its commit on.
    house.open_merchant("1900000001");
    EXPECT_EQ(house
                  .manage("PUT", house.path("/openings/MERCHANT_DYNAMIC"),
                          R"({"opens_at":"2020-01-01T00:00:00+08:00"})")
                  .verdict(),
              "200");
    const auto order = house.order("1900000001", "order-0001", 250'050);
    const auto asked = house.ask(switching::RequestPayment{
        .from = house.west_id(),
        .request_id = "k1",
        .amount = {250'050, cny},
        .order = order.id(),
        .subject = "Coffee",
        .content_digest = "d"
    });
    ASSERT_TRUE(asked.has_value());
    EXPECT_TRUE(
        house.manage("GET", "/positions")
            .has(R"("position":0,"reserved":250050,"available":749950,"used_percent":25,)"));
    ASSERT_TRUE(house.ask(switching::CommitPayment{house.west_id(), "k1"}).has_value());
    const auto list = house.manage("GET", "/positions?participant_id=" + house.west);
    EXPECT_TRUE(list.has(R"("position":250050,"reserved":0,"available":749950,)")) << list.body;
    EXPECT_EQ(house.manage("GET", "/positions?participant_id=" + house.hosted).body,
              R"({"items":[]})");
    const auto lowered = house.manage("PUT", house.path("/positions/CNY"), R"({"cap":100000})");
    EXPECT_EQ(lowered.value("used_percent"), "250");
    EXPECT_EQ(lowered.value("available"), "-150050");
    expect_all(house, "PUT", house.path("/positions/CNY"),
               {
                   {R"({"cap":-1})",                  "400 PARAM_ERROR"},
                   {R"({"cap":"5"})",                 "400 PARAM_ERROR"},
                   {R"({"cap":9223372036854775807})", "400 PARAM_ERROR"},
                   {"{}",                             "400 PARAM_ERROR"},
    });
    const auto put = [&house](const std::string& path) {
        return house.manage("PUT", "/participants/" + path, R"({"cap":1})").verdict();
    };
    EXPECT_EQ(put(house.west + "/positions/XYZ"), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(put("1/positions/CNY"), "404 PARTICIPANT_NOT_EXIST");
    EXPECT_EQ(put(house.hosted + "/positions/CNY"), "403 PARTICIPANT_NOT_LINKED");
    EXPECT_EQ(house.manage("GET", "/positions?participant_id=x").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.manage("GET", "/positions?other=1").verdict(), "400 PARAM_ERROR");
}

TEST(LinkedPayments, TellTheirStoryWithTheInstitutions) {
    LinkedHouse house;
    const auto east = house
                          .manage("POST", "/participants",
                                  R"({"name":"East","roles":["ACQUIRING_INSTITUTION"],)"
                                  R"("protocol":"JSON"})")
                          .value("participant_id");
    for (const std::string& id : {house.west, east}) {
        house.manage("PUT", "/participants/" + id + "/positions/CNY", R"({"cap":1000000})");
        house.manage("PUT", "/participants/" + id + "/openings/MERCHANT_DYNAMIC",
                     R"({"opens_at":"2020-01-01T00:00:00+08:00"})");
    }
    const ParticipantId east_id{std::stoull(east)};
    auto asked = house.ask(switching::RequestPayment{
        .from = house.west_id(),
        .request_id = "k1",
        .amount = {4'200, cny},
        .to = east_id,
        .code = "token",
        .subject = "Tea",
        .content_digest = "d"
    });
    ASSERT_TRUE(asked.has_value());
    const PaymentId id = std::get<switching::Payment>(*asked).id();
    ASSERT_TRUE(house.ask(switching::AnswerPayment{.payment = id, .yes = true}));
    ASSERT_TRUE(house.ask(switching::CommitPayment{house.west_id(), "k1"}));
    const auto list = house.manage("GET", "/payments");
    EXPECT_EQ(list.value("payer_participant_id"), house.west) << list.body;
    EXPECT_EQ(list.value("payee_participant_id"), east);
    const auto story = house.manage("GET", "/payments/" + wire::wechatpay::transaction_id(id));
    EXPECT_EQ(story.verdict(), "200") << story.body;
    EXPECT_EQ(story.value("kind"), "MPM");
    EXPECT_EQ(story.value("subject"), "Tea");
    EXPECT_FALSE(story.has("user_id") || story.has("order_id") || story.has("mchid"));
    EXPECT_LT(story.body.find("West position"), story.body.find("East position"));
    EXPECT_NE(story.body.find("East position"), std::string::npos) << story.body;
}

TEST(UsedPercent, IsRoundedDownAndNeverBelowZero) {
    struct Row {
        std::int64_t used;
        std::int64_t cap;
        std::int64_t percent;
    };
    for (const Row row : {
             Row{0,                   0,                   0  },
             Row{-5,                  10,                  0  },
             Row{1,                   0,                   100},
             Row{849,                 1000,                84 },
             Row{850,                 1000,                85 },
             Row{1000,                1000,                100},
             Row{30,                  10,                  300},
             Row{100'000'000'000'000, 100'000'000'000'000, 100}
    })
        EXPECT_EQ(used_percent(row.used, row.cap), row.percent) << row.used << '/' << row.cap;
}

TEST(CodeRules, GiveCodesToInstitutionsUntilWithdrawn) {
    LinkedHouse house;
    const auto rule = [&house](const std::string& members) {
        return "{" + members + R"(,"participant_id":")" + house.west + "\"}";
    };
    const std::string digits = R"("form":"DIGITS","pattern":"28","length":18,"priority":7)";
    const auto set = house.manage("POST", "/code-rules", rule(digits));
    EXPECT_EQ(set.verdict(), "200") << set.body;
    EXPECT_TRUE(set.has(R"("form":"DIGITS","pattern":"28","length":18,"priority":7)"));
    const auto url =
        house.manage("POST", "/code-rules", rule(R"("form":"URL","pattern":"qr.west.example")"));
    EXPECT_EQ(url.value("pattern"), "QR.WEST.EXAMPLE");
    const auto list = house.manage("GET", "/code-rules?participant_id=" + house.west);
    EXPECT_LT(list.body.find("URL"), list.body.find("DIGITS"));  // As they are asked.
    const std::string path = "/code-rules/" + set.value("code_rule_id");
    for (int repeat = 0; repeat < 2; ++repeat) EXPECT_EQ(house.manage("DELETE", path).status, 204);
    EXPECT_FALSE(house.manage("GET", "/code-rules").has("DIGITS"));
    EXPECT_EQ(house.manage("POST", "/code-rules", rule(digits)).body, set.body);
    EXPECT_EQ(house.manage("DELETE", "/code-rules/1").verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.manage("GET", "/code-rules?participant_id=0").verdict(), "400 PARAM_ERROR");
    const std::string others = "{" + digits + R"(,"participant_id":")" + house.hosted + "\"}";
    EXPECT_EQ(house.manage("POST", "/code-rules", others).verdict(), "409 ALREADY_EXISTS");
    const auto emv = [&rule](const std::string& more) {
        return rule(R"("form":"EMV_MERCHANT","pattern":"A000000333010101")" + more);
    };
    expect_all(house, "POST", "/code-rules",
               {
                   {emv(""),                                                        "200"            },
                   {emv(R"(,"length":18)"),                                         "400 PARAM_ERROR"},
                   {emv(R"(,"priority":-1)"),                                       "400 PARAM_ERROR"},
                   {rule(R"("form":"DIGITS","pattern":"28")"),                      "400 PARAM_ERROR"},
                   {rule(R"("form":"DIGITS","pattern":"2x","length":18)"),          "400 PARAM_ERROR"},
                   {rule(R"("form":"DIGITS","pattern":"123","length":2)"),          "400 PARAM_ERROR"},
                   {rule(R"("form":"DIGITS","pattern":"","length":2)"),             "400 PARAM_ERROR"},
                   {rule(R"("form":"PLATE","pattern":"1")"),                        "400 PARAM_ERROR"},
                   {rule(R"("pattern":"1","length":2)"),                            "400 PARAM_ERROR"},
                   {rule(R"("form":"URL","pattern":"https://west.example/")"),      "400 PARAM_ERROR"},
                   {R"({"form":"URL","pattern":"west.example"})",                   "400 PARAM_ERROR"},
                   {R"({"form":"URL","pattern":"w.example","participant_id":"1"})",
                    "404 PARTICIPANT_NOT_EXIST"                                                      },
    });
}

TEST(Openings, SayWhoMayUseWhichCodesWhen) {
    LinkedHouse house;
    const std::string path = house.path("/openings/PAYER_CODE");
    const std::string from = R"({"opens_at":"2026-01-01T00:00:00+08:00")";
    const auto open = house.manage("PUT", path, from + "}");
    EXPECT_EQ(open.verdict(), "200") << open.body;
    EXPECT_EQ(open.value("code_kind"), "PAYER_CODE");
    EXPECT_EQ(open.value("opens_at"), "2026-01-01T00:00:00+08:00");
    EXPECT_FALSE(open.has("closes_at"));
    const auto closed =
        house.manage("PUT", path, from + R"(,"closes_at":"2027-01-01T00:00:00+08:00"})");
    EXPECT_EQ(closed.value("closes_at"), "2027-01-01T00:00:00+08:00");
    EXPECT_TRUE(house.manage("GET", "/openings").has(closed.body));
    EXPECT_EQ(house.manage("GET", "/openings?participant_id=" + house.hosted).body,
              R"({"items":[]})");
    expect_all(house, "PUT", path,
               {
                   {from + R"(,"closes_at":"2026-01-01T00:00:00+08:00"})", "400 PARAM_ERROR"},
                   {R"({"opens_at":"soon"})",                              "400 PARAM_ERROR"},
                   {R"({"opens_at":"1960-01-01T00:00:00+08:00"})",         "400 PARAM_ERROR"},
                   {"{}",                                                  "400 PARAM_ERROR"},
    });
    EXPECT_EQ(house.manage("PUT", house.path("/openings/PLATE"), from + "}").verdict(),
              "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(house.manage("PUT", "/participants/1/openings/PAYER_CODE", from + "}").verdict(),
              "404 PARTICIPANT_NOT_EXIST");
    EXPECT_EQ(house.manage("GET", "/openings?participant_id=").verdict(), "400 PARAM_ERROR");
}

}  // namespace
}  // namespace huitong::gateway::operator_door
