// Payments with a linked side: each step and each race of the life in payment.hpp, in one
// institution's state, and then three institutions' states that talk by hand.
#include "switching/linked.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <variant>

#include "switching/life.hpp"
#include "switching/test_world.hpp"

namespace huitong::switching {
namespace {

using namespace test;
using enum PaymentStatus;

constexpr ParticipantId west{61}, east{62}, iso{63}, stranger{64};
constexpr AccountId west_position{71}, east_position{72}, iso_position{73};
constexpr std::int64_t cap = 500'00;

// An institution that others are linked to: west and east over JSON, iso over ISO 8583.
struct Linked : World {
    Linked() {
        link(west, west_position, Protocol::json);
        link(east, east_position, Protocol::json);
        link(iso, iso_position, Protocol::iso8583);
        wallet.payer_codes.put(
            wallet::PayerCode{
                {.id = {81},
                 .user = alice,
                 .digits = "130000000000000001",
                 .expires_at = t0 + seconds(60)},
                {}
        },
            Sequence{1});
        payer_codes_absent("130000000000000009");
    }
    void link(ParticipantId id, AccountId account, Protocol protocol) {
        switching.participants.load({
            {.id = id, .code = std::to_string(id.value)},
            {.protocol = protocol}
        });
        const AccountId transit{account.value + 10};
        book.load({.id = account, .kind = ledger::AccountKind::position, .currency = cny});
        book.load(
            {.id = transit, .kind = ledger::AccountKind::refunds_in_transit, .currency = cny});
        switching.positions.load({
            {.id = account, .participant = id, .currency = cny, .refunds_in_transit = transit},
            {.cap_minor = cap}
        });
        for (const CodeKind kind : {CodeKind::merchant_dynamic, CodeKind::payer_code}) {
            const OpeningId opening{id.value * 10 + static_cast<std::uint64_t>(kind)};
            switching.openings.load({
                {.id = opening, .participant = id, .code_kind = kind},
                {.opens_at = t0}
            });
        }
    }
    void payer_codes_absent(const std::string& digits) {
        wallet.payer_codes.install_absent({
            RecordKind::payer_code, 0, {0, digits}
        });
    }
    template <class Command, class Decide>
    auto take(const Command& command, Instant now, Decide decide) {
        return run([&](SidesEffects effects) { return decide(sides(), command, now, effects); });
    }
    auto request(const RequestPayment& command, Instant now = t0) {
        return take(command, now, request_payment);
    }
    auto answer(PaymentId id, bool yes, Instant now = t0) {
        return take(AnswerPayment{.payment = id, .yes = yes, .decline = yes ? "" : "user_frozen"},
                    now, answer_payment);
    }
    auto commit(ParticipantId from, std::string key, Instant now = t0) {
        return take(CommitPayment{from, std::move(key)}, now, commit_payment);
    }
    auto reverse(ParticipantId from, std::string key, Instant now = t0) {
        return take(ReversePayment{{++fresh}, from, std::move(key)}, now, reverse_payment);
    }
    auto expire(PaymentId id, Instant now) { return take(ExpirePayment{id}, now, expire_payment); }
    auto acknowledge(PaymentId id, bool reversal = true) {
        return take(AcknowledgePayment{id, reversal}, t0, acknowledge_payment);
    }

