// A payment's life between two hosted sides: a row per error that each decision lists, in check
// order, each proving that nothing changed; what is recorded; and both sides on states of their
// own.
#include "switching/switching.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "switching/test_world.hpp"

namespace huitong::switching {
namespace {

using namespace test;

PayOrder by_alice() {
    return {
        .id = payment, .session = {alice, 0},
             .order = order, .request_id = "r1"
    };
}

TEST(PayOrder, RefusesInCheckOrderAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(World&, PayOrder&)> arrange;
        Instant now;
        Error want;
    } cases[] = {
        {"no such user",              [](World&, PayOrder& c) { c.session.user = nobody; },                                   t0,
         Error::session_invalid                                                                                                                                            },
        {"an ended session",          [](World&, PayOrder& c) { c.session.epoch = 1; },                                       t0,
         Error::session_invalid                                                                                                                                            },
        {"the key for another order",
         [](World& w,                            PayOrder& c) {
             ASSERT_TRUE(w.pay(c));
             c.order = second_order;
         },                                                                                              t0,            Error::payment_key_reused     },
        {"no such order",
         [](World& w,                            PayOrder& c) {
             c.order = no_order;
             w.user(alice).state.status = wallet::UserStatus::frozen;
         },                                                                                              t0,            Error::order_not_found        },
        {"paid by another",
         [](World& w,                            PayOrder&) {
             PayOrder bobs_wish = by_alice();
             bobs_wish.session.user = bob;
             w.kept(order).terms.minor = 50'00;
             ASSERT_TRUE(w.pay(bobs_wish));
         },                                                                                              t0,            Error::order_paid             },
        {"closed",
         [](World& w,                            PayOrder&) { w.kept(order).state.status = acquiring::OrderStatus::closed; },
         t0,                                                                                                                                 Error::order_closed           },
        {"under way",
         [](World& w,                            PayOrder&) { w.kept(order).state.status = acquiring::OrderStatus::locked; },
         t0,                                                                                                                                 Error::order_locked           },
        {"run out",                   [](World&, PayOrder&) {},                                                               t0 + days(7),  Error::order_expired          },
        {"code run out",              [](World&, PayOrder&) {},                                                               t0 + hours(2), Error::order_code_expired     },
        {"named for another",
         [](World& w,                            PayOrder&) { w.kept(order).terms.payer_openid = "someone"; },                t0,
         Error::order_payer_differs                                                                                                                                        },
        {"frozen merchant",
         [](World& w,                            PayOrder&) {
             acquiring::Merchant frozen = w.merchant();
             frozen.state.status = acquiring::MerchantStatus::frozen;
             w.acquiring.merchants.load(frozen);
             w.user(alice).state.status = wallet::UserStatus::frozen;
         },                                                                                              t0,            Error::merchant_frozen        },
        {"frozen payer",
         [](World& w,                            PayOrder&) { w.user(alice).state.status = wallet::UserStatus::frozen; },     t0,
         Error::user_frozen                                                                                                                                                },
        {"locked",
         [](World& w,                            PayOrder& c) {
             w.user(alice).state.payment_password.locked_until = t0 + seconds(1);
             c.check = {pin, true};
         },                                                                                              t0,            Error::payment_password_locked},
        {"a void check",              [](World&, PayOrder& c) { c.check = {stale, true}; },                                   t0,
         Error::outcome_unknown                                                                                                                                            },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        PayOrder command = by_alice();
        c.arrange(world, command);
        const std::string before = world.said();
        const auto answer = world.pay(command, c.now);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), Stop{c.want});
        EXPECT_EQ(world.said(), before);
    }
}

