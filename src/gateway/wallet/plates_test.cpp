// Plates of our own merchants, scanned and paid by our own users over a real socket.
#include <gtest/gtest.h>

#include "gateway/json_door/house_kit.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using json_door::House;
using json_door::HouseAnswer;

// Alice has 300 yuan, the shop a plate.
class PlateHouse : public House {
public:
    PlateHouse() {
        open_merchant("1900000001");
        open_user("alice");
        alice = log_in("alice", "a long passphrase").value("token");
        const std::string source =
            post("/funding-sources", R"({"bank_name":"Bank","account_number":"6222020000004242"})")
                .value("funding_source_id");
        EXPECT_EQ(post("/top-ups", R"({"request_id":"top-up-0001","funding_source_id":")" + source +
                                       R"(","amount":{"total":30000,"currency":"CNY"},)" +
                                       R"("payment_password":"135790"})")
                      .value("state"),
                  "COMPLETED");
        plate = manage("GET", "/merchants/1900000001/plate").value("code");
    }
    HouseAnswer post(const std::string& path, const std::string& body = {}) {
        return call("POST", "/wallet/v1" + path, body, alice);
    }
    HouseAnswer resolve() { return post("/codes/resolve", R"({"code":")" + plate + "\"}"); }
    HouseAnswer pay(const std::string& request_id, const std::string& more) {
        return post("/payments", R"({"request_id":")" + request_id + R"(","payee_token":")" +
                                     plate + "\"" + more + "}");
    }
    HouseAnswer pay(const std::string& request_id, int fen) {
        return pay(request_id,
                   R"(,"amount":{"total":)" + std::to_string(fen) + R"(,"currency":"CNY"})");
    }
    std::int64_t takings() {
        const auto directory = heart().directory();
        const auto* shop = directory->merchants.find(NaturalKey{0, "1900000001"});
        const auto account = ask(engine::QueryAccount{shop->terms.unsettled});
        return std::get<ledger::Account>(*account).balance;
    }
    std::string freeze(const char* verb) {
        return manage("POST", std::string("/merchants/1900000001/") + verb).verdict();
    }

    std::string alice, plate;
};

TEST(Plates, ResolveToTheirMerchantWithoutAnAmount) {
    PlateHouse house;
    const auto found = house.resolve();
    EXPECT_EQ(found.status, 200) << found.body;
    EXPECT_EQ(found.value("kind"), "PAYEE");
    EXPECT_EQ(found.value("payee_name"), "Shop");
    EXPECT_EQ(found.value("payee_token"), house.plate);
    EXPECT_FALSE(found.has(R"("amount")"));
    EXPECT_FALSE(found.has(R"("institution_name")"));
}

TEST(Plates, ArePaidAgainAndAgainAndOnceAKey) {
    PlateHouse house;
    const auto paid = house.pay("lunch-0001", 12'34);
    EXPECT_EQ(paid.status, 200) << paid.body;
    EXPECT_EQ(paid.value("state"), "COMPLETED");
    EXPECT_EQ(paid.value("merchant_name"), "Shop");
    EXPECT_TRUE(paid.value("out_trade_no").starts_with("plate-")) << paid.body;
    EXPECT_EQ(house.pay("lunch-0001", 12'34).value("payment_id"), paid.value("payment_id"));
    EXPECT_EQ(house.takings(), 12'34);
    EXPECT_EQ(house.pay("lunch-0001", 12'35).verdict(), "400 INVALID_REQUEST");
    EXPECT_EQ(house.pay("lunch-0002", 12'34).value("state"), "COMPLETED");
    EXPECT_EQ(house.takings(), 24'68);
}

TEST(Plates, TellWhyNot) {
    PlateHouse house;
    EXPECT_EQ(house.pay("lunch-0001", "").verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.pay("lunch-0001", 0).verdict(), "400 PARAM_ERROR");
    EXPECT_EQ(house.freeze("freeze"), "200");
    EXPECT_EQ(house.resolve().verdict(), "403 ACCOUNT_ERROR");
    EXPECT_EQ(house.pay("lunch-0001", 1).verdict(), "403 ACCOUNT_ERROR");
    EXPECT_EQ(house.freeze("unfreeze"), "200");
    house.plate.back() = house.plate.back() == 'a' ? 'b' : 'a';
    EXPECT_EQ(house.resolve().verdict(), "404 CODE_UNSUPPORTED");
    EXPECT_EQ(house.takings(), 0);
}

// Above the limit the payer's password is asked for; the order waits, and a right one pays it.
TEST(Plates, AskForThePasswordAboveTheLimit) {
    PlateHouse house;
    const std::string amount = R"(,"amount":{"total":25000,"currency":"CNY"})";
    EXPECT_EQ(house.pay("lunch-0001", amount + R"(,"payment_password":"999999")").status, 403);
    EXPECT_EQ(house.takings(), 0);
    EXPECT_EQ(house.pay("lunch-0002", amount + R"(,"payment_password":"135790")").value("state"),
              "COMPLETED");
    EXPECT_EQ(house.takings(), 250'00);
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
