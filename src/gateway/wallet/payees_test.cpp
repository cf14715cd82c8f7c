// Users pay the codes of another institution: from the scan to the end, and every no on the way.
#include "gateway/wallet/test_kit.hpp"

namespace huitong::gateway::wallet_door {
namespace {

constexpr std::string_view unreachable = "http://127.0.0.1:1";

// A code of the shop at which the payer enters the amount.
std::string open_code(LinkedHouse& house, const std::string& number, std::int64_t minor) {
    const std::string code = house.two->order_code(number, minor);
    house.two->east.payees[code].resolution.amount.reset();
    return code;
}

void silence(LinkedHouse& house) {
    house.two->west.link(house.two->east_at_west, {std::string(unreachable)});
}
void speak(LinkedHouse& house) {
    house.two->west.link(house.two->east_at_west, {house.two->east.url()});
}

std::string token_of(LinkedHouse& house, const std::string& code) {
    const auto resolved = house.resolve(code);
    EXPECT_EQ(resolved.verdict(), "200") << resolved.body;
    return resolved.value("payee_token");
}

bool becomes(LinkedHouse& house, const std::string& payment_id, const std::string& state) {
    return eventually([&] { return house.get("/payments/" + payment_id).value("state") == state; });
}

TEST(Payees, ArePaidFromScanToReceipt) {
    LinkedHouse house;
    const auto resolved = house.resolve(house.two->order_code("1", 50'00));
    EXPECT_EQ(resolved.verdict(), "200");
    EXPECT_EQ(resolved.value("kind"), "PAYEE");
    EXPECT_EQ(resolved.value("payee_name"), "Shop");
    EXPECT_EQ(resolved.value("payee_kind"), "MERCHANT");
    EXPECT_EQ(resolved.value("institution_name"), "EAST");
    EXPECT_EQ(resolved.value("description"), "Coffee");
    EXPECT_TRUE(resolved.has(R"("amount":{"total":5000,"currency":"CNY"})")) << resolved.body;

    const LinkedHouse::Wish wish{.request_id = "request-1", .token = resolved.value("payee_token")};
    const auto paid = house.pay(wish);
    EXPECT_EQ(paid.verdict(), "200") << paid.body;
    EXPECT_EQ(paid.value("state"), "COMPLETED");
    EXPECT_EQ(paid.value("merchant_name"), "Shop");
    EXPECT_EQ(paid.value("institution_name"), "EAST");
    EXPECT_TRUE(paid.has(R"("balance_after":{"total":495000,"currency":"CNY"})")) << paid.body;
    EXPECT_FALSE(paid.has("transaction_id") || paid.has("out_trade_no"));
    EXPECT_EQ(house.pay(wish).body, paid.body);  // A repeat is the first again.
    EXPECT_EQ(house.two->west.balance(house.bob_id), 4'950'00);

    const auto shown = house.get("/payments/" + paid.value("payment_id"));
    EXPECT_EQ(shown.value("institution_name"), "EAST");
    EXPECT_TRUE(shown.has(R"("refunds":[])"));
    const auto history = house.get("/payments?limit=1");
    EXPECT_TRUE(history.has(R"("kind":"PAYMENT")")) << history.body;
    EXPECT_EQ(history.value("merchant_name"), "Shop");
    EXPECT_EQ(history.value("institution_name"), "EAST");
}

TEST(Payees, GiveBack) {
    LinkedHouse house;
    const std::string token = token_of(house, house.two->order_code("1", 50'00));
    const auto paid = house.pay({.request_id = "request-1", .token = token});
    ASSERT_EQ(paid.value("state"), "COMPLETED") << paid.body;
    auto& east = house.two->east;
    const auto order_is_paid = [&] {
        const auto order = std::get<engine::OrderAnswer>(east.yes(engine::QueryOrder{
            {house.two->shop, {}, "1"}
        }));
        return order.order.state.status == acquiring::OrderStatus::paid;
    };
    ASSERT_TRUE(eventually(order_is_paid));
    east.yes(acquiring::CreateRefund{
        .terms = {.merchant = house.two->shop,
                  .out_refund_no = "r1",
                  .minor = 20'00,
                  .currency = cny,
                  .reason = "Cold",
                  .content_digest = "r1"},
        .order = {house.two->shop, {}, "1"},
        .total_minor = 50'00
    });
    ASSERT_TRUE(eventually([&] { return house.two->west.balance(house.bob_id) == 4'970'00; }));
    house.settle();
    const auto shown = house.get("/payments/" + paid.value("payment_id"));
    EXPECT_TRUE(shown.has(R"("refunded":{"total":2000,"currency":"CNY"})")) << shown.body;
    EXPECT_TRUE(shown.has(R"("refunds":[{"kind":"REFUND","refund_id":"50)")) << shown.body;
    const auto history = house.get("/payments?limit=1");
    EXPECT_EQ(history.value("kind"), "REFUND") << history.body;
    EXPECT_EQ(history.value("state"), "SUCCESS");
    EXPECT_EQ(history.value("payment_id"), paid.value("payment_id"));
    EXPECT_EQ(history.value("merchant_name"), "Shop");
    EXPECT_EQ(history.value("institution_name"), "EAST");
    EXPECT_EQ(history.value("description"), "Cold");
    // A refund is no payment of the user's.
    const std::string number = "4200" + history.value("refund_id").substr(4);
    EXPECT_EQ(house.get("/payments/" + number).verdict(), "404 PAYMENT_NOT_EXIST");
}

TEST(Payees, MayDecline) {
    LinkedHouse house;
    const std::string token = token_of(house, house.two->order_code("1", 50'00));
    house.two->east.yes(acquiring::CloseOrder{
        .order = {house.two->shop, {}, "1"}
    });
    const auto declined = house.pay({.request_id = "request-1", .token = token});
    EXPECT_EQ(declined.verdict(), "200");
    EXPECT_EQ(declined.value("state"), "DECLINED");
    EXPECT_TRUE(
        declined.has(R"("decline":{"code":"ORDER_CLOSED","message":"the order is closed"})"))
        << declined.body;
    EXPECT_EQ(house.two->west.balance(house.bob_id), 5'000'00);
    EXPECT_EQ(house.get("/payments?limit=1").value("state"), "DECLINED");
}

TEST(Payees, ThatKeepSilentAreGivenUp) {
    LinkedHouse house({.payment_wait = milliseconds(50)});
    const std::string token = token_of(house, house.two->order_code("1", 50'00));
    silence(house);
    const auto waiting = house.pay({.request_id = "request-1", .token = token});
    EXPECT_EQ(waiting.verdict(), "200");
    EXPECT_EQ(waiting.value("state"), "RESERVED") << waiting.body;
    EXPECT_FALSE(waiting.has("completed_at") || waiting.has("balance_after"));
    const std::string id = waiting.value("payment_id");
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = token}).value("payment_id"), id);
    EXPECT_EQ(house.get("/payments?limit=1").value("state"), "RESERVED");
    house.two->clock.pass(seconds(31));
    ASSERT_TRUE(becomes(house, id, "REVERSING"));
    EXPECT_TRUE(house.get("/payments/" + id).has(R"("decline":{"code":"TRANSFER_EXPIRED")"));
    EXPECT_EQ(house.two->west.balance(house.bob_id), 5'000'00);
    speak(house);
    ASSERT_TRUE(becomes(house, id, "REVERSED"));
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = token}).value("state"), "REVERSED");
}

TEST(Payees, AreNotFoundOrMayNotBePaid) {
    LinkedHouse house;
    const std::string code = house.two->order_code("1", 50'00);
    auto& west = house.two->west;
    const ParticipantId east = house.two->east_at_west;
    EXPECT_EQ(house.resolve("990000000000000001").verdict(), "404 CODE_UNSUPPORTED");
    EXPECT_EQ(house.resolve("280000000000000009").verdict(), "404 CODE_UNSUPPORTED");
    EXPECT_EQ(house.resolve("no code at all").value("message"), "no institution owns this code");
    EXPECT_EQ(
        house.post("/payments", R"({"request_id":"request-1","code":")" + code + "\"}").verdict(),
        "404 CODE_UNSUPPORTED");  // Only a resolved code may be paid.

    house.two->east.yes(switching::SetOpening{
        .terms = {.participant = house.two->west_at_east,
                  .code_kind = switching::CodeKind::merchant_dynamic},
        .state = {.opens_at = house.two->clock.now() + days(1)}
    });
    EXPECT_EQ(house.resolve(code).verdict(), "403 CODE_KIND_NOT_OPEN");
    west.yes(switching::ChangeParticipant{.participant = east,
                                          .status = switching::ParticipantStatus::suspended});
    EXPECT_EQ(house.resolve(code).verdict(), "403 PARTICIPANT_SUSPENDED");
    west.yes(switching::ChangeParticipant{.participant = east,
                                          .status = switching::ParticipantStatus::active});
    silence(house);
    const auto silent = house.resolve(code);
    EXPECT_EQ(silent.verdict(), "504 INSTITUTION_UNAVAILABLE");
    EXPECT_EQ(silent.value("message"), "the other institution does not answer: try again later");
    EXPECT_EQ(house.call("POST", "/codes/resolve", R"({"code":")" + code + "\"}", house.bob, "zh")
                  .value("message"),
              "对方机构暂无应答，请稍后再试");
    EXPECT_EQ(house.call("DELETE", "/sessions", "", house.bob).status, 204);
    EXPECT_EQ(house.resolve(code).verdict(), "401 UNAUTHORIZED");
}

TEST(Payees, ArePaidWhatTheCodeSaysOrThePayerEnters) {
    LinkedHouse house;
    const std::string fixed = token_of(house, house.two->order_code("1", 50'00));
    const auto differs = house.pay({.request_id = "request-1", .token = fixed, .fen = 49'99});
    EXPECT_EQ(differs.verdict(), "400 AMOUNT_MISMATCH");
    EXPECT_EQ(differs.value("field"), "/amount");
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = fixed, .fen = 50'00}).value("state"),
              "COMPLETED");

    const auto resolved = house.resolve(open_code(house, "2", 30'00));
    EXPECT_FALSE(resolved.has("amount"));
    const std::string open = resolved.value("payee_token");
    EXPECT_EQ(house.pay({.request_id = "request-2", .token = open}).verdict(), "400 PARAM_ERROR");
    // The shop's own door judges what was entered.
    const auto wrong = house.pay({.request_id = "request-2", .token = open, .fen = 30'01});
    EXPECT_TRUE(wrong.has(R"("decline":{"code":"AMOUNT_MISMATCH")")) << wrong.body;
    EXPECT_EQ(house.pay({.request_id = "request-2", .token = open, .fen = 30'00}).verdict(),
              "400 INVALID_REQUEST");
    const auto right = house.pay({.request_id = "request-3", .token = open, .fen = 30'00});
    EXPECT_EQ(right.value("state"), "COMPLETED") << right.body;
    const auto dear = house.pay({.request_id = "request-4", .token = open, .fen = 6'000'00});
    EXPECT_TRUE(dear.has(R"("decline":{"code":"NOT_ENOUGH")")) << dear.body;
}

TEST(Payees, ArePaidWithThePaymentPassword) {
    LinkedHouse house;
    const std::string large = token_of(house, house.two->order_code("1", 500'00));
    const std::string small = token_of(house, house.two->order_code("2", 1'00));
    const auto pay = [&house](const std::string& request, const std::string& token,
                              const std::string& password) {
        return house.pay({.request_id = request, .token = token, .password = password});
    };
    EXPECT_EQ(pay("request-1", large, "").verdict(), "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(pay("request-1", large, "135790").verdict(), "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(pay("request-2", small, "000000").verdict(), "403 PAYMENT_PASSWORD_WRONG");
    EXPECT_EQ(pay("request-3", small, "").value("state"), "COMPLETED");
    EXPECT_EQ(pay("request-4", large, "135790").value("state"), "COMPLETED");
}

TEST(PayeeTokens, EndWithTheirTimeButForARepeat) {
    LinkedHouse house;
    const std::string first = token_of(house, house.two->order_code("1", 50'00));
    const std::string second = token_of(house, house.two->order_code("2", 50'00));
    const auto paid = house.pay({.request_id = "request-1", .token = first});
    ASSERT_EQ(paid.value("state"), "COMPLETED");
    house.two->clock.pass(seconds(120));
    EXPECT_EQ(house.pay({.request_id = "request-2", .token = second}).verdict(),
              "400 RESOLVE_TOKEN_INVALID");
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = first}).body, paid.body);
}

TEST(PayeeTokens, AreOursAndForUsersOfOurs) {
    LinkedHouse house;
    auto& west = house.two->west;
    const std::string strangers =
        *west.tokens().seal({.asked_by = house.two->east_at_west,
                             .owner = house.two->east_at_west,
                             .amount = fen(1),
                             .inner = "x",
                             .expires_at = house.two->clock.now() + hours(1)});
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = strangers}).verdict(),
              "400 RESOLVE_TOKEN_INVALID");
    EXPECT_EQ(house.pay({.request_id = "request-1", .token = "bm9uZQ"}).verdict(),
              "400 RESOLVE_TOKEN_INVALID");
}

// A code that is ours and none of our order codes: the resolver finds the order behind it.
TEST(PayeeTokens, MayNameAnOrderHostedHere) {
    LinkedHouse house;
    auto& west = house.two->west;
    const auto order = west.open_order(west.open_merchant("1900000002"), "own-1", 3'00);
    west.payees["130000000000000001"] = {
        .order = order.id(),
        .resolution = {.payee_name = "Shop", .amount = fen(3'00), .subject = "Coffee"}
    };
    const auto resolved = house.resolve("130000000000000001");
    EXPECT_EQ(resolved.value("payee_name"), "Shop") << resolved.body;
    EXPECT_FALSE(resolved.has("institution_name"));
    const auto paid =
        house.pay({.request_id = "request-1", .token = resolved.value("payee_token"), .fen = 3'00});
    EXPECT_EQ(paid.value("state"), "COMPLETED") << paid.body;
    EXPECT_EQ(paid.value("out_trade_no"), "own-1");
}

}  // namespace
}  // namespace huitong::gateway::wallet_door