TEST(PayOrder, RecordsADeclineAndGivesTheSameNoAgain) {
    const struct {
        const char* name;
        UserId payer;
        std::int64_t minor;
        std::optional<wallet::PasswordCheck> check;
        const char* want;
    } cases[] = {
        {"no password given", alice, 200'01, {},                                "payment_password_wrong"},
        {"a wrong password",  alice, 1,      wallet::PasswordCheck{pin, false}, "payment_password_wrong"},
        {"too little money",  bob,   50'01,  {},                                "funds_insufficient"    },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        world.kept(order).terms.minor = c.minor;
        PayOrder command = by_alice();
        command.session.user = c.payer;
        command.check = c.check;
        const auto first = world.pay(command);
        ASSERT_TRUE(first);
        EXPECT_EQ(first->payment.state.status, PaymentStatus::declined);
        EXPECT_EQ(first->payment.state.decline, c.want);
        EXPECT_EQ(world.kept(order).state.status, acquiring::OrderStatus::open);
        EXPECT_EQ(world.balance(unsettled), 0);

        command.check = wallet::PasswordCheck{pin, true};  // Right now, but the key has its answer.
        command.id = PaymentId{52};
        EXPECT_EQ(world.pay(command)->payment, first->payment);
    }
}

TEST(PayOrder, PaysOnceHoweverOftenAndByWhomeverAsked) {
    World world;
    const auto first = world.pay(by_alice());
    ASSERT_TRUE(first);
    EXPECT_EQ(first->payment.state.status, PaymentStatus::completed);
    EXPECT_EQ(first->available_minor, 200'00);
    EXPECT_EQ(first->merchant_name, "the shop");
    EXPECT_EQ(first->out_trade_no, "no-1");
    const std::string after = world.said();

    PayOrder again = by_alice();
    again.id = PaymentId{52};
    EXPECT_EQ(world.pay(again, t0 + days(30))->payment, first->payment);
    again.request_id = "r2";
    EXPECT_EQ(world.pay(again).error(), Stop{Error::order_paid});
    again.session.user = bob;
    EXPECT_EQ(world.pay(again).error(), Stop{Error::order_paid});
    EXPECT_EQ(world.said(), after);
    EXPECT_EQ(world.balance(alices), 200'00);
    EXPECT_EQ(world.balance(unsettled), 100'00);
    EXPECT_EQ(world.kept(order).state.payment, payment);
    EXPECT_EQ(world.kept(order).state.payer, alice);
}

TEST(PayOrder, CountsAWrongPasswordUntilTheLock) {
    World world;
    PayOrder command = by_alice();
    command.check = {pin, false};
    for (const char* request : {"a", "b"}) {
        command.request_id = request;
        command.id = PaymentId{command.id.value + 1};
        EXPECT_EQ(world.pay(command)->payment.state.decline, "payment_password_wrong");
    }
    command.check = {pin, true};
    command.request_id = "c";
    EXPECT_EQ(world.pay(command).error(), Stop{Error::payment_password_locked});
    EXPECT_TRUE(world.pay(command, t0 + minutes(10)));
}

TEST(QueryPayment, ShowsAPaymentToItsPayerOnly) {
    World world;
    ASSERT_TRUE(world.pay(by_alice()));
    const auto ask = [&](wallet::Session session, PaymentId id) {
        const ledger::Draft draft(world.book, world.limits);
        return query_payment(world.sides(), draft, {session, id});
    };
    EXPECT_EQ(ask({alice, 1}, payment).error(), Stop{Error::session_invalid});
    // An id that memory lacks may be in the tables: a miss, not a no.
    EXPECT_TRUE(ask({alice, 0}, no_payment).error().is_miss());
    EXPECT_EQ(ask({alice, 0}, {}).error(), Stop{Error::payment_not_found});
    EXPECT_EQ(ask({bob, 0}, payment).error(), Stop{Error::payment_not_found});
    EXPECT_EQ(ask({alice, 0}, payment)->payment.id(), payment);
}

acquiring::CreateRefund back(std::int64_t minor, std::string number = "f1") {
    return {
        .terms = {.id = RefundId{61},
                  .merchant = shop,
                  .out_refund_no = std::move(number),
                  .minor = minor,
                  .currency = cny,
                  .content_digest = std::to_string(minor)},
        .order = {shop, order, ""},
        .total_minor = 100'00
    };
}

TEST(RefundOrder, RefusesAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(World&, acquiring::CreateRefund&)> arrange;
        Error want;
    } cases[] = {
        {"the number with other content",
         [](World& w,                                acquiring::CreateRefund& c) {
             ASSERT_TRUE(w.refund(c));
             c.terms.content_digest = "else";
             c.order.id = no_order;
         },                                                                                         Error::refund_number_reused       },
        {"no such merchant",
         [](World&,                                  acquiring::CreateRefund& c) { c.terms.merchant = MerchantId{96}; },
         Error::merchant_not_found                                                                                                                         },
        {"an unpaid order",               [](World&, acquiring::CreateRefund& c) { c.order.id = second_order; },
         Error::refund_order_unpaid                                                                                                                        },
        {"nothing",                       [](World&, acquiring::CreateRefund& c) { c.terms.minor = 0; },
         Error::amount_not_positive                                                                                                                        },
        {"less than nothing",             [](World&, acquiring::CreateRefund& c) { c.terms.minor = -10; },
         Error::amount_not_positive                                                                                                                        },
        {"more than was paid",            [](World&, acquiring::CreateRefund& c) { c.terms.minor = 100'01; },
         Error::refund_exceeds_payment                                                                                                                     },
        {"more than the merchant has",
         [](World& w,                                acquiring::CreateRefund&) {
             ledger::Effects settled;
             settled.postings.push_back({unsettled, bank, 95'00, cny});
             w.book.apply(settled);
         },                                                                                         Error::merchant_funds_insufficient},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        ASSERT_TRUE(world.pay(by_alice()));
        acquiring::CreateRefund command = back(10'00);
        c.arrange(world, command);
        const std::string before = world.said();
        const auto answer = world.refund(command);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), Stop{c.want});
        EXPECT_EQ(world.said(), before);
    }
}

TEST(RefundOrder, GivesBackInPartsUntilAllIsGiven) {
    World world;
    ASSERT_TRUE(world.pay(by_alice()));
    const auto first = world.refund(back(60'00), t0 + days(1));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->terms.payment, payment);
    EXPECT_EQ(first->state.status, acquiring::RefundStatus::success);
    EXPECT_EQ(*world.refund(back(60'00), t0 + days(2)), *first);  // A repeat gives nothing.
    EXPECT_EQ(world.balance(alices), 260'00);

    acquiring::CreateRefund rest = back(40'01, "f2");
    rest.terms.id = RefundId{62};
    EXPECT_EQ(world.refund(rest).error(), Stop{Error::refund_exceeds_payment});
    rest.terms.minor = 40'00;
    ASSERT_TRUE(world.refund(rest));
    EXPECT_EQ(world.balance(alices), 300'00);
    EXPECT_EQ(world.balance(unsettled), 0);
    EXPECT_EQ(world.kept(order).state.refunded_minor, 100'00);
    EXPECT_EQ(world.kept(order).state.refund_count, 2U);
    EXPECT_EQ(world.switching.payments.in_memory(payment)->state.refunded_minor, 100'00);
}

TEST(RefundOrder, IsJudgedAnewAfterNotEnough) {
    World world;
    ASSERT_TRUE(world.pay(by_alice()));
    ledger::Effects settled;
    settled.postings.push_back({unsettled, bank, 95'00, cny});
    world.book.apply(settled);
    EXPECT_EQ(world.refund(back(10'00)).error(), Stop{Error::merchant_funds_insufficient});
    PayOrder another = by_alice();
    another.id = PaymentId{52};
    another.order = second_order;
    another.request_id = "r2";
    ASSERT_TRUE(world.pay(another));
    EXPECT_EQ(world.refund(back(10'00))->state.status, acquiring::RefundStatus::success);
}

TEST(RefundOrder, IsClosedWhenThePayerCannotTakeTheMoney) {
    World world;
    ASSERT_TRUE(world.pay(by_alice()));
    ledger::Effects gift;
    gift.postings.push_back({bank, alices, 105'00, cny});
    world.book.apply(gift);
    const auto refund = world.refund(back(10'00));
    ASSERT_TRUE(refund);
    EXPECT_EQ(refund->state.status, acquiring::RefundStatus::closed);
    EXPECT_EQ(refund->state.decline, "balance_limit_exceeded");
    EXPECT_EQ(world.balance(unsettled), 100'00);
    EXPECT_EQ(world.kept(order).state.refunded_minor, 0);
    EXPECT_EQ(*world.refund(back(10'00)), *refund);
}

// In two partitions the money passes through an in-flight account on each side, and neither side's
// functions are given the other's records: this compiles and works, so they need none of them.
TEST(Sides, RunOnTwoStates) {
    constexpr AccountId in_flight{26};
    World world;
    const Money amount = fen(100'00);

    wallet::Wallet payer_wallet{
        Hash128{3, 4}
    };
    payer_wallet.users.put(world.user(alice), Sequence{1});
    ledger::Book payer_book;
    payer_book.load({.id = alices, .balance = 300'00, .currency = cny});
    payer_book.load({.id = in_flight, .kind = ledger::AccountKind::inbound_funds, .currency = cny});

    acquiring::Acquiring payee_acquiring{
        Hash128{5, 6}
    };
    payee_acquiring.merchants.load(world.merchant());
    payee_acquiring.orders.put(world.kept(order), Sequence{1});
    ledger::Book payee_book;
    payee_book.load(*world.book.find(unsettled));
    payee_book.load({.id = in_flight, .kind = ledger::AccountKind::inbound_funds, .currency = cny});

    // The payer's side reserves.
    wallet::Effects of_wallet;
    {
        ledger::Draft draft(payer_book, world.limits);
        const auto user = wallet::session_user(payer_wallet, {alice, 0});
        ASSERT_TRUE(user);
        ASSERT_TRUE(wallet::authorise(**user, amount, {}, world.wallet_rules, t0, of_wallet));
        ASSERT_TRUE(draft.hold(alices, amount));
        payer_book.apply(draft.take());
    }
    EXPECT_EQ(payer_book.find(alices)->available(), 200'00);

    // The payee's side answers yes, once.
    const auto answer = [&](PaymentId id) -> Result<void> {
        ledger::Draft draft(payee_book, world.limits);
        const acquiring::Order& wish = *payee_acquiring.orders.in_memory(order);
        TRY(payee, acquiring::payable(payee_acquiring, wish, "", t0));
        CHECK(draft.post(in_flight, payee, amount));
        acquiring::Effects effects;
        effects.orders.push_back(
            changed<acquiring::Order>(order, acquiring::paid_state(wish, id, alice, t0)));
        payee_book.apply(draft.take());
        acquiring::apply(payee_acquiring, effects, Sequence{2});
        return {};
    };
    EXPECT_TRUE(answer(payment));
    EXPECT_EQ(answer(PaymentId{52}), refuse(Error::order_paid));

    // The payer's side completes.
    {
        ledger::Draft draft(payer_book, world.limits);
        ASSERT_TRUE(draft.post_hold(alices, in_flight, amount));
        payer_book.apply(draft.take());
    }
    EXPECT_EQ(payer_book.find(alices)->balance, 200'00);
    EXPECT_EQ(payer_book.find(alices)->held, 0);
    EXPECT_EQ(payee_book.find(unsettled)->balance, 100'00);
    EXPECT_EQ(payer_book.find(in_flight)->balance + payee_book.find(in_flight)->balance, 0);
    EXPECT_EQ(payee_acquiring.orders.in_memory(order)->state.status, acquiring::OrderStatus::paid);
}

TEST(Registry, RefusesWhatIsTaken) {
    Switching switching{
        Hash128{1, 2}
    };
    Effects effects;
    const RegisterParticipant participant{.id = ParticipantId{1}, .code = "bank", .state = {}};
    ASSERT_TRUE(register_participant(switching, participant, t0, effects));
    const OpenOperator someone{
        .id = OperatorId{2}, .name = "root", .password = pin, .must_change = true};
    ASSERT_TRUE(open_operator(switching, someone, t0, effects));
    apply(switching, effects, Sequence{1});

    Effects none;
    EXPECT_EQ(register_participant(switching, participant, t0, none), refuse(Error::id_taken));
    EXPECT_EQ(open_operator(switching, someone, t0, none), refuse(Error::login_name_taken));
    EXPECT_TRUE(none.participants.empty() && none.operators.empty());
}

TEST(OperatorLogIn, RefusesInCheckOrderAndLocksAfterTooManyFailures) {
    World world;
    Effects opened;
    ASSERT_TRUE(open_operator(
        world.switching,
        {.id = OperatorId{2}, .name = "root", .password = pin, .must_change = true}, t0, opened));
    apply(world.switching, opened, Sequence{1});
    const auto enter = [&](const OperatorLogIn& command, Instant now = t0) {
        return world.run([&](SidesEffects effects) {
            return operator_log_in(world.switching, command, world.wallet_rules, now,
                                   effects.switching);
        });
    };
    EXPECT_EQ(enter({
                        "nobody", {pin, true},
                         {}
    })
                  .error(),
              Error::credentials_wrong);
    EXPECT_EQ(enter({
                        "root", {stale, true},
                         {}
    })
                  .error(),
              Error::outcome_unknown);
    EXPECT_FALSE(enter({
                           "root", {pin, false},
                            Sealed{"new"}
    })
                     ->matches);
    EXPECT_FALSE(enter({
                           "root", {pin, false},
                            {}
    })
                     ->matches);
    EXPECT_EQ(enter({
                        "root", {pin, true},
                         {}
    })
                  .error(),
              Error::credentials_locked);

    const auto changed = enter(
        {
            "root", {pin, true},
             Sealed{"new"}
    },
        t0 + minutes(10));
    ASSERT_TRUE(changed);
    const OperatorState& state = world.switching.operators.find(OperatorId{2})->state;
    EXPECT_EQ(state.password, wallet::Credential{.record = {"new"}});
    EXPECT_FALSE(state.must_change);
    EXPECT_EQ(state.session_epoch, 1U);
}

}  // namespace
}  // namespace huitong::switching
