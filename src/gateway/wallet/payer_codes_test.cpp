// Payer codes from their issue to the confirmation of what a till asks for with them.
#include <gtest/gtest.h>
#include <set>

#include "gateway/json_door/house_kit.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using json_door::House;
using json_door::HouseAnswer;

// A house with alice, who has 3000 yuan, and a linked institution with tills.
class CodeHouse : public House {
public:
    explicit CodeHouse(Options options = {}) : House(std::move(options)) {
        alice_id = open_user("alice");
        alice = log_in("alice", "a long passphrase").value("token");
        const std::string source =
            post("/funding-sources", R"({"bank_name":"Bank","account_number":"6222020000004242"})")
                .value("funding_source_id");
        const auto topped =
            post("/top-ups", R"({"request_id":"top-up-0001","funding_source_id":")" + source +
                                 R"(","amount":{"total":300000,"currency":"CNY"},)" +
                                 R"("payment_password":"135790"})");
        EXPECT_EQ(topped.value("state"), "COMPLETED") << topped.body;
        const auto west = manage("POST", "/participants",
                                 R"({"name":"West","roles":["ACQUIRING_INSTITUTION"],)"
                                 R"("protocol":"JSON"})")
                              .value("participant_id");
        west_id = {std::stoull(west)};
        manage("PUT", "/participants/" + west + "/positions/CNY", R"({"cap":0})");
        manage("PUT", "/participants/" + west + "/openings/PAYER_CODE",
               R"({"opens_at":"2020-01-01T00:00:00+08:00"})");
    }
    HouseAnswer post(const std::string& path, const std::string& body = {}) {
        return call("POST", "/wallet/v1" + path, body, alice);
    }
    HouseAnswer get(const std::string& path) { return call("GET", "/wallet/v1" + path, "", alice); }
    // West's till charges a code.
    switching::Payment charge(const std::string& digits, std::int64_t fen) {
        auto answer = ask(switching::RequestPayment{
            .from = west_id,
            .request_id = "till-" + std::to_string(++requests_),
            .kind = switching::PaymentKind::cpm,
            .code_kind = switching::CodeKind::payer_code,
            .amount = {fen, cny},
            .code = digits,
            .subject = "Shoes",
            .content_digest = digits
        });
        EXPECT_TRUE(answer.has_value());
        return std::get<switching::Payment>(*answer);
    }
    switching::Payment charge(std::int64_t fen) {
        return charge(post("/payer-codes").value("digits"), fen);
    }
    HouseAnswer confirm(const switching::Payment& payment, const std::string& password,
                        const std::string& who) {
        return call(
            "POST",
            "/wallet/v1/payments/" + wire::wechatpay::transaction_id(payment.id()) + "/confirm",
            R"({"payment_password":")" + password + "\"}", who);
    }

    std::string alice;
    std::string alice_id;
    ParticipantId west_id;

private:
    int requests_ = 0;
};

TEST(PayerCodes, AreIssuedOnlySoOften) {
    CodeHouse house({
        .payer_codes = {.burst = 2, .every = seconds(30)}
    });
    EXPECT_EQ(house.post("/payer-codes").status, 200);
    EXPECT_EQ(house.post("/payer-codes").status, 200);
    EXPECT_EQ(house.post("/payer-codes").verdict(), "429 FREQUENCY_LIMITED");
    house.clock.pass(seconds(30));
    EXPECT_EQ(house.post("/payer-codes").status, 200);
    EXPECT_EQ(house.post("/payer-codes").verdict(), "429 FREQUENCY_LIMITED");
}

TEST(PayerCodes, AreEighteenDigitsForAMinute) {
    CodeHouse house;
    const auto issued = house.post("/payer-codes");
    EXPECT_EQ(issued.verdict(), "200") << issued.body;
    const std::string digits = issued.value("digits");
    EXPECT_EQ(digits.size(), 18U);
    EXPECT_TRUE(digits.starts_with("13"));
    EXPECT_EQ(issued.value("expires_at"), to_rfc3339(house.clock.now() + seconds(60)));
    EXPECT_NE(house.post("/payer-codes").value("digits"), digits);
    EXPECT_EQ(house.charge(digits, 100).state.status, switching::PaymentStatus::reserved);
    EXPECT_EQ(house.charge(digits, 100).state.decline, describe(Error::payer_code_spent).name);
    EXPECT_EQ(house.post("/payer-codes", "{}").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.call("POST", "/wallet/v1/payer-codes").verdict(), "401 UNAUTHORIZED");
    EXPECT_EQ(house.call("GET", "/wallet/v1/payer-codes").verdict(), "405 INVALID_REQUEST");
    house.manage("POST", "/users/" + house.alice_id + "/freeze");
    EXPECT_EQ(house.post("/payer-codes").verdict(), "403 USER_ACCOUNT_ABNORMAL");
}

