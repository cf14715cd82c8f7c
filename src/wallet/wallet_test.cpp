// The account side's rules: a row per error that each decision lists, in check order, each proving
// that nothing changed; and the entries behind what is said yes to.
#include "wallet/wallet.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <optional>
#include <string>

#include "ledger/draft.hpp"
#include "wallet/state.hpp"

namespace huitong::wallet {
namespace {

constexpr Instant t0{1'790'000'000'000};
constexpr Currency usd{840};
constexpr UserId alice{11}, bob{12}, ice{13}, nobody{99};
constexpr AccountId alices{21}, bobs{22}, ices{23};
constexpr FundingSourceId card{31}, old_card{32}, bobs_card{33}, unknown_card{98};
constexpr AccountId card_account{41}, old_account{42}, bobs_bank{43};
const Sealed pin{"the pin"}, password{"the password"}, stale{"an older one"};

Money fen(std::int64_t n) {
    return {n, cny};
}

// Alice has 300.00 and two cards, one unbound; Bob has a card and nothing; Ice is frozen.
struct World {
    Wallet wallet{
        Hash128{1, 2}
    };
    ledger::Book book;
    Rules rules{.failures_max = 2, .lock = minutes(10), .password_free_minor = 100'00};
    ledger::Limits limits{.inbound_floor = -1'000'00, .wallet_ceiling = 900'00};

    World() {
        // As after a fetch that found nothing: absence is certain.
        wallet.users.install_absent({RecordKind::user, nobody.value, {}});
        wallet.sources.install_absent({RecordKind::funding_source, unknown_card.value, {}});
        add_user(alice, alices, "alice", UserStatus::active);
        add_user(bob, bobs, "bob", UserStatus::active);
        add_user(ice, ices, "ice", UserStatus::frozen);
        add_source(card, alice, card_account, "n1", false);
        add_source(old_card, alice, old_account, "n2", true);
        add_source(bobs_card, bob, bobs_bank, "n3", false);
        ledger::Effects first;
        first.postings.push_back({card_account, alices, 300'00, cny});
        book.apply(first);
    }
    void add_user(UserId id, AccountId account, std::string login, UserStatus status) {
        book.load({.id = account, .owner = id.value, .currency = cny});
        wallet.users.put(
            User{
                {.id = id, .login_key = std::move(login), .account = account},
                {.status = status,
                 .password = {password},
                 .payment_password = {pin},
                 .session_epoch = 3}
        },
            Sequence{1});
    }
    void add_source(FundingSourceId id, UserId user, AccountId account, std::string number,
                    bool unbound) {
        book.load({.id = account,
                   .owner = id.value,
                   .kind = ledger::AccountKind::inbound_funds,
                   .currency = cny});
        wallet.sources.put(
            FundingSource{
                {.id = id, .user = user, .account = account, .number_key = number},
                {unbound}
        },
            Sequence{1});
    }
    User& user(UserId id) { return const_cast<User&>(*wallet.users.in_memory(id)); }

    // Everything that a test may find changed, as one text.
    [[nodiscard]] std::string said() const {
        std::string text;
        for (const UserId id : {alice, bob, ice}) {
            const User& one = *wallet.users.in_memory(id);
            text += std::to_string(static_cast<int>(one.state.status)) + '/' +
                    one.state.password.record.bytes + '/' +
                    std::to_string(one.state.password.failures) + '/' +
                    one.state.payment_password.record.bytes + '/' +
                    std::to_string(one.state.payment_password.failures) + '/' +
                    std::to_string(one.state.payment_password.locked_until.ms) + '/' +
                    std::to_string(one.state.session_epoch) + ' ';
        }
        book.each([&](const ledger::Account& account) {
            text += std::to_string(account.id.value) + '=' + std::to_string(account.balance) + ' ';
        });
        return text + std::to_string(wallet.users.size()) + ' ' +
               std::to_string(wallet.sources.size()) + ' ' + std::to_string(wallet.top_ups.size());
    }

    // Decides, and applies what was decided, as the engine does: a refusal applies nothing.
    template <class Decide>
    auto run(Decide&& decide) {
        Effects effects;
        ledger::Draft draft(book, limits);
        auto decided = decide(draft, effects);
        if (decided) {
            book.apply(draft.take());
            apply(wallet, effects, Sequence{++sequence});
        }
        return decided;
    }
    auto top_up(const DrawTopUp& command, Instant now = t0) {
        return run([&](ledger::Draft& draft, Effects& effects) {
            return draw_top_up(wallet, command, rules, now, draft, effects);
        });
    }
    auto change(const ChangeUser& command, Instant now = t0) {
        return run([&](ledger::Draft&, Effects& effects) {
            return change_user(wallet, command, rules, now, effects);
        });
    }
    auto enter(const LogIn& command, Instant now = t0) {
        return run([&](ledger::Draft&, Effects& effects) {
            return log_in(wallet, command, rules, now, effects);
        });
    }
    auto bind(const BindFundingSource& command) {
        return run([&](ledger::Draft& draft, Effects& effects) {
            return bind_funding_source(wallet, command, t0, draft, effects);
        });
    }
    std::uint64_t sequence = 1;
};

DrawTopUp draw(std::int64_t minor) {
    return {
        .id = TopUpId{51},
        .session = {alice, 3},
        .source = card,
        .amount = fen(minor),
        .request_id = "r1"
    };
}

TEST(TopUp, RefusesInCheckOrderAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(World&, DrawTopUp&)> arrange;
        Error want;
    } cases[] = {
        {"no such user",                     [](World&,   DrawTopUp& c) { c.session.user = nobody; },
         Error::session_invalid                                                                                                                           },
        {"an ended session",                 [](World&,   DrawTopUp& c) { c.session.epoch = 2; },
         Error::session_invalid                                                                                                                           },
        {"the key with another amount",
         [](World& w,                                     DrawTopUp& c) {
             ASSERT_TRUE(w.top_up(c));
             ++c.amount.minor;
         },                                                                                            Error::payment_key_reused     },
        {"the key with another source",
         [](World& w,                                     DrawTopUp& c) {
             ASSERT_TRUE(w.top_up(c));
             c.source = old_card;
         },                                                                                            Error::payment_key_reused     },
        {"no such source",                   [](World&,   DrawTopUp& c) { c.source = unknown_card; },
         Error::funding_source_not_found                                                                                                                  },
        {"another user's source",            [](World&,   DrawTopUp& c) { c.source = bobs_card; },
         Error::funding_source_not_found                                                                                                                  },
        {"an unbound source",                [](World&,   DrawTopUp& c) { c.source = old_card; },
         Error::funding_source_not_found                                                                                                                  },
        {"nothing",                          [](World&,   DrawTopUp& c) { c.amount.minor = 0; },                            Error::amount_not_positive    },
        {"less than nothing",                [](World&,   DrawTopUp& c) { c.amount.minor = -1; },
         Error::amount_not_positive                                                                                                                       },
        {"frozen",                           [](World& w, DrawTopUp&) { w.user(alice).state.status = UserStatus::frozen; },
         Error::user_frozen                                                                                                                               },
        {"locked",
         [](World& w,                                     DrawTopUp& c) {
             w.user(alice).state.payment_password.locked_until = t0 + milliseconds(1);
             c.check = {pin, true};
         },                                                                                            Error::payment_password_locked},
        {"a void check",                     [](World&,   DrawTopUp& c) { c.check = {stale, true}; },
         Error::outcome_unknown                                                                                                                           },
        {"a void check of a wrong password", [](World&,   DrawTopUp& c) { c.check = {stale, false}; },
         Error::outcome_unknown                                                                                                                           },
        {"too much to count",
         [](World&,                                       DrawTopUp& c) {
             c.amount.minor = amount_minor_max + 1;
             c.check = {pin, true};
         },                                                                                              Error::amount_overflow        },
        {"another currency",                 [](World&,   DrawTopUp& c) { c.amount.currency = usd; },
         Error::currency_mismatch                                                                                                                         },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        DrawTopUp command = draw(50'00);
        c.arrange(world, command);
        const std::string before = world.said();
        const auto answer = world.top_up(command);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error(), Stop{c.want});
        EXPECT_EQ(world.said(), before);
    }
}

TEST(TopUp, RecordsADeclineAndGivesTheSameNoAgain) {
    const struct {
        const char* name;
        std::int64_t minor;
        std::optional<PasswordCheck> check;
        const char* want;
    } cases[] = {
        {"no password given",      100'01, {},                        "payment_password_wrong" },
        {"a wrong password",       1,      PasswordCheck{pin, false}, "payment_password_wrong" },
        {"the bank says no",       701'00, PasswordCheck{pin, true},  "funding_source_declined"},
        {"past the balance limit", 600'01, PasswordCheck{pin, true},  "balance_limit_exceeded" },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        DrawTopUp command = draw(c.minor);
        command.check = c.check;
        const auto first = world.top_up(command);
        ASSERT_TRUE(first);
        EXPECT_EQ(first->top_up.state.status, TopUpStatus::declined);
        EXPECT_EQ(first->top_up.state.decline, c.want);
        EXPECT_EQ(world.book.find(alices)->balance, 300'00);

        command.check = PasswordCheck{pin, true};  // Right now, but the key has its answer.
        const auto again = world.top_up(command);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->top_up, first->top_up);
    }
}

TEST(TopUp, MovesMoneyOnceHoweverOftenAsked) {
    World world;
    for (int i = 0; i < 3; ++i) {
        const auto answer = world.top_up(draw(50'00));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->available_minor, 350'00);
    }
    EXPECT_EQ(world.book.find(card_account)->balance, -350'00);
    EXPECT_EQ(world.wallet.top_ups.size(), 1U);
}

TEST(Password, LocksAfterTooManyFailuresAndOpensByTime) {
    World world;
    const LogIn wrong{
        "alice", {password, false}
    };
    EXPECT_FALSE(world.enter(wrong)->matches);
    EXPECT_FALSE(world.enter(wrong)->matches);
    const LogIn right{
        "alice", {password, true}
    };
    EXPECT_EQ(world.enter(right).error(), Stop{Error::credentials_locked});
    const Instant last_locked = t0 + minutes(10) - milliseconds(1);
    EXPECT_EQ(world.enter(right, last_locked).error(), Stop{Error::credentials_locked});
    EXPECT_TRUE(world.enter(right, t0 + minutes(10))->matches);
    EXPECT_EQ(world.user(alice).state.password, Credential{.record = password});
}

TEST(Password, OneRightOneForgetsTheFailures) {
    World world;
    const LogIn wrong{
        "alice", {password, false}
    };
    for (int i = 0; i < 5; ++i) {
        EXPECT_FALSE(world.enter(wrong)->matches);
        EXPECT_TRUE(world
                        .enter({
                            "alice", {password, true}
        })
                        ->matches);
    }
}

TEST(LogIn, RefusesInCheckOrderAndChangesNothing) {
    const struct {
        const char* name;
        std::function<void(World&, LogIn&)> arrange;
        Error want;
    } cases[] = {
        {"unknown",      [](World&, LogIn& c) { c.login_key = "nobody"; },   Error::credentials_wrong },
        {"locked",
         [](World& w,               LogIn& c) {
             w.user(alice).state.password.locked_until = t0 + seconds(1);
             c.check.compared = stale;
         },                                             Error::credentials_locked},
        {"a void check", [](World&, LogIn& c) { c.check.compared = stale; },
         Error::outcome_unknown                                                                       },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        LogIn command{
            "alice", {password, true}
        };
        c.arrange(world, command);
        const std::string before = world.said();
        EXPECT_EQ(world.enter(command).error(), Stop{c.want});
        EXPECT_EQ(world.said(), before);
    }
}

TEST(ChangeUser, RefusesInCheckOrderAndChangesNothing) {
    using enum UserChange;
    const struct {
        const char* name;
        ChangeUser command;
        Instant password_locked, pin_locked;
        Error want;
    } cases[] = {
        {"ended session",   {{alice, 2}, end_sessions, {}, {}},                 {}, {}, Error::session_invalid},
        {"password locked",
         {{alice, 3}, UserChange::password, {wallet::password, true}, {"new"}},
         t0 + seconds(1),
         {},
         Error::credentials_locked                                                                            },
        {"pin locked",
         {{alice, 3}, payment_password, {pin, true}, {"new"}},
         {},
         t0 + seconds(1),
         Error::payment_password_locked                                                                       },
        {"void check",
         {{alice, 3}, payment_password, {stale, true}, {"new"}},
         {},
         {},
         Error::outcome_unknown                                                                               },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World world;
        world.user(alice).state.password.locked_until = c.password_locked;
        world.user(alice).state.payment_password.locked_until = c.pin_locked;
        const std::string before = world.said();
        EXPECT_EQ(world.change(c.command).error(), Stop{c.want});
        EXPECT_EQ(world.said(), before);
    }
}

TEST(ChangeUser, EndsOlderSessionsWithThePassword) {
    World world;
    const auto wrong = world.change({
        {alice, 3},
        UserChange::password, {password, false},
        {"new"}
    });
    EXPECT_FALSE(wrong->matches);
    EXPECT_EQ(world.user(alice).state.password.record, password);
    EXPECT_EQ(world.user(alice).state.session_epoch, 3U);

    EXPECT_TRUE(world
                    .change({
                        {alice, 3},
                        UserChange::password, {password, true},
                        {"new"}
    })
                    ->matches);
    EXPECT_EQ(world.user(alice).state.password.record, Sealed{"new"});
    EXPECT_EQ(world.user(alice).state.session_epoch, 4U);
    EXPECT_EQ(world.top_up(draw(1)).error(), Stop{Error::session_invalid});

    // A payment password is no way in: sessions stay.
    EXPECT_TRUE(world
                    .change({
                        {alice, 4},
                        UserChange::payment_password, {pin, true},
                        {"newer"}
    })
                    ->matches);
    EXPECT_EQ(world.user(alice).state.session_epoch, 4U);
    EXPECT_TRUE(world
                    .change({
                        .session = {alice, 4}
    })
                    ->matches);
    EXPECT_EQ(world.user(alice).state.session_epoch, 5U);
}

TEST(BindFundingSource, RefusesInCheckOrderAndChangesNothing) {
    World world;
    const std::string before = world.said();
    BindFundingSource command{
        .id = FundingSourceId{34},
        .account = AccountId{44},
        .session = {alice, 2},
        .number_key = "n9",
        .currency = cny
    };
    EXPECT_EQ(world.bind(command).error(), Stop{Error::session_invalid});
    command.session = {ice, 3};
    EXPECT_EQ(world.bind(command).error(), Stop{Error::user_frozen});
    EXPECT_EQ(world.said(), before);
}

TEST(BindFundingSource, BindsANumberOncePerUser) {
    World world;
    BindFundingSource command{
        .id = FundingSourceId{34},
        .account = AccountId{44},
        .session = {alice, 3},
        .number_key = "n3", // Bob's number, but Alice's binding
        .currency = cny
    };
    ASSERT_EQ(world.bind(command)->id(), command.id);
    EXPECT_EQ(world.book.find(command.account)->kind, ledger::AccountKind::inbound_funds);
    command.id = FundingSourceId{35};
    command.account = AccountId{45};
    EXPECT_EQ(world.bind(command)->id(), FundingSourceId{34});
    EXPECT_EQ(world.book.find(command.account), nullptr);
}

TEST(OpenUser, RefusesATakenNameAndOpensAnEmptyAccount) {
    World world;
    OpenUser command{.id = UserId{14},
                     .account = AccountId{24},
                     .login_key = "bob",
                     .password = password,
                     .payment_password = pin,
                     .currency = cny};
    const auto open = [&] {
        return world.run([&](ledger::Draft& draft, Effects& effects) {
            return open_user(world.wallet, command, t0, draft, effects);
        });
    };
    const std::string before = world.said();
    EXPECT_EQ(open().error(), Stop{Error::login_name_taken});
    EXPECT_EQ(world.said(), before);
    command.login_key = "carol";
    const auto opened = open();
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->terms.created_at, t0);
    EXPECT_EQ(world.book.find(command.account)->balance, 0);
    EXPECT_EQ(world.book.find(command.account)->owner, 14U);
}

TEST(SetUserStatus, RefusesAnUnknownUserAndRecordsAChangeOnce) {
    World world;
    Effects effects;
    EXPECT_EQ(set_user_status(world.wallet, {nobody, UserStatus::frozen}, effects).error(),
              Stop{Error::user_not_found});
    EXPECT_TRUE(set_user_status(world.wallet, {ice, UserStatus::frozen}, effects));
    EXPECT_TRUE(effects.users.empty());
    EXPECT_TRUE(set_user_status(world.wallet, {ice, UserStatus::active}, effects));
    EXPECT_EQ(effects.users.size(), 1U);
}

TEST(Authorise, AsksForThePasswordAboveTheFreeAmount) {
    World world;
    Effects effects;
    const auto ask = [&](std::int64_t minor, std::optional<PasswordCheck> check) {
        return authorise(world.user(alice), fen(minor), check, world.rules, t0, effects);
    };
    EXPECT_TRUE(ask(100'00, {}));
    EXPECT_EQ(ask(100'01, {}), refuse(Error::payment_password_wrong));
    EXPECT_TRUE(ask(100'01, PasswordCheck{pin, true}));
    EXPECT_TRUE(effects.users.empty());
    EXPECT_EQ(ask(1, PasswordCheck{pin, false}), refuse(Error::payment_password_wrong));
    ASSERT_EQ(effects.users.size(), 1U);
    EXPECT_EQ(effects.users.front().state.payment_password.failures, 1U);
}

}  // namespace
}  // namespace huitong::wallet
