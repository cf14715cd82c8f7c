// A merchant's till over real sockets: payer codes of our own users and of a linked wallet's.
#include <gtest/gtest.h>

#include "gateway/institution/test_kit.hpp"
#include "gateway/merchant/test_kit.hpp"

namespace huitong::gateway::merchant {
namespace {

using engine::testing::eventually;
using institution::TwoPlatforms;

constexpr std::string_view own_prefix = "28", linked_prefix = "13";

// The shop's door stands on East's heart. Bob has his wallet at East, Alice hers at West; both are
// asked above 100.00.
class Till {
public:
    explicit Till(Duration hold = seconds(10)) : kit_({.hold = hold}, east_port()) {
        kit_.owner_of_code = [this](std::string_view code) -> Result<ParticipantId> {
            if (code.starts_with(own_prefix)) return ParticipantId{};
            if (code.starts_with(linked_prefix)) return two.west_at_east;
            return refuse(Error::code_unowned);
        };
        kit_.wait = [this](PaymentId payment, Duration at_most, auto done) {
            two.east.waiters().wait(payment, two.clock.now(), at_most,
                                    [done = std::move(done)](auto&&) mutable { done(); });
        };
        introduce_shop();
        bob = two.east.open_user("bob");
    }

    TestAnswer charge(const std::string& number, const std::string& code, int fen) {
        return post("codepay",
                    R"({"appid":")" + test_appid +
                        R"(","mchid":"1900000001","description":"tea","out_trade_no":")" + number +
                        R"(","payer":{"auth_code":")" + code + R"("},"amount":{"total":)" +
                        std::to_string(fen) +
                        R"(,"currency":"CNY"},"scene_info":{"device_ip":"1.2.3.4"}})");
    }
    TestAnswer reverse(const std::string& number) {
        return post("out-trade-no/" + number + "/reverse",
                    R"({"appid":")" + test_appid + R"(","mchid":"1900000001"})");
    }
    TestAnswer close(const std::string& number) {
        return post("out-trade-no/" + number + "/close", R"({"mchid":"1900000001"})");
    }
    TestAnswer query(const std::string& number) {
        return kit_.call(
            {.target = "/v3/pay/transactions/out-trade-no/" + number + "?mchid=1900000001"});
    }
    std::string state(const std::string& number) { return query(number).text("trade_state"); }

    // Codes that Bob and Alice show, a fresh one each time.
    std::string code_of_bob() { return two.east.show_code(bob, fresh(own_prefix)); }
    std::string code_of_alice() { return two.west.show_code(two.alice, fresh(linked_prefix)); }
    std::string fresh(std::string_view prefix) {
        const std::string number = std::to_string(++shown_);
        return std::string(prefix) + std::string(16 - number.size(), '0') + number;
    }
    // The payer says yes to what the till asked for.
    static void confirm(institution::Platform& platform, UserId user, PaymentId payment) {
        platform.yes(switching::ConfirmPayment{
            .session = {user,                0              },
            .payment = payment,
            .check = {.compared = {"pin"}, .matches = true}
        });
    }
    PaymentId payment_of(const std::string& number) {
        const auto answer = two.east.yes(engine::QueryOrder{
            {two.shop, {}, number}
        });
        return std::get<engine::OrderAnswer>(answer).charge->payment;
    }
    std::int64_t takings() {
        const auto directory = two.east.directory();
        return two.east.account(directory->merchants.find(two.shop)->terms.unsettled).balance;
    }

