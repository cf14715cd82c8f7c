// A wallet, a switch and an acquirer over real sockets, with every protocol on either side of the
// switch: whatever one of them speaks, the payment is the same.
#include "apps/bridge_test_kit.hpp"

namespace huitong::apps {
namespace {

using enum switching::PaymentStatus;

struct Sides {
    Protocol wallet;
    Protocol acquirer;
};

std::string name_of(Protocol protocol) {
    return protocol == Protocol::json ? "Json" : "Iso8583";
}

class BridgeTest : public ::testing::TestWithParam<Sides> {
protected:
    explicit BridgeTest(const engine::HeartOptions& acquirer_heart = {})
        : acquirer(clock,
                   {.name = "ACQUIRER", .institution_code = "49030344", .heart = acquirer_heart}) {
        const auto [left, right] = GetParam();
        wallet_at_switch = middle.know(wallet, left, false);
        acquirer_at_switch = middle.know(acquirer, right, false);
        switch_at_wallet = wallet.know(middle, left, true);
        switch_at_acquirer = acquirer.know(middle, right, true);
        wallet.give_codes(switch_at_wallet, wallet.hosted);
        middle.give_codes(acquirer_at_switch, wallet_at_switch);
        acquirer.give_codes(acquirer.hosted, switch_at_acquirer);
        if (left == Protocol::iso8583) {
            EXPECT_TRUE(wallet.ready(switch_at_wallet) && middle.ready(wallet_at_switch));
        }
        if (right == Protocol::iso8583) {
            EXPECT_TRUE(acquirer.ready(switch_at_acquirer) && middle.ready(acquirer_at_switch));
        }
        alice = wallet.open_user("alice", 3'000'00);
    }
    // Alice pays what a code was resolved to; how it stands at first.
    switching::Payment pay(const Resolution& resolved, const std::string& request_id,
                           std::int64_t minor) {
        return std::get<switching::Payment>(wallet.yes(switching::PayCode{
            .session = {alice,   0   },
            .to = switch_at_wallet,
            .amount = fen(minor),
            .code = wallet.inner_of(resolved),
            .subject = resolved.payee_name,
            .request_id = request_id,
            .check = wallet::PasswordCheck{{"pin"}, true}
        }));
    }
    // Alice scans the order's code and pays.
    switching::Payment scan(const acquiring::Order& order, std::int64_t minor) {
        const auto resolved = wallet.resolve(acquirer.code_of(order));
        EXPECT_TRUE(resolved.has_value()) << describe(resolved.error()).name;
        return resolved ? pay(*resolved, order.terms.out_trade_no, minor) : switching::Payment{};
    }
    // The acquirer's till charges the code that Alice shows.
    switching::Payment charge(const std::string& number, std::int64_t minor) {
        const std::string code = "13000000000000000" + number;
        wallet.yes(wallet::IssuePayerCode{
            .session = {alice, 0},
              .digits = code
        });
        const auto owner = gateway::institution::owner_of_code(
            marks_of_code, *acquirer.heart().directory(), code, {});
        EXPECT_EQ(owner, switch_at_acquirer);
        return charge_code(number, minor, code);
    }
    switching::Payment charge_code(const std::string& number, std::int64_t minor,
                                   const std::string& code) {
        auto terms = acquirer.terms_of(number, minor);
        terms.trade_type = acquiring::TradeType::micropay;
        acquirer.yes(switching::ChargeCode{
            .order = std::move(terms), .code = code, .to = switch_at_acquirer});
        return std::get<switching::Payment>(
            acquirer.yes(switching::QueryRequest{{acquirer.merchant.value}, number}));
    }
    void give_back(OrderId order, std::int64_t total_minor, std::int64_t minor) {
        const auto refund = std::get<engine::RefundAnswer>(acquirer.yes(acquiring::CreateRefund{
            .terms = {.merchant = acquirer.merchant,
                      .out_refund_no = "back-" + std::to_string(minor),
                      .minor = minor,
                      .currency = cny},
            .order = {acquirer.merchant, order, ""},
            .total_minor = total_minor
        }));
        EXPECT_EQ(refund.refund.state.status, acquiring::RefundStatus::processing);
    }
    // What the wallet owes the switch, and the switch the acquirer, is the same everywhere.
    bool settled_at(std::int64_t minor) {
        return eventually([&] {
            return wallet.position(switch_at_wallet) == -minor &&
                   middle.position(wallet_at_switch) == minor &&
                   middle.position(acquirer_at_switch) == -minor &&
                   acquirer.position(switch_at_acquirer) == minor;
        });
    }
    TestClock clock;
    House wallet{
        clock, {.name = "WALLET", .institution_code = "48010344"}
    };
    House middle{
        clock, {.name = "SWITCH", .institution_code = "00010344"}
    };
    House acquirer;
    ParticipantId switch_at_wallet, wallet_at_switch, acquirer_at_switch, switch_at_acquirer;
    UserId alice;
};

TEST_P(BridgeTest, PaysACodeThatWasScannedAndGivesBack) {
    const auto order = acquirer.open_order("1", 50'00);
    const auto payment = scan(order, 50'00);
    EXPECT_TRUE(wallet.ends(payment, completed));
    EXPECT_TRUE(settled_at(50'00));
    EXPECT_EQ(wallet.balance(alice), 2'950'00);
    // ISO 8583 tells nothing of what is behind a code.
    const bool told = GetParam().wallet == Protocol::json && GetParam().acquirer == Protocol::json;
    const auto next = wallet.resolve(acquirer.code_of(acquirer.open_order("9", 10'00)));
    EXPECT_EQ(next->amount, told ? std::optional(fen(10'00)) : std::nullopt);
    EXPECT_EQ(next->payee_name, told                                     ? "Shop"
                                : GetParam().wallet == Protocol::iso8583 ? "SWITCH"
                                                                         : "ACQUIRER");
    give_back(order.id(), 50'00, 20'00);
    EXPECT_TRUE(settled_at(30'00));
    EXPECT_EQ(wallet.balance(alice), 2'970'00);
    give_back(order.id(), 50'00, 30'00);
    EXPECT_TRUE(settled_at(0));
    EXPECT_EQ(wallet.balance(alice), 3'000'00);
}

TEST_P(BridgeTest, ChargesACodeThatAPayerShowsAndGivesBack) {
    const auto payment = charge("2", 50'00);
    EXPECT_TRUE(acquirer.ends(payment, completed));
    EXPECT_TRUE(settled_at(50'00));
    EXPECT_EQ(wallet.balance(alice), 2'950'00);
    give_back(payment.terms.order, 50'00, 50'00);
    EXPECT_TRUE(settled_at(0));
    EXPECT_EQ(wallet.balance(alice), 3'000'00);
}

TEST_P(BridgeTest, BringsANoAllTheWay) {
    const auto order = acquirer.open_order("3", 50'00);
    const auto wrong = scan(order, 49'00);
    EXPECT_TRUE(wallet.ends(wrong, declined));
    EXPECT_EQ(wallet.now(wrong).state.decline, "amount_mismatch");
    EXPECT_EQ(wallet.balance(alice), 3'000'00);

    const auto spent = charge("4", 50'00);
    EXPECT_TRUE(acquirer.ends(spent, completed));
    const auto again = charge_code("5", 50'00, spent.terms.code);
    EXPECT_TRUE(acquirer.ends(again, declined));
    EXPECT_EQ(acquirer.now(again).state.decline, "payer_code_spent");
    EXPECT_TRUE(settled_at(50'00));
}

// An acquirer that hangs: everybody gives the payment up, and is told by the time it wakes.
TEST_P(BridgeTest, GivesUpASilentPayee) {
    const auto order = acquirer.open_order("6", 50'00);
    const auto code = acquirer.code_of(order);
    const auto resolved = wallet.resolve(code);
    ASSERT_TRUE(resolved.has_value()) << describe(resolved.error()).name;
    std::optional<Hang> hang(acquirer.io());
    const auto payment = pay(*resolved, "silent", 50'00);
    EXPECT_EQ(wallet.now(payment).state.status, reserved);
    // The switch has asked it; between ISO 8583 and JSON first of all what is behind the code.
    const auto& lines = middle.institutions().iso8583_door()->counters();
    EXPECT_TRUE(eventually(
        [&] { return middle.reserved(wallet_at_switch) == 50'00 || lines.asking == 1; }));
    clock.pass(seconds(31));
    EXPECT_TRUE(eventually([&] { return wallet.balance(alice) == 3'000'00; }));
    EXPECT_TRUE(eventually([&] { return middle.reserved(wallet_at_switch) == 0; }));
    hang.reset();
    EXPECT_TRUE(eventually([&] { return !wallet.now(payment).unfinished(); }));
    EXPECT_NE(wallet.now(payment).state.status, completed);
    EXPECT_TRUE(
        eventually([&] { return middle.institutions().courier().counters().waiting == 0; }));
    EXPECT_TRUE(settled_at(0));
    // The order is free for whoever pays it next.
    const auto again = acquirer.open_order("7", 50'00);
    EXPECT_TRUE(wallet.ends(scan(again, 50'00), completed));
}

class ImpatientTillTest : public BridgeTest {
protected:
    ImpatientTillTest() : BridgeTest(impatient()) {}
    static engine::HeartOptions impatient() {
        engine::HeartOptions options;
        options.rules.switching.transfer_expiry = seconds(5);
        return options;
    }
};

// A payer who does not confirm: the till takes it back, through the switch and to the wallet.
TEST_P(ImpatientTillTest, TakesBackWhatNobodyConfirms) {
    const std::uint64_t before = wallet.heart().counters().entries;
    const auto payment = charge("8", 2'000'00);
    // The code, and the payment that waits for her.
    EXPECT_TRUE(eventually([&] { return wallet.heart().counters().entries == before + 2; }));
    EXPECT_EQ(acquirer.now(payment).state.status, reserved);
    clock.pass(seconds(6));
    EXPECT_TRUE(acquirer.ends(payment, reversed));
    EXPECT_TRUE(eventually([&] { return middle.reversals_answered() == 1; }));
    EXPECT_EQ(middle.reserved(wallet_at_switch), 0);
    EXPECT_EQ(wallet.balance(alice), 3'000'00);
    EXPECT_TRUE(settled_at(0));
}

const auto every_pair = ::testing::Values(
    Sides{Protocol::json, Protocol::json}, Sides{Protocol::json, Protocol::iso8583},
    Sides{Protocol::iso8583, Protocol::json}, Sides{Protocol::iso8583, Protocol::iso8583});
std::string name_of(const ::testing::TestParamInfo<Sides>& sides) {
    return name_of(sides.param.wallet) + "To" + name_of(sides.param.acquirer);
}
INSTANTIATE_TEST_SUITE_P(Protocols, BridgeTest, every_pair,
                         [](const auto& sides) { return name_of(sides); });
INSTANTIATE_TEST_SUITE_P(Protocols, ImpatientTillTest, every_pair,
                         [](const auto& sides) { return name_of(sides); });

}  // namespace
}  // namespace huitong::apps