// With ten codes in all, most draws are taken before the last is found.
TEST(PayerCodes, AreDrawnAgainWhenTheyAreTaken) {
    CodeHouse house({.payer_code_prefix = "13131313131313131"});
    std::set<std::string> codes;
    for (int i = 0; i < 3; ++i) codes.insert(house.post("/payer-codes").value("digits"));
    EXPECT_EQ(codes.size(), 3U);
    EXPECT_FALSE(codes.contains(""));
    auto answer = house.post("/payer-codes");
    for (; answer.status == 200; answer = house.post("/payer-codes"))
        EXPECT_TRUE(codes.insert(answer.value("digits")).second);
    EXPECT_EQ(answer.verdict(), "409 ALREADY_EXISTS");
    EXPECT_LE(codes.size(), 10U);
}

TEST(Confirming, APaymentWaitsForThePasswordOfItsPayer) {
    CodeHouse house;
    EXPECT_EQ(house.get("/payments/confirming").body, R"({"items":[]})");
    const auto small = house.charge(100'000);
    EXPECT_EQ(small.state.status, switching::PaymentStatus::reserved);
    EXPECT_EQ(house.get("/payments/confirming").body, R"({"items":[]})");
    const auto payment = house.charge(100'001);
    EXPECT_EQ(payment.state.status, switching::PaymentStatus::confirming);
    const auto waiting = house.get("/payments/confirming");
    EXPECT_EQ(waiting.value("payment_id"), wire::wechatpay::transaction_id(payment.id()));
    EXPECT_EQ(waiting.value("state"), "CONFIRMING");
    EXPECT_EQ(waiting.value("payee_name"), "West");
    EXPECT_EQ(waiting.value("description"), "Shoes");
    EXPECT_TRUE(waiting.has(R"("amount":{"total":100001,"currency":"CNY"})"));
    EXPECT_EQ(waiting.value("expires_at"), to_rfc3339(house.clock.now() + seconds(30)));
    EXPECT_FALSE(waiting.has("completed_at"));
    const auto confirmed = house.confirm(payment, "135790", house.alice);
    EXPECT_EQ(confirmed.verdict(), "200") << confirmed.body;
    EXPECT_EQ(confirmed.value("state"), "RESERVED");  // Until the till's institution commits.
    EXPECT_EQ(house.confirm(payment, "135790", house.alice).body, confirmed.body);
    EXPECT_EQ(house.get("/payments/confirming").body, R"({"items":[]})");
    EXPECT_TRUE(house.ask(switching::CommitPayment{house.west_id, payment.terms.request_id}));
    EXPECT_EQ(house.confirm(payment, "135790", house.alice).value("state"), "COMPLETED");
}

TEST(Confirming, EndsWithItsTimeOrADecline) {
    CodeHouse house;
    const auto late = house.charge(100'001);
    const auto dear = house.charge(300'001);
    const auto declined = house.confirm(dear, "135790", house.alice);
    EXPECT_EQ(declined.value("state"), "DECLINED");
    EXPECT_TRUE(declined.has(R"("decline":{"code":"NOT_ENOUGH")")) << declined.body;
    EXPECT_TRUE(house.get("/payments/confirming").has("CONFIRMING"));
    house.clock.pass(seconds(30));
    EXPECT_EQ(house.get("/payments/confirming").body, R"({"items":[]})");
    ASSERT_TRUE(house.ask(switching::ExpirePayment{late.id()}));
    EXPECT_EQ(house.confirm(late, "135790", house.alice).value("state"), "DECLINED");
}

TEST(Confirming, TellsEveryRefusal) {
    CodeHouse house;
    house.open_user("bob");
    const auto bob = house.log_in("bob", "a long passphrase").value("token");
    const auto payment = house.charge(100'001);
    EXPECT_EQ(house.call("GET", "/wallet/v1/payments/confirming", "", bob).body, R"({"items":[]})");
    EXPECT_EQ(house.call("GET", "/wallet/v1/payments/confirming").verdict(), "401 UNAUTHORIZED");
    EXPECT_EQ(house.get("/payments/confirming?x=1").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.confirm(payment, "135790", "").verdict(), "401 UNAUTHORIZED");
    EXPECT_EQ(house.confirm(payment, "135790", bob).verdict(), "404 PAYMENT_NOT_EXIST");
    const std::string path =
        "/payments/" + wire::wechatpay::transaction_id(payment.id()) + "/confirm";
    EXPECT_EQ(house.post(path, R"({"payment_password":"1"})").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.post(path, "{}").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.post(path, R"({"payment_password":"135790","x":1})").verdict(),
              "400 PARAM_ERROR");
    EXPECT_EQ(house.get(path).verdict(), "405 INVALID_REQUEST");
    for (const char* id : {"x", "4200000000000000000000000001"})
        EXPECT_EQ(house
                      .post(std::string("/payments/") + id + "/confirm",
                            R"({"payment_password":"135790"})")
                      .verdict(),
                  "404 PAYMENT_NOT_EXIST");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(house.confirm(payment, "000000", house.alice).verdict(),
                  "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(house.confirm(payment, "135790", house.alice).verdict(),
              "403 PAYMENT_PASSWORD_LOCKED");
    EXPECT_TRUE(house.get("/payments/confirming").has("CONFIRMING"));
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