    TwoPlatforms two{{.rules = {.wallet = {.code_free_minor = 100'00}}}};
    UserId bob;

private:
    door::HeartPort east_port() {
        return {[this](std::vector<engine::RequestPtr> all) {
                    two.east.heart().submit(std::move(all));
                },
                [this] { return two.east.directory(); }};
    }
    TestAnswer post(const std::string& target, const std::string& body) {
        return kit_.call(
            {.method = "POST", .target = "/v3/pay/transactions/" + target, .body = body});
    }
    // What the door verifies and signs with, in force by its own clock and by East's.
    void introduce_shop() {
        acquiring::ChangeMerchant change{.merchant = two.shop};
        change.appids = {test_appid};
        change.apiv3_key = {
            {kit_.master_.seal(door::apiv3_key_context(by_public_key), apiv3_key_text)}};
        two.east.yes(change);
        two.east.yes(acquiring::AddMerchantKey{
            {.merchant = two.shop,
             .serial = serial_of(by_public_key),
             .public_key_pem = TestKeys::shared().merchant.public_key().to_pem(),
             .not_before = test_start - days(1),
             .not_after = test_start + days(3'000)}
        });
        const engine::Directory templates = test_directory(kit_.master_);
        two.east.yes(acquiring::AddPlatformKey{
            templates.platform_keys.find(NaturalKey{0, platform_serial})->terms});
    }

    DoorKit kit_;
    int shown_ = 0;
};

TEST(Till, IsPaidAtOnceByAUserOfOurs) {
    Till till;
    const std::string code = till.code_of_bob();
    const TestAnswer paid = till.charge("till-0001", code, 30'00);
    EXPECT_EQ(paid.status, 200) << paid.body;
    EXPECT_EQ(paid.text("trade_state"), "SUCCESS");
    EXPECT_EQ(paid.text("trade_type"), "MICROPAY");
    EXPECT_TRUE(paid.text("transaction_id").starts_with("4200"));
    EXPECT_FALSE(paid.text("openid").empty());
    EXPECT_TRUE(DoorKit::is_signed(paid));
    EXPECT_EQ(till.query("till-0001").body, paid.body);
    EXPECT_EQ(till.charge("till-0001", code, 30'00).body, paid.body);
    EXPECT_EQ(till.two.east.balance(till.bob), 170'00);
    EXPECT_EQ(till.takings(), 30'00);
}

TEST(Till, IsToldWhyNot) {
    Till till;
    const std::string used = till.code_of_bob();
    ASSERT_EQ(till.charge("till-0001", used, 30'00).status, 200);
    const std::string old = till.code_of_bob();
    till.two.clock.pass(seconds(61));
    struct Case {
        const char* name;
        std::string number;
        std::string code;
        int fen;
        int status;
        std::string_view error;
        std::string_view state;  // of the order afterwards; none: there is no order
    };
    const Case cases[] = {
        {"used code",       "till-0002", used,                   1,     403, "AUTH_CODE_INVALID", "PAYERROR"},
        {"old code",        "till-0003", old,                    1,     403, "AUTH_CODE_EXPIRE",  "PAYERROR"},
        {"code unknown",    "till-0004", till.fresh(own_prefix), 1,     404, "CODE_UNSUPPORTED",  ""        },
        {"code of nobody",  "till-0005", "990000000000000001",   1,     404, "CODE_UNSUPPORTED",  ""        },
        {"paid already",    "till-0001", till.code_of_bob(),     30'00, 400, "ORDER_PAID",        "SUCCESS" },
        {"another content", "till-0002", till.code_of_bob(),     1,     400, "INVALID_REQUEST",   "PAYERROR"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        for (int again = 0; again < 2; ++again) {
            const TestAnswer answer = till.charge(c.number, c.code, c.fen);
            EXPECT_EQ(answer.status, c.status) << answer.body;
            EXPECT_EQ(answer.code(), c.error);
        }
        EXPECT_EQ(till.state(c.number), c.state);
    }
    EXPECT_EQ(till.takings(), 30'00);
}

TEST(Till, WaitsForThePayerAboveTheLimit) {
    Till till;
    const std::string code = till.code_of_bob();
    const TestAnswer asked = till.charge("till-0001", code, 150'00);
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(asked.text("trade_state"), "USERPAYING");
    EXPECT_TRUE(asked.text("transaction_id").empty());
    EXPECT_EQ(till.query("till-0001").status, 200);
    EXPECT_EQ(till.state("till-0001"), "USERPAYING");
    EXPECT_EQ(till.close("till-0001").code(), "INVALID_REQUEST");
    EXPECT_EQ(till.charge("till-0001", code, 150'00).status, 202);
    Till::confirm(till.two.east, till.bob, till.payment_of("till-0001"));
    EXPECT_EQ(till.state("till-0001"), "SUCCESS");
    EXPECT_EQ(till.charge("till-0001", code, 150'00).status, 200);
    EXPECT_EQ(till.takings(), 150'00);
}

TEST(Till, GivesUpAPayerWhoSaysNothing) {
    Till till;
    ASSERT_EQ(till.charge("till-0001", till.code_of_bob(), 150'00).status, 202);
    till.two.clock.pass(seconds(31));
    EXPECT_TRUE(eventually([&] { return till.state("till-0001") == "PAYERROR"; }));
    EXPECT_EQ(till.reverse("till-0001").status, 200);
    EXPECT_EQ(till.state("till-0001"), "PAYERROR");
}

TEST(Till, TakesACompletedChargeBack) {
    Till till;
    const std::string code = till.code_of_bob();
    ASSERT_EQ(till.charge("till-0001", code, 30'00).status, 200);
    for (int again = 0; again < 2; ++again) {
        const TestAnswer reversed = till.reverse("till-0001");
        EXPECT_EQ(reversed.status, 200);
        EXPECT_EQ(reversed.body, R"({"appid":")" + test_appid +
                                     R"(","mchid":"1900000001","out_trade_no":"till-0001"})");
        EXPECT_TRUE(DoorKit::is_signed(reversed));
    }
    EXPECT_EQ(till.state("till-0001"), "REVOKED");
    EXPECT_EQ(till.two.east.balance(till.bob), 200'00);
    EXPECT_EQ(till.takings(), 0);
    EXPECT_EQ(till.charge("till-0001", code, 30'00).code(), "PAYMENT_REVERSED");
}

TEST(Till, TakesBackWhatThePayerHasNotConfirmed) {
    Till till;
    ASSERT_EQ(till.charge("till-0001", till.code_of_bob(), 150'00).status, 202);
    EXPECT_EQ(till.reverse("till-0001").status, 200);
    Till::confirm(till.two.east, till.bob, till.payment_of("till-0001"));
    EXPECT_EQ(till.state("till-0001"), "REVOKED");
    EXPECT_EQ(till.two.east.balance(till.bob), 200'00);
}

TEST(Till, ReversesNothingButItsOwnCharges) {
    Till till;
    EXPECT_EQ(till.reverse("till-0001").code(), "ORDER_NOT_EXIST");
    till.two.east.yes(acquiring::CreateOrder{
        .terms = {.merchant = till.two.shop,
                  .out_trade_no = "native-01",
                  .appid = test_appid,
                  .minor = 1,
                  .currency = cny}
    });
    EXPECT_EQ(till.reverse("native-01").code(), "INVALID_REQUEST");
    EXPECT_EQ(till.state("native-01"), "NOTPAY");
}

TEST(Till, IsPaidByAUserOfALinkedWallet) {
    Till till;
    const std::string code = till.code_of_alice();
    const TestAnswer paid = till.charge("till-0001", code, 30'00);
    EXPECT_EQ(paid.status, 200) << paid.body;
    EXPECT_EQ(paid.text("trade_state"), "SUCCESS");
    EXPECT_EQ(till.takings(), 30'00);
    EXPECT_TRUE(eventually([&] { return till.two.west.balance(till.two.alice) == 170'00; }));

    const TestAnswer used = till.charge("till-0002", code, 30'00);
    EXPECT_EQ(used.code(), "AUTH_CODE_INVALID") << used.body;
    EXPECT_EQ(till.state("till-0002"), "PAYERROR");

    EXPECT_EQ(till.reverse("till-0001").status, 200);
    EXPECT_EQ(till.state("till-0001"), "REVOKED");
    EXPECT_TRUE(eventually([&] { return till.two.west.balance(till.two.alice) == 200'00; }));
    EXPECT_EQ(till.takings(), 0);
    EXPECT_EQ(till.two.east.position(till.two.west_at_east), 0);
}

TEST(Till, HearsLaterWhatALinkedPayerSaid) {
    Till till(milliseconds(200));
    ASSERT_EQ(till.charge("till-0001", till.code_of_alice(), 150'00).status, 202);
    EXPECT_EQ(till.state("till-0001"), "USERPAYING");
    const std::string key = switching::request_key(till.payment_of("till-0001"));
    std::optional<PaymentId> asked;
    ASSERT_TRUE(eventually([&] {
        const auto known = till.two.west.ask(switching::QueryRequest{till.two.east_at_west, key});
        if (known) asked = std::get<switching::Payment>(*known).id();
        return asked.has_value();
    }));
    Till::confirm(till.two.west, till.two.alice, *asked);
    EXPECT_TRUE(eventually([&] { return till.state("till-0001") == "SUCCESS"; }));
    EXPECT_EQ(till.takings(), 150'00);
}

TEST(Till, TakesBackWhatALinkedWalletHasNotAnswered) {
    Till till(milliseconds(200));
    till.two.east.link(till.two.west_at_east, {"http://127.0.0.1:1"});
    ASSERT_EQ(till.charge("till-0001", till.code_of_alice(), 30'00).status, 202);
    EXPECT_EQ(till.reverse("till-0001").status, 200);
    EXPECT_EQ(till.state("till-0001"), "REVOKED");
    till.two.east.link(till.two.west_at_east, {till.two.west.url()});
    const std::string key = switching::request_key(till.payment_of("till-0001"));
    EXPECT_TRUE(eventually([&] {  // The reversal arrives, if nothing else did.
        return till.two.west.ask(switching::QueryRequest{till.two.east_at_west, key}).has_value();
    }));
    EXPECT_EQ(till.two.west.balance(till.two.alice), 200'00);
}

}  // namespace
}  // namespace huitong::gateway::merchant
