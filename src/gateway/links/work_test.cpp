// The duties of payments: what is due when, and what each answer leads to.
#include "gateway/links/work.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::links {
namespace {

using switching::Payment;
using switching::PaymentKind;
using enum switching::PaymentStatus;

constexpr Instant t0{1'790'000'000'000};
constexpr PaymentId id{7};

Payment payment_in(switching::PaymentStatus status) {
    Payment payment;
    payment.terms.id = id;
    payment.terms.payee_link = {3};
    payment.state.status = status;
    return payment;
}

struct House {
    bool repeats = true;
    Work work{{}, [this](const Payment&) { return repeats; }};

    // The one task that is due now.
    std::optional<Work::Task> take(Instant now) {
        auto tasks = work.due(now, 10);
        EXPECT_LE(tasks.size(), 1U);
        if (tasks.empty()) return std::nullopt;
        return std::move(tasks.front());
    }
    auto answer(const Work::Task& task, LegAnswer::Kind kind, Instant now = t0) {
        return work.answered(task, LegAnswer{.kind = kind}, now);
    }
};

TEST(DutyOf, FollowsFromThePaymentAlone) {
    EXPECT_EQ(duty_of(payment_in(reserved)), Duty::request);
    EXPECT_EQ(duty_of(payment_in(reversing)), Duty::reverse);
    EXPECT_EQ(duty_of(payment_in(reversed)), Duty::none);
    EXPECT_EQ(duty_of(payment_in(declined)), Duty::none);
    Payment payment = payment_in(completed);
    EXPECT_EQ(duty_of(payment), Duty::none);
    payment.state.commit_owed = true;
    EXPECT_EQ(duty_of(payment), Duty::commit);
    payment = payment_in(reserved);
    payment.state.accepted = true;
    EXPECT_EQ(duty_of(payment), Duty::none);
    payment = payment_in(reserved);
    payment.terms.kind = PaymentKind::cpm;  // Then the linked payee asks, and we answer.
    EXPECT_EQ(duty_of(payment), Duty::none);
}

TEST(Work, AsksAtOnceAndAgainAfterLongerAndLongerPauses) {
    House house;
    house.work.moved(payment_in(reserved), t0);
    Instant now = t0;
    for (const std::int64_t pause : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
        const auto task = house.take(now);
        ASSERT_TRUE(task);
        EXPECT_EQ(task->duty, Duty::request);
        EXPECT_FALSE(house.take(now + hours(1)));  // It is under way.
        EXPECT_FALSE(house.work.answered(*task, refuse(Error::peer_timeout), now));
        EXPECT_EQ(house.work.next(), now + seconds(pause));
        EXPECT_FALSE(house.take(now + seconds(pause) - milliseconds(1)));
        now = now + seconds(pause);
    }
}

TEST(Work, TellsTheHeartWhatWasAnswered) {
    using Kind = LegAnswer::Kind;
    const struct {
        switching::PaymentStatus status;
        Kind kind;
        std::optional<bool> yes;
        bool acknowledged;
    } cases[] = {
        {reserved,  Kind::yes,          true,         false},
        {reserved,  Kind::no,           false,        false},
        {reserved,  Kind::pending,      std::nullopt, false},
        {reversing, Kind::acknowledged, std::nullopt, true },
    };
    for (const auto& c : cases) {
        House house;
        house.work.moved(payment_in(c.status), t0);
        const auto command = house.answer(*house.take(t0), c.kind);
        EXPECT_EQ(command.has_value(), c.yes || c.acknowledged);
        if (c.yes) {
            EXPECT_EQ(std::get<switching::AnswerPayment>(*command).yes, *c.yes);
        }
        if (c.acknowledged) {
            const auto& said = std::get<switching::AcknowledgePayment>(*command);
            EXPECT_EQ(said.payment, id);
            EXPECT_TRUE(said.reversal);
        }
    }
}

TEST(Work, GoesOnToTheNextDutyWithoutWaitingForTheLast) {
    House house;
    house.work.moved(payment_in(reserved), t0);
    const auto request = house.take(t0);
    house.work.moved(payment_in(reversing), t0 + seconds(30));
    const auto reversal = house.take(t0 + seconds(30));
    ASSERT_TRUE(reversal);
    EXPECT_EQ(reversal->duty, Duty::reverse);
    // A late yes brings the reversal once more; a late no nothing.
    EXPECT_FALSE(house.answer(*request, LegAnswer::Kind::no, t0 + seconds(31)));
    EXPECT_TRUE(house.answer(*reversal, LegAnswer::Kind::acknowledged, t0 + seconds(31)));
    house.work.moved(payment_in(reversed), t0 + seconds(31));
    EXPECT_EQ(house.work.size(), 0U);
    EXPECT_FALSE(house.take(t0 + hours(1)));
}

TEST(Work, SendsAReversalAgainAfterALateYes) {
    House house;
    house.work.moved(payment_in(reserved), t0);
    const auto request = house.take(t0);
    house.work.moved(payment_in(reversing), t0 + seconds(30));
    const auto reversal = house.take(t0 + seconds(30));
    EXPECT_FALSE(house.work.answered(*reversal, refuse(Error::peer_timeout), t0 + seconds(31)));
    EXPECT_FALSE(house.answer(*request, LegAnswer::Kind::yes, t0 + seconds(31)));
    EXPECT_TRUE(house.take(t0 + seconds(31)));
}

TEST(Work, RestsAnHourAfterARefusedReversal) {
    House house;
    house.work.moved(payment_in(reversing), t0);
    EXPECT_FALSE(house.answer(*house.take(t0), LegAnswer::Kind::refused));
    EXPECT_EQ(house.work.next(), t0 + hours(1));
    EXPECT_FALSE(house.take(t0 + hours(1) - milliseconds(1)));
    EXPECT_TRUE(house.answer(*house.take(t0 + hours(1)), LegAnswer::Kind::acknowledged));
}

TEST(Work, NeverRepeatsWhatMayNotBeRepeated) {
    House house;
    house.repeats = false;
    house.work.moved(payment_in(reserved), t0);
    const auto request = house.take(t0);
    ASSERT_TRUE(request);
    EXPECT_FALSE(house.work.answered(*request, refuse(Error::peer_timeout), t0));
    EXPECT_FALSE(house.take(t0 + hours(1)));
    house.work.moved(payment_in(reversing), t0 + seconds(30));
    EXPECT_TRUE(house.take(t0 + seconds(30)));
}

TEST(Work, KnowsItsDutiesAfterAStart) {
    House house;
    house.repeats = false;
    Payment other = payment_in(reversing);
    other.terms.id = {8};
    house.work.restarted({payment_in(reserved), other}, t0);
    const auto task = house.take(t0);  // The request may have been sent before: it waits to expire.
    ASSERT_TRUE(task);
    EXPECT_EQ(task->payment.id(), PaymentId{8});
    house.repeats = true;
    house.work.restarted({payment_in(reserved)}, t0);
    EXPECT_EQ(house.take(t0)->duty, Duty::request);
}

TEST(Work, DoesAgainWhatTheHeartCouldNotTake) {
    House house;
    house.work.moved(payment_in(reversing), t0);
    ASSERT_TRUE(house.answer(*house.take(t0), LegAnswer::Kind::acknowledged));
    house.work.refused(id, t0);
    EXPECT_TRUE(house.take(t0 + seconds(1)));
}

}  // namespace
}  // namespace huitong::gateway::links
