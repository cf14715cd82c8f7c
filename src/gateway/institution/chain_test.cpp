// A wallet, a switch and an acquirer over real sockets: the switch is the responder of one link and
// the requester of the next.
#include "gateway/institution/test_kit.hpp"

namespace huitong::gateway::institution {
namespace {

using enum switching::PaymentStatus;

class ChainTest : public ::testing::Test {
protected:
    explicit ChainTest(Options door = {})
        : wallet(clock, {.name = "WALLET", .serial = west_serial, .key = TestKeys::shared().west}),
          middle(clock, {.name = "SWITCH",
                         .serial = middle_serial,
                         .key = TestKeys::shared().other,
                         .door = door}),
          acquirer(clock,
                   {.name = "ACQUIRER", .serial = east_serial, .key = TestKeys::shared().east}) {
        const TestKeys& keys = TestKeys::shared();
        switch_at_wallet = wallet.know("SWITCH", middle_serial, keys.other.public_key());
        wallet_at_switch = middle.know("WALLET", west_serial, keys.west.public_key());
        acquirer_at_switch = middle.know("ACQUIRER", east_serial, keys.east.public_key());
        switch_at_acquirer = acquirer.know("SWITCH", middle_serial, keys.other.public_key());
        wallet.own_digits("28", switch_at_wallet);
        middle.own_digits("28", acquirer_at_switch);
        acquirer.own_digits("28", acquirer.house);
        wallet.link(switch_at_wallet, {middle.url()});
        middle.link(acquirer_at_switch, {acquirer.url()});
        alice = wallet.open_user("alice");
        const auto order = acquirer.open_order(acquirer.open_merchant("1900000001"), "1", 50'00);
        acquirer.payees[code] = {
            .order = order.id(),
            .resolution = {.payee_name = "Shop",
                           .amount = fen(50'00),
                           .subject = "Coffee",
                           .resolve_token = {},
                           .expires_at = {}}
        };
    }
    Resolution resolve() {
        Later<Result<Resolution>> later;
        wallet.resolver.resolve({.from = {}, .code = code}, later.callback());
        auto resolved = later.get();
        EXPECT_TRUE(resolved.has_value());
        return std::move(resolved).value_or(Resolution{});
    }
    // Alice pays the order; how it stands at first.
    switching::Payment pay(const Resolution& resolved) {
        const auto payee = wallet.tokens().open(resolved.resolve_token, {}, clock.now());
        EXPECT_EQ(payee->owner, switch_at_wallet);
        return std::get<switching::Payment>(wallet.yes(switching::PayCode{
            .session = {alice, 0},
            .to = payee->owner,
            .amount = resolved.amount.value_or(Money{}
              ),
            .code = payee->inner,
            .subject = resolved.payee_name,
            .request_id = "k1"
        }));
    }
    void expect_paid(const switching::Payment& payment) {
        EXPECT_TRUE(eventually([&] {
            const auto now = wallet.now(payment);
            return now.state.status == completed && !now.unfinished();
        }));
        EXPECT_TRUE(eventually([&] { return acquirer.position(switch_at_acquirer) == 50'00; }));
        EXPECT_EQ(wallet.balance(alice), 150'00);
        EXPECT_EQ(wallet.position(switch_at_wallet), -50'00);
        EXPECT_EQ(middle.position(wallet_at_switch), 50'00);
        EXPECT_EQ(middle.position(acquirer_at_switch), -50'00);
    }

    const std::string code = "280000000000000001";
    const std::string middle_serial = "7157F09EFDC096DE15EBE81A47057A72";
    TestClock clock;
    Platform wallet, middle, acquirer;
    ParticipantId switch_at_wallet, wallet_at_switch, acquirer_at_switch, switch_at_acquirer;
    UserId alice;
};

TEST_F(ChainTest, PaysThroughASwitch) {
    expect_paid(pay(resolve()));
    EXPECT_EQ(middle.door().metrics().held, 1U);
}

class ImpatientChainTest : public ChainTest {
protected:
    ImpatientChainTest() : ChainTest({.hold = milliseconds(1)}) {}
};

// The switch says that it has no answer yet, and the wallet asks again with the same message.
TEST_F(ImpatientChainTest, AsksAgainWhileTheSwitchHasNoAnswer) {
    const Resolution resolved = resolve();
    middle.link(acquirer_at_switch, {"http://127.0.0.1:1"});
    const auto payment = pay(resolved);
    ASSERT_TRUE(eventually([&] { return middle.door().metrics().held > 1; }));
    EXPECT_EQ(wallet.now(payment).state.status, reserved);
    EXPECT_EQ(wallet.balance(alice), 200'00);
    middle.link(acquirer_at_switch, {acquirer.url()});
    expect_paid(payment);
}

// An acquirer that can't be reached for 30 s: the switch gives up, and so does the wallet.
TEST_F(ImpatientChainTest, GivesUpTogether) {
    const Resolution resolved = resolve();
    middle.link(acquirer_at_switch, {"http://127.0.0.1:1"});
    const auto payment = pay(resolved);
    ASSERT_TRUE(eventually([&] { return middle.door().metrics().held > 0; }));
    clock.pass(seconds(31));
    EXPECT_TRUE(eventually([&] {
        const auto now = wallet.now(payment);
        return now.state.status == declined || now.state.status == reversed;
    }));
    EXPECT_EQ(wallet.balance(alice), 200'00);
    middle.link(acquirer_at_switch, {acquirer.url()});  // Its reversal is owed until now.
    EXPECT_TRUE(eventually([&] {
        const auto key = switching::request_key(payment.id());
        const auto leg = std::get<switching::Payment>(
            middle.yes(switching::QueryRequest{wallet_at_switch, key}));
        return leg.state.status == reversed;
    }));
    EXPECT_EQ(middle.position(wallet_at_switch), 0);
}

}  // namespace
}  // namespace huitong::gateway::institution
