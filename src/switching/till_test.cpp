// A till of a merchant hosted here: what a charge may be refused for, what it ends in, and how it
// is taken back.
#include <functional>
#include <gtest/gtest.h>

#include "switching/life.hpp"
#include "switching/test_world.hpp"

namespace huitong::switching {
namespace {

using namespace test;
using acquiring::OrderStatus;
using enum PaymentStatus;

constexpr ParticipantId west{61}, stranger{64};
constexpr AccountId west_position{71};
const std::string code = "130000000000000001", unknown_code = "130000000000000009";
const std::string number = "till-1";

// Alice shows a code, good for a minute; she is asked above 200.00. West is linked.
struct Till : World {
    Till() {
        wallet_rules.code_free_minor = 200'00;
        acquiring.orders.install_absent({
            RecordKind::order, 0, {shop.value, "no-such-order"}
        });
        wallet.payer_codes.put(
            wallet::PayerCode{
                {.id = {81}, .user = alice, .digits = code, .expires_at = t0 + seconds(60)},
                {}
        },
            Sequence{1});
        switching.participants.load({
            {.id = west, .code = "WEST"},
            {.protocol = Protocol::json}
        });
        book.load({.id = west_position, .kind = ledger::AccountKind::position, .currency = cny});
        switching.positions.load({
            {.id = west_position, .participant = west, .currency = cny},
            {.cap_minor = 500'00}
        });
    }
    auto charge(const ChargeCode& command, Instant now = t0) {
        return run(
            [&](SidesEffects effects) { return charge_code(sides(), command, now, effects); });
    }
    auto reverse(const std::string& out_trade_no, Instant now = t0) {
        const ReverseOrder command{
            {shop, {}, out_trade_no}
        };
        return run(
            [&](SidesEffects effects) { return reverse_order(sides(), command, now, effects); });
    }
    auto confirm(PaymentId id, Instant now = t0) {
        const ConfirmPayment command{
            {alice, 0   },
            id, {pin,   true}
        };
        return run(
            [&](SidesEffects effects) { return confirm_payment(sides(), command, now, effects); });
    }
    auto answer(PaymentId id, bool yes) {
        const AnswerPayment command{.payment = id, .yes = yes, .decline = yes ? "" : "user_frozen"};
        return run(
            [&](SidesEffects effects) { return answer_payment(sides(), command, t0, effects); });
    }
    // The order of the till as it stands; none: nothing was made.
    [[nodiscard]] const acquiring::Order* made() const { return acquiring.orders.in_memory({43}); }
    [[nodiscard]] bool order_is(OrderStatus status) const {
        return made() != nullptr && made()->state.status == status;
    }
};

ChargeCode by_code(std::int64_t minor = 100'00) {
    return {
        .id = payment,
        .order = {.id = {43},
                  .merchant = shop,
                  .out_trade_no = number,
                  .trade_type = acquiring::TradeType::micropay,
                  .appid = "wx1",
                  .description = "goods",
                  .minor = minor,
                  .currency = cny,
                  .content_digest = "d1"},
        .code = code
    };
}
ChargeCode by_west(std::int64_t minor = 100'00) {
    ChargeCode charge = by_code(minor);
    charge.to = west;
    return charge;
}

TEST(ChargeCode, RefusesAndLeavesNoTrace) {
    const struct {
        const char* name;
        std::function<void(Till&, ChargeCode&)> arrange;
        Error want;
    } cases[] = {
        {"number of an unpaid order",                    [](Till&, ChargeCode& c) { c.order.out_trade_no = "no-1"; },
         Error::order_number_reused                                                                                                               },
        {"number of a paid order",
         [](Till& w,                                               ChargeCode& c) {
             c.order.out_trade_no = "no-1";
             w.kept(order).state.status = OrderStatus::paid;
         },                                                                                       Error::order_paid           },
        {"number with the same content, but of no till",
         [](Till& w,                                               ChargeCode& c) {
             c.order.out_trade_no = "no-1";
             w.kept(order).terms.content_digest = "d1";
         },                                                                                       Error::order_number_reused  },
        {"frozen merchant",
         [](Till& w,                                               ChargeCode&) {
             acquiring::Merchant m = w.merchant();
             m.state.status = acquiring::MerchantStatus::frozen;
             w.acquiring.merchants.load(m);
         },                                                                                       Error::merchant_frozen      },
        {"foreign appid",                                [](Till&, ChargeCode& c) { c.order.appid = "wx2"; },
         Error::appid_not_bound                                                                                                                   },
        {"nothing",                                      [](Till&, ChargeCode& c) { c.order.minor = 0; },             Error::amount_not_positive  },
        {"owner unknown",                                [](Till&, ChargeCode& c) { c.to = stranger; },
         Error::participant_not_found                                                                                                             },
        {"owner suspended",
         [](Till& w,                                               ChargeCode& c) {
             c.to = west;
             Participant p = *w.switching.participants.find(west);
             p.state.status = ParticipantStatus::suspended;
             w.switching.participants.load(p);
         },                                                                                       Error::participant_suspended},
        {"unknown code",
         [](Till& w,                                               ChargeCode& c) {
             c.code = unknown_code;
             w.wallet.payer_codes.install_absent({
                 RecordKind::payer_code, 0, {                             0, unknown_code}});
         },                                                                                                 Error::payer_code_unknown                                                                                                                             },
        {"frozen payer",
         [](Till& w, ChargeCode&) { w.user(alice).state.status = wallet::UserStatus::frozen; },
         Error::user_frozen                                                                                                                               },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Till world;
        ChargeCode command = by_code();
        c.arrange(world, command);
        const std::string before = world.said();
        EXPECT_EQ(world.charge(command), refuse(c.want));
        EXPECT_EQ(world.said(), before);
        EXPECT_EQ(world.made(), nullptr);
        EXPECT_FALSE(world.wallet.payer_codes.in_memory({81})->state.spent_by.named());
    }
}

// The code is spent and the order dead: a retry wants another number and another code.
TEST(ChargeCode, RecordsEachDeclineAndUsesUpOrderAndCode) {
    const struct {
        const char* name;
        std::function<void(Till&, ChargeCode&)> arrange;
        Error want;
    } cases[] = {
        {"spent code",
         [](Till& w, ChargeCode&) {
             w.wallet.payer_codes.apply(changed<wallet::PayerCode>({81}, {.spent_by = {59}}),
                                        Sequence{2});
         },                                                                   Error::payer_code_spent   },
        {"expired code",
         [](Till& w, ChargeCode&) {
             w.wallet.payer_codes.put(
                 wallet::PayerCode{
                     {          .id = {81}, .user = alice, .digits = code, .expires_at = t0}, {}},
                 Sequence{2});
         },                                                                             Error::payer_code_expired                                                                                                       },
        {"poor payer",
         [](Till& w, ChargeCode&) { w.book.apply({.postings = {{alices, bank, 250'00, cny}}}); },
         Error::funds_insufficient},
        {"past the cap",   [](Till&, ChargeCode& c) { c = by_west(500'01); },
         Error::position_limit_exceeded                                                                                          },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Till world;
        ChargeCode command = by_code();
        c.arrange(world, command);
        const auto declined_payment = world.charge(command);
        ASSERT_TRUE(declined_payment.has_value());
        EXPECT_EQ(declined_payment->state.status, declined);
        EXPECT_EQ(declined_payment->state.decline, name_of(c.want));
        EXPECT_TRUE(world.order_is(OrderStatus::closed));
        EXPECT_EQ(world.balance(unsettled), 0);
        EXPECT_EQ(world.charge(command, t0 + days(1)), declined_payment);
    }
}

TEST(ChargeCode, MakesAndPaysAnOrderInOneEntry) {
    Till world;
    const auto paid = world.charge(by_code());
    ASSERT_TRUE(paid.has_value());
    EXPECT_EQ(paid->state.status, completed);
    EXPECT_EQ(paid->terms.payer, alice);
    EXPECT_EQ(paid->terms.kind, PaymentKind::cpm);
    EXPECT_TRUE(world.order_is(OrderStatus::paid));
    EXPECT_EQ(world.made()->state.payment, payment);
    EXPECT_EQ(world.made()->state.payer, alice);
    EXPECT_EQ(world.made()->terms.created_at, t0);
    EXPECT_EQ(world.balance(alices), 200'00);
    EXPECT_EQ(world.balance(unsettled), 100'00);
    EXPECT_EQ(world.wallet.payer_codes.in_memory({81})->state.spent_by, payment);

    ChargeCode again = by_code();
    again.id = {52};
    again.order.id = {44};
    EXPECT_EQ(world.charge(again, t0 + hours(1)), paid);
    again.order.content_digest = "d2";  // Another code, say, under the number of a paid order.
    EXPECT_EQ(world.charge(again), refuse(Error::order_paid));
    EXPECT_EQ(world.balance(unsettled), 100'00);
}

TEST(ChargeCode, AsksThePayerAboveTheLimit) {
    Till world;
    EXPECT_EQ(world.charge(by_code(200'01))->state.status, confirming);
    EXPECT_TRUE(world.order_is(OrderStatus::locked));
    EXPECT_EQ(world.balance(alices), 300'00);
    EXPECT_EQ(world.charge(by_code(200'01))->state.status, confirming);
    EXPECT_EQ(world.confirm(payment)->state.status, completed);
    EXPECT_TRUE(world.order_is(OrderStatus::paid));
    EXPECT_EQ(world.balance(unsettled), 200'01);
}

TEST(ChargeCode, GivesUpAPayerWhoDoesNotConfirm) {
    Till world;
    world.charge(by_code(200'01));
    const Instant late = t0 + world.rules.payer_confirmation;
    const auto expired = world.run([&](SidesEffects effects) {
        return expire_payment(world.sides(), {payment}, late, effects);
    });
    EXPECT_EQ(expired->state.decline, name_of(Error::payer_confirmation_missed));
    EXPECT_TRUE(world.order_is(OrderStatus::closed));
    EXPECT_EQ(world.confirm(payment, late)->state.status, declined);
}

TEST(ChargeCode, WaitsForTheInstitutionWhoseCodeItIs) {
    for (const bool yes : {true, false}) {
        Till world;
        EXPECT_EQ(world.charge(by_west())->state.status, reserved);
        EXPECT_TRUE(world.order_is(OrderStatus::locked));
        EXPECT_EQ(world.book.find(west_position)->held, 100'00);
        EXPECT_EQ(world.answer(payment, yes)->state.status, yes ? completed : declined);
        EXPECT_TRUE(world.order_is(yes ? OrderStatus::paid : OrderStatus::closed));
        EXPECT_EQ(world.balance(unsettled), yes ? 100'00 : 0);
        EXPECT_EQ(world.book.find(west_position)->held, 0);
    }
}

TEST(CloseOrder, RefusesATillsOrder) {
    Till world;
    world.charge(by_code(200'01));
    const acquiring::CloseOrder close{
        .order = {shop, {}, number}
    };
    acquiring::Effects effects;
    EXPECT_EQ(acquiring::close_order(world.acquiring, close, t0, effects),
              refuse(Error::order_reversal_only));
}

TEST(ReverseOrder, RefusesAndChangesNothing) {
    const struct {
        const char* name;
        std::string number;
        std::function<void(Till&)> arrange;
        Duration later;
        Error want;
    } cases[] = {
        {"no such order", "no-such-order", [](Till&) {},                                                             {},        Error::order_not_found     },
        {"no till's",     "no-1",          [](Till&) {},                                                             {},        Error::order_not_reversible},
        {"another day",   number,          [](Till&) {},                                                             hours(25), Error::payment_completed   },
        {"refunded",
         number,                           [](Till& w) {
             w.switching.payments.apply(
                 changed<Payment>(payment, {.status = completed, .refunded_minor = 1}),
                 Sequence{9});
         },                                                                                          {},
         Error::payment_completed                                                                                                                          },
        {"money gone",
         number,                           [](Till& w) { w.book.apply({.postings = {{unsettled, bank, 1, cny}}}); },
         {},
         Error::merchant_funds_insufficient                                                                                                                },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Till world;
        world.charge(by_code());
        c.arrange(world);
        const std::string before = world.said();
        EXPECT_EQ(world.reverse(c.number, t0 + c.later), refuse(c.want));
        EXPECT_EQ(world.said(), before);
        EXPECT_TRUE(world.order_is(OrderStatus::paid));
    }
}

TEST(ReverseOrder, GivesThePayerTheMoneyBack) {
    Till world;
    world.charge(by_code());
    const auto reversed_payment = world.reverse(number, t0 + minutes(1));
    ASSERT_TRUE(reversed_payment.has_value());
    EXPECT_EQ(reversed_payment->state.status, reversed);
    EXPECT_EQ(reversed_payment->state.decline, name_of(Error::payment_reversed));
    EXPECT_TRUE(world.order_is(OrderStatus::closed));
    EXPECT_EQ(world.balance(alices), 300'00);
    EXPECT_EQ(world.balance(unsettled), 0);
    EXPECT_EQ(world.reverse(number, t0 + days(9)), reversed_payment);
}

TEST(ReverseOrder, EndsWhatIsUnderWay) {
    Till asked;
    asked.charge(by_code(200'01));
    EXPECT_EQ(asked.reverse(number)->state.status, reversed);
    EXPECT_TRUE(asked.order_is(OrderStatus::closed));
    EXPECT_EQ(asked.confirm(payment)->state.status, reversed);
    EXPECT_EQ(asked.balance(alices), 300'00);

    Till linked_payer;
    linked_payer.charge(by_west());
    EXPECT_EQ(linked_payer.reverse(number)->state.status, reversing);
    EXPECT_EQ(linked_payer.book.find(west_position)->held, 0);
    EXPECT_TRUE(linked_payer.order_is(OrderStatus::closed));
    EXPECT_EQ(linked_payer.answer(payment, true)->state.status, reversing);
    EXPECT_EQ(linked_payer.balance(unsettled), 0);
}

TEST(ReverseOrder, TakesBackFromTheInstitutionThatPaid) {
    Till world;
    world.charge(by_west());
    world.answer(payment, true);
    EXPECT_EQ(world.balance(west_position), -100'00);
    EXPECT_EQ(world.reverse(number)->state.status, reversing);
    EXPECT_EQ(world.balance(west_position), 0);
    EXPECT_EQ(world.balance(unsettled), 0);
}

TEST(ReverseOrder, LeavesADeclinedChargeAsItIs) {
    Till world;
    world.charge(by_west());
    const auto declined_payment = world.answer(payment, false);
    EXPECT_EQ(world.reverse(number), declined_payment);
    EXPECT_TRUE(world.order_is(OrderStatus::closed));
}

}  // namespace
}  // namespace huitong::switching
