// Payments between two platforms over real sockets: what each ends in on both sides.
#include "gateway/institution/test_kit.hpp"

namespace huitong::gateway::institution {
namespace {

using enum switching::PaymentStatus;

acquiring::CreateRefund refund_of(MerchantId shop, const std::string& number, std::int64_t minor) {
    return {
        .terms = {.merchant = shop,
                  .out_refund_no = "r" + number,
                  .minor = minor,
                  .currency = cny,
                  .content_digest = "r" + number},
        .order = {shop, {}, number},
        .total_minor = 50'00
    };
}

acquiring::Order order_of(TwoPlatforms& two, const std::string& number) {
    return std::get<engine::OrderAnswer>(two.east.yes(engine::QueryOrder{
                                             {two.shop, {}, number}
    }))
        .order;
}

// East's till reads a code of West's.
switching::ChargeCode charge_of(const TwoPlatforms& two, const std::string& number,
                                const std::string& code) {
    return {
        .order = {.merchant = two.shop,
                  .out_trade_no = number,
                  .trade_type = acquiring::TradeType::micropay,
                  .appid = "wx1",
                  .minor = 50'00,
                  .currency = cny,
                  .content_digest = number + code},
        .code = code,
        .to = two.west_at_east
    };
}

TEST(Life, PaysWhatWasScannedAndTellsThePayeeByItsCommit) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    EXPECT_EQ(resolved->payee_name, "Shop");
    EXPECT_EQ(resolved->amount, fen(50'00));
    const auto payment = two.pay(*resolved, "k1");
    EXPECT_EQ(payment.state.status, reserved);
    ASSERT_TRUE(two.ends(payment, completed));
    EXPECT_EQ(two.west.balance(two.alice), 150'00);
    EXPECT_EQ(two.west.position(two.east_at_west), -50'00);
    EXPECT_EQ(two.east.position(two.west_at_east), 50'00);
    EXPECT_EQ(order_of(two, "1").state.status, acquiring::OrderStatus::paid);
    EXPECT_EQ(two.east.door().metrics().sign_ons, 1U);
}

TEST(Life, TellsThePayerWhyThePayeeDeclined) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    two.east.yes(acquiring::CloseOrder{
        .order = {two.shop, {}, "1"}
    });
    const auto payment = two.pay(*resolved, "k1");
    ASSERT_TRUE(two.ends(payment, declined));
    EXPECT_EQ(two.west.now(payment).state.decline, "order_closed");
    EXPECT_EQ(two.west.balance(two.alice), 200'00);
    EXPECT_EQ(two.east.position(two.west_at_east), 0);
}

TEST(Life, RefusesACodeOfNobodyAndOneThatTheOwnerDoesNotKnow) {
    TwoPlatforms two;
    EXPECT_EQ(two.resolve("990000000000000001"), refuse(Error::code_unowned));
    EXPECT_EQ(two.resolve("280000000000000009"), refuse(Error::order_code_unknown));
}

TEST(Life, ChargesThePayerCodeOfTheOtherInstitution) {
    TwoPlatforms two;
    const std::string code = two.west.show_code(two.alice, "130000000000000001");
    two.east.yes(charge_of(two, "1", code));
    EXPECT_TRUE(eventually(
        [&] { return order_of(two, "1").state.status == acquiring::OrderStatus::paid; }));
    EXPECT_TRUE(eventually([&] { return two.west.balance(two.alice) == 150'00; }));
    EXPECT_EQ(two.east.position(two.west_at_east), 50'00);
    EXPECT_EQ(two.west.position(two.east_at_west), -50'00);
}

TEST(Life, AsksAgainWhileThePayerIsAsked) {
    engine::HeartOptions heart;
    heart.rules.wallet.code_free_minor = 10'00;
    TwoPlatforms two(heart);
    const std::string code = two.west.show_code(two.alice, "130000000000000001");
    const auto charged = std::get<engine::OrderAnswer>(two.east.yes(charge_of(two, "1", code)));
    const std::string key = switching::request_key(charged.charge->payment);
    std::optional<switching::Payment> asked;
    ASSERT_TRUE(eventually([&] {
        auto answer = two.west.ask(switching::QueryRequest{two.east_at_west, key});
        if (answer) asked = std::get<switching::Payment>(*answer);
        return asked.has_value();
    }));
    EXPECT_EQ(asked->state.status, confirming);
    two.west.yes(switching::ConfirmPayment{
        .session = {two.alice,           0              },
        .payment = asked->id(),
        .check = {.compared = {"pin"}, .matches = true}
    });
    EXPECT_TRUE(eventually(
        [&] { return order_of(two, "1").state.status == acquiring::OrderStatus::paid; }));
}

TEST(Life, GivesBackOverTheLink) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    ASSERT_TRUE(two.ends(two.pay(*resolved, "k1"), completed));
    ASSERT_TRUE(eventually(
        [&] { return order_of(two, "1").state.status == acquiring::OrderStatus::paid; }));
    two.east.yes(refund_of(two.shop, "1", 20'00));
    EXPECT_TRUE(eventually([&] { return two.west.balance(two.alice) == 170'00; }));
    EXPECT_TRUE(eventually([&] {
        return std::get<engine::RefundAnswer>(two.east.yes(engine::QueryRefund{two.shop, "r1"}))
                   .refund.state.status == acquiring::RefundStatus::success;
    }));
    EXPECT_EQ(two.west.position(two.east_at_west), -30'00);
    EXPECT_EQ(two.east.position(two.west_at_east), 30'00);
}

// Nobody answers for 30 s: the payment is given up, and the reversal is repeated until somebody
// acknowledges it.
TEST(Life, ReversesWhatNobodyAnswered) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    two.west.link(two.east_at_west, {"http://127.0.0.1:1"});
    const auto payment = two.pay(*resolved, "k1");
    two.clock.pass(seconds(31));
    ASSERT_TRUE(eventually([&] { return two.west.now(payment).state.status == reversing; }));
    EXPECT_EQ(two.west.balance(two.alice), 200'00);
    two.west.link(two.east_at_west, {two.east.url()});
    ASSERT_TRUE(two.ends(payment, reversed));
    // It is remembered: the request that comes late is declined.
    Later<Result<wire::institution::PaymentView>> later;
    two.west.link_to(two.east_at_west)->query(payment.id(), later.callback());
    const auto view = later.get();
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ(view->state, wire::institution::PaymentState::reversed);
    EXPECT_EQ(view->decline->reason, "payment_reversed");
}

TEST(Life, SignsOnAnewAfterTheOtherSideHasRestarted) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    two.east.restart_door();
    ASSERT_TRUE(two.ends(two.pay(*resolved, "k1"), completed));
    EXPECT_EQ(two.west.link_to(two.east_at_west)->status().sign_ons, 2U);
    EXPECT_EQ(two.east.door().metrics().sign_ons, 1U);
}

TEST(Life, AnswersThePaymentsOfManyPayersInFewMessages) {
    TwoPlatforms two;
    std::vector<switching::Payment> payments;
    for (int i = 0; i < 40; ++i) {
        const auto resolved = two.resolve(two.order_code(std::to_string(100 + i), 1'00));
        ASSERT_TRUE(resolved.has_value());
        payments.push_back(two.pay(*resolved, "k" + std::to_string(i)));
    }
    for (const auto& payment : payments) EXPECT_TRUE(two.ends(payment, completed));
    EXPECT_EQ(two.east.door().metrics().commits, 40U);
    EXPECT_EQ(two.west.balance(two.alice), 160'00);
    EXPECT_EQ(two.west.position(two.east_at_west), -40'00);
    EXPECT_EQ(two.east.position(two.west_at_east), 40'00);
}

TEST(Life, StatesThePositions) {
    TwoPlatforms two;
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    ASSERT_TRUE(two.ends(two.pay(*resolved, "k1"), completed));
    Later<Result<wire::institution::PositionStatement>> later;
    two.west.link_to(two.east_at_west)->positions(later.callback());
    const auto statement = later.get();
    ASSERT_TRUE(statement.has_value());
    const wire::institution::PositionLine line{cny, 50'00, 0, 1'000'00, 950'00};
    EXPECT_EQ(statement->positions, std::vector{line});
    EXPECT_EQ(statement->window, std::to_string(business_day(two.clock.now())));
}

TEST(Life, ChangesItsKey) {
    TwoPlatforms two;
    const OwnKey next{.serial = "7157F09EFDC096DE15EBE81A47057A72",
                      .key = TestKeys::shared().other};
    Later<Result<void>> told;
    two.west.link_to(two.east_at_west)
        ->announce_key(next, two.clock.now() - seconds(1), two.clock.now() + days(30),
                       told.callback());
    ASSERT_TRUE(told.get().has_value());
    two.west.keys.change(next);
    two.east.restart_door();  // The next message must sign on, with the new key.
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    EXPECT_TRUE(two.ends(two.pay(*resolved, "k1"), completed));
    EXPECT_EQ(two.east.directory()->participant_keys.size(), 2U);
}

}  // namespace
}  // namespace huitong::gateway::institution
