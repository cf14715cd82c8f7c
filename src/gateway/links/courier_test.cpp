// The courier and the waiting doors, with a link and a heart of the test's own.
#include "gateway/links/courier.hpp"

#include <gtest/gtest.h>
#include <latch>

namespace huitong::gateway::links {
namespace {

using switching::Payment;
using enum switching::PaymentStatus;

constexpr ParticipantId west{3};

class SteadyClock final : public engine::Clock {
public:
    Instant now() override { return {ms.load()}; }
    std::atomic<std::int64_t> ms = 1'790'000'000'000;
};

// Keeps what it was asked to send.
class FakeLink final : public Link {
public:
    void send(Duty duty, const Payment& payment, LegCompletion done) override {
        const std::lock_guard lock(mutex);
        sent.emplace_back(duty, payment.id(), std::move(done));
        changed.notify_all();
    }
    [[nodiscard]] bool repeats(const Payment&) const override { return true; }
    // The completion of the next message; the test fails when none comes.
    std::pair<Duty, LegCompletion> next() {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(
            changed.wait_for(lock, std::chrono::seconds(10), [this] { return !sent.empty(); }));
        auto [duty, id, done] = std::move(sent.front());
        sent.erase(sent.begin());
        return {duty, std::move(done)};
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::tuple<Duty, PaymentId, LegCompletion>> sent;
};

class CourierTest : public ::testing::Test {
protected:
    CourierTest() { courier.start(); }
    ~CourierTest() override { courier.stop(); }

    static Payment payment_in(switching::PaymentStatus status) {
        Payment payment;
        payment.terms.id = {7};
        payment.terms.payee_link = west;
        payment.state.status = status;
        return payment;
    }
    // The command that reached the heart; the test answers it.
    engine::RequestPtr command() {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(
            changed.wait_for(lock, std::chrono::seconds(10), [this] { return !asked.empty(); }));
        engine::RequestPtr first = std::move(asked.front());
        asked.erase(asked.begin());
        return first;
    }
    void answer(engine::RequestPtr request, Result<engine::Answer> with) {
        request->answer = std::move(with);
        std::vector<engine::RequestPtr> all;
        all.push_back(std::move(request));
        courier.deliver(std::move(all));
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<engine::RequestPtr> asked;
    SteadyClock clock;
    std::shared_ptr<FakeLink> link = std::make_shared<FakeLink>();
    LinkCourier courier{
        {.heart = {.submit_all =
                       [this](std::vector<engine::RequestPtr> requests) {
                           const std::lock_guard lock(mutex);
                           for (auto& one : requests) asked.push_back(std::move(one));
                           changed.notify_all();
                       },
                   .directory = {}},
         .clock = clock,
         .link = [this](ParticipantId id) -> std::shared_ptr<Link> {
             return id == west ? link : nullptr;
         }},
        {}
    };
};

TEST_F(CourierTest, CarriesAPaymentFromRequestToCommit) {
    courier.moved({payment_in(reserved)});
    auto [duty, done] = link->next();
    EXPECT_EQ(duty, Duty::request);
    done(LegAnswer{.kind = LegAnswer::Kind::yes, .reference = "theirs"});
    auto told = command();
    const auto said = std::get<switching::AnswerPayment>(told->command);
    EXPECT_TRUE(said.yes);
    EXPECT_EQ(said.peer_reference, "theirs");
    Payment owed = payment_in(completed);
    owed.state.commit_owed = true;
    courier.moved({owed});
    answer(std::move(told), engine::Answer{owed});
    auto [second, acknowledged] = link->next();
    EXPECT_EQ(second, Duty::commit);
    acknowledged(LegAnswer{.kind = LegAnswer::Kind::acknowledged});
    EXPECT_TRUE(std::holds_alternative<switching::AcknowledgePayment>(command()->command));
    courier.moved({payment_in(completed)});
    EXPECT_EQ(courier.counters().waiting, 0U);
}

TEST_F(CourierTest, DoesAgainWhatGotNoAnswer) {
    courier.moved({payment_in(reversing)});
    link->next().second(refuse(Error::peer_timeout));
    clock.ms += 1'000;
    auto [duty, done] = link->next();
    EXPECT_EQ(duty, Duty::reverse);
    done(LegAnswer{.kind = LegAnswer::Kind::acknowledged});
    answer(command(), refuse(Error::outcome_unknown));
    clock.ms += 2'000;
    EXPECT_EQ(link->next().first, Duty::reverse);
}

TEST_F(CourierTest, CountsAContradiction) {
    courier.moved({payment_in(reserved)});
    link->next().second(LegAnswer{.kind = LegAnswer::Kind::no});
    answer(command(), refuse(Error::state_conflict));
    EXPECT_EQ(courier.counters().conflicts, 1U);
}

TEST_F(CourierTest, OutlivesTheAnswersThatComeTooLate) {
    courier.moved({payment_in(reserved)});
    auto late = link->next().second;
    courier.stop();
    late(LegAnswer{.kind = LegAnswer::Kind::yes});
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(asked.empty());
}

TEST_F(CourierTest, TellsTheDoorsThatWait) {
    std::optional<Payment> told;
    std::latch called(1);
    courier.waiters().wait({7}, clock.now(), seconds(4), [&](std::optional<Payment> payment) {
        told = std::move(payment);
        called.count_down();
    });
    courier.moved({payment_in(confirming)});
    EXPECT_EQ(courier.waiters().size(), 1U);
    courier.moved({payment_in(declined)});
    called.wait();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->state.status, declined);
    // One that asks a little later is told the same.
    bool again = false;
    courier.waiters().wait({7}, clock.now(), seconds(4),
                           [&](std::optional<Payment> payment) { again = payment.has_value(); });
    EXPECT_TRUE(again);
}

TEST(Waiters, LetsGoWhenTheTimeIsUp) {
    Waiters waiters;
    bool let_go = false;
    waiters.wait({7}, {1'000}, seconds(4),
                 [&](std::optional<Payment> payment) { let_go = !payment; });
    EXPECT_EQ(waiters.expire({4'999}), Instant{5'000});
    EXPECT_FALSE(let_go);
    EXPECT_EQ(waiters.expire({5'000}), std::nullopt);
    EXPECT_TRUE(let_go);
}

}  // namespace
}  // namespace huitong::gateway::links
