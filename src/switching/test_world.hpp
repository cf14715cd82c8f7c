// A small world between the sides, for tests of this module: two users, a shop with two orders, and
// the engine's way of deciding and applying.
#pragma once

#include <gtest/gtest.h>
#include <string>

#include "acquiring/state.hpp"
#include "ledger/draft.hpp"
#include "switching/linked.hpp"
#include "switching/registry.hpp"
#include "switching/state.hpp"
#include "wallet/state.hpp"

namespace huitong::switching::test {

inline constexpr Instant t0{1'790'000'000'000};
inline constexpr UserId alice{11}, bob{12}, nobody{99};
inline constexpr AccountId alices{21}, bobs{22}, unsettled{23}, available{24}, bank{25};
inline constexpr MerchantId shop{31};
inline constexpr OrderId order{41}, second_order{42}, no_order{98};
inline constexpr PaymentId payment{51}, no_payment{97};
inline const Sealed pin{"the pin"}, stale{"an older one"};

inline Money fen(std::int64_t n) {
    return {n, cny};
}

// Alice has 300.00, Bob 50.00; a shop has two open orders of 100.00.
struct World {
    wallet::Wallet wallet{
        Hash128{1, 2}
    };
    acquiring::Acquiring acquiring{
        Hash128{1, 2}
    };
    Switching switching{
        Hash128{1, 2}
    };
    ledger::Book book;
    ledger::Limits limits{.wallet_ceiling = 310'00};
    wallet::Rules wallet_rules{
        .failures_max = 2, .lock = minutes(10), .password_free_minor = 200'00};
    acquiring::Rules acquiring_rules;
    Rules rules;
    std::uint64_t sequence = 1;

    World() {
        // As after a fetch that found nothing: absence is certain.
        wallet.users.install_absent({RecordKind::user, nobody.value, {}});
        acquiring.orders.install_absent({RecordKind::order, no_order.value, {}});
        book.load({.id = bank, .kind = ledger::AccountKind::inbound_funds, .currency = cny});
        book.load(
            {.id = unsettled, .kind = ledger::AccountKind::merchant_unsettled, .currency = cny});
        book.load(
            {.id = available, .kind = ledger::AccountKind::merchant_available, .currency = cny});
        add_user(alice, alices, 300'00);
        add_user(bob, bobs, 50'00);
        acquiring.merchants.load(acquiring::Merchant{
            {.id = shop, .mchid = "1900000001", .unsettled = unsettled, .available = available},
            {.name = "the shop", .appids = {"wx1"}}
        });
        add_order(order, "no-1");
        add_order(second_order, "no-2");
    }
    void add_user(UserId id, AccountId account, std::int64_t balance) {
        book.load({.id = account, .owner = id.value, .currency = cny});
        ledger::Effects first;
        first.postings.push_back({bank, account, balance, cny});
        book.apply(first);
        wallet.users.put(
            wallet::User{
                {.id = id, .login_key = std::to_string(id.value), .account = account},
                {.payment_password = {pin}}
        },
            Sequence{1});
    }
    void add_order(OrderId id, std::string number) {
        acquiring.orders.put(
            acquiring::Order{
                {.id = id,
                 .merchant = shop,
                 .out_trade_no = std::move(number),
                 .description = "goods",
                 .minor = 100'00,
                 .currency = cny,
                 .expires_at = t0 + days(7)},
                {.code_expires_at = t0 + hours(2)}
        },
            Sequence{1});
    }
    wallet::User& user(UserId id) { return const_cast<wallet::User&>(*wallet.users.in_memory(id)); }
    acquiring::Order& kept(OrderId id) {
        return const_cast<acquiring::Order&>(*acquiring.orders.in_memory(id));
    }
    acquiring::Merchant merchant() { return *acquiring.merchants.find(shop); }
    [[nodiscard]] std::int64_t balance(AccountId id) const { return book.find(id)->balance; }
    [[nodiscard]] Sides sides() const {
        return {wallet, acquiring, switching, rules, wallet_rules, acquiring_rules};
    }

    // Everything that a test may find changed, as one text.
    [[nodiscard]] std::string said() {
        std::string text;
        book.each([&](const ledger::Account& account) {
            text += std::to_string(account.balance) + '/' + std::to_string(account.held) + ' ';
        });
        for (const OrderId id : {order, second_order}) {
            const acquiring::OrderState& state = kept(id).state;
            text += std::to_string(static_cast<int>(state.status)) + '/' +
                    std::to_string(state.payment.value) + '/' +
                    std::to_string(state.refunded_minor) + ' ';
        }
        for (const UserId id : {alice, bob})
            text += std::to_string(user(id).state.payment_password.failures) + ' ';
        return text + std::to_string(switching.payments.size()) + ' ' +
               std::to_string(acquiring.refunds.size());
    }

    // Decides, and applies what was decided, as the engine does: a refusal applies nothing.
    template <class Decide>
    auto run(Decide&& decide) {
        wallet::Effects of_wallet;
        acquiring::Effects of_acquiring;
        Effects of_switching;
        ledger::Draft draft(book, limits);
        auto decided = decide(SidesEffects{draft, of_wallet, of_acquiring, of_switching});
        if (decided) {
            ++sequence;
            book.apply(draft.take());
            wallet::apply(wallet, of_wallet, Sequence{sequence});
            acquiring::apply(acquiring, of_acquiring, Sequence{sequence});
            apply(switching, of_switching, Sequence{sequence});
        }
        return decided;
    }
    auto pay(const PayOrder& command, Instant now = t0) {
        return run([&](SidesEffects effects) { return pay_order(sides(), command, now, effects); });
    }
    auto refund(const acquiring::CreateRefund& command, Instant now = t0) {
        return run(
            [&](SidesEffects effects) { return refund_order(sides(), command, now, effects); });
    }
};

}  // namespace huitong::switching::test