    [[nodiscard]] std::int64_t held(AccountId id) const { return book.find(id)->held; }
    [[nodiscard]] const Payment& of(PaymentId id) const {
        return *switching.payments.in_memory(id);
    }
    [[nodiscard]] bool order_is(acquiring::OrderStatus status) {
        return kept(order).state.status == status;
    }
    std::uint64_t fresh = 1'000;
};

PayOrder by_alice() {
    return {
        .id = {55},
          .session = {alice, 0},
          .order = order, .request_id = "r1"
    };
}
// West's payer pays east's payee through us.
RequestPayment through() {
    return {.id = payment,
            .from = west,
            .request_id = "k1",
            .amount = fen(100'00),
            .to = east,
            .code = "token",
            .content_digest = "d1"};
}
// West's payer pays the shop's order here.
RequestPayment to_shop(ParticipantId from = west) {
    RequestPayment wish = through();
    wish.from = from;
    wish.to = {};
    wish.order = order;
    return wish;
}
// East's till shows us Alice's payer code.
RequestPayment by_code(std::int64_t minor = 100'00, ParticipantId from = east) {
    RequestPayment wish = through();
    wish.from = from;
    wish.kind = PaymentKind::cpm;
    wish.code_kind = CodeKind::payer_code;
    wish.to = {};
    wish.code = "130000000000000001";
    wish.amount = fen(minor);
    return wish;
}

TEST(RequestPayment, RefusesWhatItCannotJudgeAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(Linked&, RequestPayment&)> arrange;
        Error want;
    } cases[] = {
        {"unknown",                    [](Linked&, RequestPayment& c) { c.from = stranger; },
         Error::participant_not_found                                                                                                        },
        {"suspended",
         [](Linked& w,                             RequestPayment&) {
             Participant one = *w.switching.participants.find(west);
             one.state.status = ParticipantStatus::suspended;
             w.switching.participants.load(one);
         },                                                                                Error::participant_suspended},
        {"nothing",                    [](Linked&, RequestPayment& c) { c.amount = fen(0); },
         Error::amount_not_positive                                                                                                          },
        {"too much",                   [](Linked&, RequestPayment& c) { c.amount = fen(amount_minor_max + 1); },
         Error::amount_overflow                                                                                                              },
        {"dollars",                    [](Linked&, RequestPayment& c) { c.amount.currency = {840}; },
         Error::currency_not_open                                                                                                            },
        {"the key for something else",
         [](Linked& w,                             RequestPayment& c) {
             ASSERT_TRUE(w.request(c));
             c.content_digest = "d2";
         },                                                                                Error::payment_key_reused   },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Linked world;
        RequestPayment wish = through();
        c.arrange(world, wish);
        const std::string before = world.said();
        const auto decided = world.request(wish);
        ASSERT_FALSE(decided);
        EXPECT_EQ(decided.error(), Stop(c.want));
        EXPECT_EQ(world.said(), before);
    }
}

// A no to an institution is recorded, so that a late copy of its message gets it too.
TEST(RequestPayment, RecordsEachNo) {
    const struct {
        const char* name;
        RequestPayment wish;
        std::function<void(Linked&)> arrange;
        Error want;
    } cases[] = {
        {"kind not opened",
         [] {
             RequestPayment c = through();
             c.code_kind = CodeKind::business;
             return c;
         }(),
         [](Linked&) {},                                                                 Error::code_kind_not_open     },
        {"nobody's link",
         [] {
             RequestPayment c = through();
             c.to = stranger;
             return c;
         }(),
         [](Linked&) {},                                                                 Error::participant_not_found  },
        {"over the cap",
         [] {
             RequestPayment c = through();
             c.amount = fen(cap + 1);
             return c;
         }(),
         [](Linked&) {},                                                                 Error::position_limit_exceeded},
        {"no such order",
         [] {
             RequestPayment c = to_shop();
             c.order = no_order;
             return c;
         }(),
         [](Linked&) {},                                                                 Error::order_not_found        },
        {"another amount",
         [] {
             RequestPayment c = to_shop();
             c.amount = fen(99'99);
             return c;
         }(),
         [](Linked&) {},                                                                 Error::amount_mismatch        },
        {"order under way",     to_shop(),
         [](Linked& w) { w.kept(order).state.status = acquiring::OrderStatus::locked; },
         Error::order_locked                                                                                           },
        {"no such code",
         [] {
             RequestPayment c = by_code();
             c.code = "130000000000000009";
             return c;
         }(),
         [](Linked&) {},                                                                 Error::payer_code_unknown     },
        {"more than Alice has", by_code(300'01), [](Linked&) {},                         Error::funds_insufficient     },
        {"frozen payer",        by_code(),
         [](Linked& w) { w.user(alice).state.status = wallet::UserStatus::frozen; },
         Error::user_frozen                                                                                            },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Linked world;
        c.arrange(world);
        const auto first = world.request(c.wish);
        ASSERT_TRUE(first);
        EXPECT_EQ(first->state.status, declined);
        EXPECT_EQ(first->state.decline, describe(c.want).name);
        EXPECT_EQ(world.held(west_position), 0);
        EXPECT_EQ(world.request(c.wish)->state, first->state);
    }
}

TEST(RequestPayment, HoldsThePositionUntilTheResponderAnswers) {
    Linked world;
    const auto begun = world.request(through());
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->state.status, reserved);
    EXPECT_FALSE(begun->state.accepted);
    EXPECT_EQ(world.held(west_position), 100'00);
    EXPECT_EQ(expiry_of(*begun, world.rules), t0 + seconds(30));

    EXPECT_TRUE(world.answer(payment, true)->state.accepted);
    EXPECT_EQ(expiry_of(world.of(payment), world.rules), std::nullopt);
    EXPECT_EQ(world.balance(east_position), 0);  // Not before the requester commits.
    const auto done = world.commit(west, "k1");
    ASSERT_TRUE(done);
    EXPECT_EQ(done->state.status, completed);
    EXPECT_TRUE(done->state.commit_owed);
    EXPECT_EQ(world.held(west_position), 0);
    EXPECT_EQ(world.balance(west_position), -100'00);
    EXPECT_EQ(world.balance(east_position), 100'00);
    EXPECT_FALSE(world.acknowledge(payment, false)->unfinished());
    EXPECT_EQ(world.commit(west, "k1")->state.status, completed);  // A repeat.
}

TEST(RequestPayment, TakesTheCapToItsLastFen) {
    Linked world;
    RequestPayment wish = through();
    wish.amount = fen(cap - 1);
    ASSERT_EQ(world.request(wish)->state.status, reserved);
    wish.id = {52};
    wish.request_id = "k2";
    wish.amount = fen(2);
    EXPECT_EQ(world.request(wish)->state.decline, "position_limit_exceeded");
    wish.id = {53};
    wish.request_id = "k3";
    wish.amount = fen(1);
    EXPECT_EQ(world.request(wish)->state.status, reserved);
}

// Every way on from each state, and what stays as it is.
TEST(Life, FollowsThePlan) {
    using Step = std::function<Decided<Payment>(Linked&)>;
    const Step yes = [](Linked& w) { return w.answer(payment, true); };
    const Step no = [](Linked& w) { return w.answer(payment, false); };
    const Step commit = [](Linked& w) { return w.commit(west, "k1"); };
    const Step reverse = [](Linked& w) { return w.reverse(west, "k1"); };
    const Step late = [](Linked& w) { return w.expire(payment, t0 + seconds(30)); };
    const Step early = [](Linked& w) { return w.expire(payment, t0 + seconds(29)); };
    const Step acknowledge = [](Linked& w) { return w.acknowledge(payment); };
    const Step acknowledge_commit = [](Linked& w) { return w.acknowledge(payment, false); };
    struct Case {
        const char* name;
        std::vector<Step> before;
        Step step;
        std::variant<PaymentStatus, Error> want;
    };
    const Case cases[] = {
        {"too early to give up",               {},                  early,              reserved                },
        {"given up",                           {},                  late,               reversing               },
        {"declined",                           {},                  no,                 declined                },
        {"declined again",                     {no},                no,                 declined                },
        {"a yes after a no",                   {no},                yes,                Error::state_conflict   },
        {"a commit before a yes",              {},                  commit,             Error::payment_undecided},
        {"a commit after a no",                {no},                commit,             Error::state_conflict   },
        {"taken back before a yes",            {},                  reverse,            reversing               },
        {"taken back after a yes",             {yes},               reverse,            reversing               },
        {"taken back twice",                   {yes, reverse},      reverse,            reversing               },
        {"a commit after that",                {yes, reverse},      commit,             Error::state_conflict   },
        {"a late yes",                         {late},              yes,                reversing               },
        {"a late no",                          {late},              no,                 reversing               },
        {"acknowledged",                       {late},              acknowledge,        reversed                },
        {"acknowledged twice",                 {late, acknowledge}, acknowledge,        reversed                },
        {"acknowledged, but its commit",       {late},              acknowledge_commit, reversing               },
        {"accepted never expires",             {yes},               late,               reserved                },
        {"a no after a yes",                   {yes},               no,                 Error::state_conflict   },
        {"a yes twice",                        {yes},               yes,                reserved                },
        {"completed stays",                    {yes, commit},       reverse,            Error::payment_completed},
        {"completed never expires",            {yes, commit},       late,               completed               },
        {"a no after the end",                 {yes, commit},       no,                 Error::state_conflict   },
        {"a decline has nothing to take back", {no},                reverse,            declined                },
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        Linked world;
        ASSERT_TRUE(world.request(through()));
        for (const Step& step : c.before) ASSERT_TRUE(step(world));
        const std::string before = world.said();
        const auto done = c.step(world);
        if (const auto* error = std::get_if<Error>(&c.want)) {
            ASSERT_FALSE(done);
            EXPECT_EQ(done.error(), Stop(*error));
            EXPECT_EQ(world.said(), before);
        } else {
            ASSERT_TRUE(done);
            EXPECT_EQ(done->state.status, std::get<PaymentStatus>(c.want));
        }
        const PaymentStatus now = world.of(payment).state.status;
        EXPECT_EQ(world.held(west_position), now == reserved ? 100'00 : 0);
        EXPECT_EQ(world.balance(east_position), now == completed ? 100'00 : 0);
    }
}

TEST(Life, RemembersAReversalThatCameFirst) {
    Linked world;
    world.switching.payments.install_absent({
        RecordKind::payment, 0, {west.value, "k1"}
    });
    EXPECT_EQ(world.reverse(west, "k1")->state.status, reversed);
    const auto late = world.request(through());
    ASSERT_TRUE(late);
    EXPECT_EQ(late->state.status, reversed);
    EXPECT_EQ(world.held(west_position), 0);
}

TEST(PayeeHere, KeepsTheOrderLockedUntilTheRequesterEndsIt) {
    Linked world;
    EXPECT_TRUE(world.request(to_shop())->state.accepted);
    EXPECT_TRUE(world.order_is(acquiring::OrderStatus::locked));
    EXPECT_EQ(world.pay(by_alice()).error(), Stop(Error::order_locked));
    EXPECT_EQ(world.reverse(west, "k1")->state.status, reversed);
    EXPECT_TRUE(world.order_is(acquiring::OrderStatus::open));
    ASSERT_TRUE(world.pay(by_alice()));  // Somebody else's turn.
    EXPECT_TRUE(world.order_is(acquiring::OrderStatus::paid));
}

TEST(PayeeHere, ClosesAnOrderThatRanOutMeanwhile) {
    Linked world;
    ASSERT_TRUE(world.request(to_shop()));
    ASSERT_TRUE(world.reverse(west, "k1", t0 + days(7)));
    EXPECT_TRUE(world.order_is(acquiring::OrderStatus::closed));
}

void refund_over_the_link(bool given) {
    Linked world;
    ASSERT_TRUE(world.request(to_shop()));
    ASSERT_TRUE(world.commit(west, "k1"));
    EXPECT_TRUE(world.order_is(acquiring::OrderStatus::paid));
    EXPECT_EQ(world.balance(unsettled), 100'00);

    acquiring::CreateRefund wish{
        .terms =
            {.id = {91}, .merchant = shop, .out_refund_no = "r", .minor = 30'00, .currency = cny},
        .order = {shop, order, ""},
        .total_minor = 100'00,
        .movement = {92}
    };
    const auto refund = world.refund(wish);
    ASSERT_TRUE(refund);
    EXPECT_EQ(refund->state.status, acquiring::RefundStatus::processing);
    const Payment movement = world.of({92});
    EXPECT_EQ(movement.state.status, reserved);
    EXPECT_EQ(movement.terms.code, "receiver:k1");
    EXPECT_EQ(expiry_of(movement, world.rules), std::nullopt);
    EXPECT_EQ(world.of(payment).state.refunded_minor, 30'00);

    ASSERT_TRUE(world.answer({92}, given));
    const acquiring::RefundState& end = world.acquiring.refunds.in_memory({91})->state;
    EXPECT_EQ(end.status,
              given ? acquiring::RefundStatus::success : acquiring::RefundStatus::closed);
    EXPECT_EQ(end.decline, given ? "" : "user_frozen");
    EXPECT_EQ(world.balance(west_position), given ? -70'00 : -100'00);
    EXPECT_EQ(world.balance(unsettled), given ? 70'00 : 100'00);
    EXPECT_EQ(world.of(payment).state.refunded_minor, given ? 30'00 : 0);
    EXPECT_EQ(world.kept(order).state.refunded_minor, given ? 30'00 : 0);
}

TEST(PayeeHere, IsPaidByTheCommitAndRefundsOverTheLink) {
    for (const bool given : {true, false}) refund_over_the_link(given);
}

TEST(PayerHere, PaysByACodeThatServesOnce) {
    Linked world;
    EXPECT_TRUE(world.request(by_code())->state.accepted);
    EXPECT_EQ(world.held(alices), 100'00);
    RequestPayment again = by_code();
    again.id = {52};
    again.request_id = "k2";
    EXPECT_EQ(world.request(again)->state.decline, "payer_code_spent");
    EXPECT_EQ(world.commit(east, "k1")->state.status, completed);
    EXPECT_EQ(world.balance(alices), 200'00);
    EXPECT_EQ(world.balance(east_position), 100'00);
}

TEST(PayerHere, SpendsALateCode) {
    Linked world;
    EXPECT_EQ(world.request(by_code(), t0 + seconds(60))->state.decline, "payer_code_expired");
    EXPECT_EQ(world.wallet.payer_codes.in_memory({81})->state.spent_by, payment);
}

TEST(PayerHere, AsksThePayerAboveTheLimit) {
    Linked world;
    world.wallet_rules.code_free_minor = 50'00;
    const auto asked = world.request(by_code());
    EXPECT_EQ(asked->state.status, confirming);
    EXPECT_EQ(world.held(alices), 0);
    const auto confirm = [&](bool matches) {
        return world.take(
            ConfirmPayment{
                {alice, 0      },
                payment, {pin,   matches}
        },
            t0, confirm_payment);
    };
    EXPECT_EQ(confirm(false)->state.status, confirming);
    EXPECT_EQ(world.user(alice).state.payment_password.failures, 1U);
    EXPECT_TRUE(confirm(true)->state.accepted);
    EXPECT_EQ(world.held(alices), 100'00);
}

TEST(PayerHere, GivesUpWhenThePayerThinksTooLong) {
    Linked world;
    world.wallet_rules.code_free_minor = 50'00;
    ASSERT_TRUE(world.request(by_code()));
    EXPECT_EQ(world.expire(payment, t0 + seconds(30))->state.decline, "payer_confirmation_missed");
}

// A till's 0200 is committed by its yes; the till may take it back until the day ends.
TEST(Iso8583, CommitsByItsYesAndUndoesOnTheSameDay) {
    Linked world;
    EXPECT_EQ(world.request(by_code(100'00, iso))->state.status, completed);
    EXPECT_EQ(world.balance(alices), 200'00);
    EXPECT_EQ(world.reverse(iso, "k1", t0 + days(1)).error(), Stop(Error::payment_completed));
    EXPECT_EQ(world.reverse(iso, "k1")->state.status, reversed);
    EXPECT_EQ(world.balance(alices), 300'00);
    EXPECT_EQ(world.balance(iso_position), 0);
}

// Where the payer scans, the yes is an authorisation, and the commit its completion advice.
TEST(Iso8583, CommitsWhatWasScanned) {
    Linked world;
    EXPECT_TRUE(world.request(to_shop(iso))->state.accepted);
    EXPECT_EQ(world.commit(iso, "k1")->state.status, completed);
    EXPECT_EQ(world.reverse(iso, "k1").error(), Stop(Error::payment_completed));

    Linked other;
    RequestPayment wish = through();
    wish.to = iso;
    ASSERT_TRUE(other.request(wish));
    ASSERT_TRUE(other.answer(payment, true));
    EXPECT_TRUE(other.commit(west, "k1")->state.commit_owed);
}

TEST(Iso8583, OwesNoCommitForATill) {
    Linked world;
    RequestPayment wish = by_code();
    wish.to = iso;
    ASSERT_TRUE(world.request(wish));
    ASSERT_TRUE(world.answer(payment, true));
    EXPECT_FALSE(world.commit(east, "k1")->unfinished());
}

TEST(PayCode, EndsWithItsTokenButForARepeat) {
    Linked world;
    PayCode wish{
        .id = payment,
        .session = {alice, 0},
        .to = east,
        .amount = fen(100'00),
        .code = "token",
        .expires_at = t0 + seconds(120),
        .subject = "Shop",
        .request_id = "r"
    };
    EXPECT_EQ(world.take(wish, t0 + seconds(120), pay_code).error(),
              Stop(Error::resolve_token_unknown));
    const auto paid = world.take(wish, t0 + milliseconds(119'999), pay_code);
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->state.status, reserved);
    EXPECT_EQ(world.take(wish, t0 + seconds(120), pay_code), paid);
    wish.code = "another token";
    EXPECT_EQ(world.take(wish, t0, pay_code).error(), Stop(Error::payment_key_reused));
}

// A wallet, a switch and an acquirer, each with its own state: whatever way a payment goes, the
// positions that two of them keep of one another agree when it has ended.
TEST(ThreeStates, AgreeOnEveryEnd) {
    enum class Way : std::uint8_t { paid, no, lost_answer, refunded };
    for (const Way way : {Way::paid, Way::no, Way::lost_answer, Way::refunded}) {
        Linked payer, middle, payee;
        const auto paid = payer.take(
            PayCode{
                .id = {101},
                .session = {alice, 0},
                .to = east,
                .amount = fen(100'00),
                .code = "t",
                .request_id = "r"
        },
            t0, pay_code);
        ASSERT_TRUE(paid);
        const std::string first_key = request_key({101});
        RequestPayment on = through();
        on.id = {201};
        on.request_id = first_key;
        ASSERT_TRUE(middle.request(on));
        const std::string second_key = request_key({201});
        RequestPayment last = to_shop();
        last.request_id = second_key;
        last.id = {301};
        if (way == Way::no) payee.kept(order).state.status = acquiring::OrderStatus::closed;
        const auto said = payee.request(last);
        ASSERT_TRUE(said);
        if (way == Way::lost_answer) {
            ASSERT_TRUE(middle.expire({201}, t0 + seconds(30)));
            ASSERT_TRUE(payee.reverse(west, second_key));
            ASSERT_TRUE(middle.acknowledge({201}));
            ASSERT_TRUE(payer.answer({101}, false));
        } else {
            const bool yes = said->state.accepted;
            EXPECT_EQ(yes, way != Way::no);
            ASSERT_TRUE(middle.answer({201}, yes));
            ASSERT_TRUE(payer.answer({101}, yes));
            if (yes) {
                ASSERT_TRUE(middle.commit(west, first_key));
                ASSERT_TRUE(payee.commit(west, second_key));
            }
        }
        if (way == Way::refunded) {
            acquiring::CreateRefund wish{
                .terms = {.id = {91},
                          .merchant = shop,
                          .out_refund_no = "r",
                          .minor = 30'00,
                          .currency = cny},
                .order = {shop, order, ""},
                .total_minor = 100'00,
                .movement = {302}
            };
            ASSERT_TRUE(payee.refund(wish));
            EXPECT_EQ(payee.of({302}).terms.code, "receiver:" + second_key);
            RequestPayment back = through();
            back.kind = PaymentKind::refund;
            back.id = {202};
            back.from = east;
            back.to = {};
            back.request_id = request_key({302});
            back.original = {201};
            back.amount = fen(30'00);
            ASSERT_EQ(middle.request(back)->state.status, reserved);
            EXPECT_EQ(middle.of({202}).terms.code, "receiver:" + first_key);
            back.id = {102};
            back.original = {101};
            back.request_id = request_key({202});
            ASSERT_EQ(payer.request(back)->state.status, completed);
            ASSERT_TRUE(middle.answer({202}, true));
            ASSERT_TRUE(payee.answer({302}, true));
        }
        const std::int64_t moved = way == Way::paid ? 100'00 : way == Way::refunded ? 70'00 : 0;
        EXPECT_EQ(payer.balance(alices), 300'00 - moved);
        EXPECT_EQ(payer.balance(east_position), moved);
        EXPECT_EQ(middle.balance(west_position), -moved);
        EXPECT_EQ(middle.balance(east_position), moved);
        EXPECT_EQ(payee.balance(west_position), -moved);
        EXPECT_EQ(payee.balance(unsettled), moved);
        for (Linked* one : {&payer, &middle, &payee})
            one->book.each([](const ledger::Account& account) { EXPECT_EQ(account.held, 0); });
    }
}

}  // namespace
}  // namespace huitong::switching
