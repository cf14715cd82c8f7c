// A heart with its threads over a journal and tables in memory, and callers who wait for answers.
#pragma once

#include <chrono>
#include <condition_variable>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/heart.hpp"
#include "engine/testing/memory_store.hpp"

namespace huitong::engine::testing {

using namespace std::chrono_literals;

// Long enough for the slowest machine; only a test that fails waits for it.
constexpr auto patience = 20s;

template <class Condition>
bool eventually(Condition&& condition) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

class StepClock final : public Clock {
public:
    Instant now() override { return {ms_}; }
    void pass(Duration time) { ms_ += time.ms; }

private:
    std::atomic<std::int64_t> ms_ = 1'790'000'000'000;
};

// A caller. Each answer is checked as it leaves: the journal holds everything it rests on.
class Caller final : public Mailbox {
public:
    explicit Caller(const MemoryJournal& journal) : journal_(journal) {}

    void deliver(std::vector<RequestPtr> answered) override {
        const auto rows = journal_.rows();
        const Sequence last = rows.empty() ? Sequence{} : rows.back().batch.last;
        const std::lock_guard lock(mutex_);
        for (RequestPtr& request : answered) {
            if (request->answer || describe(request->answer.error()).kind != ErrorKind::failure) {
                EXPECT_LE(request->sequence, last) << "an answer left before its entry was durable";
            }
            answers_.push_back(std::move(request->answer));
        }
        came_.notify_all();
    }
    RequestPtr request(Command command) {
        return std::make_unique<Request>(std::move(command), *this, nullptr);
    }
    [[nodiscard]] std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }
    // The answers so far, once there are `count`.
    std::vector<Result<Answer>> wait(std::size_t count) {
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(came_.wait_for(lock, patience, [&] { return answers_.size() >= count; }));
        return answers_;
    }

private:
    const MemoryJournal& journal_;
    mutable std::mutex mutex_;
    std::condition_variable came_;
    std::vector<Result<Answer>> answers_;
};

// A platform with one institution and one merchant; users and orders as a test wants them.
class Platform {
public:
    explicit Platform(HeartOptions options = {})
        : options_(std::move(options)), heart(std::in_place, journal, tables, clock, options_) {
        EXPECT_TRUE(heart->start());
        institution_ =
            ask<switching::Participant>(switching::RegisterParticipant{.code = "bank"}).id();
        merchant = ask<acquiring::Merchant>(
                       acquiring::RegisterMerchant{
                           .terms = {.mchid = "1900000001", .institution = institution_},
                           .state = {.name = "shop",        .appids = {"wx1"}          },
                           .currency = cny
        })
                       .id();
    }

    // Asks and waits.
    Result<Answer> ask(Command command) {
        Caller caller(journal);
        heart->submit(caller.request(std::move(command)));
        const auto answers = caller.wait(1);
        return answers.empty() ? refuse(Error::answer_missing) : answers.front();
    }
    template <class T>
    T ask(Command command) {
        const auto answer = ask(std::move(command));
        EXPECT_TRUE(answer) << describe(answer.error()).name;
        return answer ? std::get<T>(*answer) : T{};
    }
    // Asks again while the store is being found, as a good client does.
    Result<Answer> insist(const Command& command) {
        Result<Answer> answer = refuse(Error::answer_missing);
        EXPECT_TRUE(eventually([&] {
            answer = ask(command);
            return answer || describe(answer.error()).kind != ErrorKind::failure;
        }));
        return answer;
    }

    // A user with this much money.
    UserId open_user(std::int64_t minor) {
        const std::string name = fmt::format("user {}", ++names_);
        const auto opened = ask<UserAnswer>(wallet::OpenUser{.login_key = name,
                                                             .payment_password = {"pin"},
                                                             .institution = institution_,
                                                             .currency = cny});
        const wallet::Session session{opened.user.id(), 0};
        const auto source = ask<wallet::FundingSource>(
            wallet::BindFundingSource{.session = session, .number_key = name, .currency = cny});
        ask<wallet::TopUpAnswer>(wallet::DrawTopUp{
            .session = session,
            .source = source.id(),
            .amount = {minor,   cny },
            .request_id = "first",
            .check = wallet::PasswordCheck{{"pin"}, true}
        });
        return opened.user.id();
    }
    [[nodiscard]] acquiring::CreateOrder wish(const std::string& number, std::int64_t minor) const {
        acquiring::CreateOrder command;
        command.terms = {.merchant = merchant,
                         .out_trade_no = number,
                         .appid = "wx1",
                         .minor = minor,
                         .currency = cny,
                         .content_digest = number};
        return command;
    }
    OrderId create_order(std::int64_t minor) {
        return ask<OrderAnswer>(wish(fmt::format("no {}", ++names_), minor)).order.id();
    }
    static switching::PayOrder payment(UserId user, OrderId order, std::string request) {
        return {
            .session = {user, 0},
              .order = order, .request_id = std::move(request)
        };
    }
    acquiring::OrderStatus status(OrderId order) {
        return ask<OrderAnswer>(QueryOrder{
                                    {merchant, order, ""}
        })
            .order.state.status;
    }
    std::int64_t balance(UserId user) {
        return ask<UserAnswer>(QueryUser{
                                   {user, 0}
        })
            .account.balance;
    }
    // Everything committed is in the tables, and both are the same.
    void expect_one_state() {
        const auto live = ask<StateAnswer>(QueryState{});
        ASSERT_TRUE(heart->wait_stored(live.last, patience));
        EXPECT_EQ(*tables.digest(), live.digest);
        EXPECT_EQ(tables.cursor()->last, live.last);
    }

private:
    HeartOptions options_;
    ParticipantId institution_;
    int names_ = 0;

public:
    MemoryJournal journal;
    MemoryTables tables;
    StepClock clock;
    std::optional<Heart> heart;
    MerchantId merchant;
};

}  // namespace huitong::engine::testing
