#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/draft.hpp"

namespace huitong::ledger {
namespace {

constexpr AccountId bank{1}, alice{2}, shop{3}, dollars{4}, nobody{9};
constexpr Limits limits{.inbound_floor = -1000, .wallet_ceiling = 500};
constexpr Currency usd{840};
Money fen(std::int64_t n) {
    return {n, cny};
}

Book four_accounts() {
    Book book;
    book.load({.id = bank, .kind = AccountKind::inbound_funds, .currency = cny});
    book.load({.id = alice, .kind = AccountKind::wallet, .currency = cny});
    book.load({.id = shop, .kind = AccountKind::merchant_unsettled, .currency = cny});
    book.load({.id = dollars, .kind = AccountKind::wallet, .currency = usd});
    Draft draft(book, limits);
    EXPECT_TRUE(draft.post(bank, alice, fen(100)));
    book.apply(draft.take());
    return book;
}

TEST(Draft, RefusesAndLeavesTheDraftUnchanged) {
    const struct {
        const char* name;
        AccountId debit, credit;
        Money amount;
        Error want;
    } cases[] = {
        {"nothing",           alice,  shop,    fen(0),                    Error::amount_not_positive   },
        {"negative",          alice,  shop,    fen(-1),                   Error::amount_not_positive   },
        {"too much to count", alice,  shop,    fen(amount_minor_max + 1), Error::amount_overflow       },
        {"unknown debit",     nobody, shop,    fen(1),                    Error::account_not_found     },
        {"unknown credit",    alice,  nobody,  fen(1),                    Error::account_not_found     },
        {"other currency",    alice,  dollars, fen(1),                    Error::currency_mismatch     },
        {"past the balance",  alice,  shop,    fen(101),                  Error::funds_insufficient    },
        {"past the floor",    bank,   shop,    fen(901),                  Error::funds_insufficient    },
        {"past the ceiling",  bank,   alice,   fen(401),                  Error::balance_limit_exceeded},
    };
    const Book book = four_accounts();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Draft draft(book, limits);
        EXPECT_EQ(draft.post(c.debit, c.credit, c.amount), refuse(c.want));
        EXPECT_TRUE(draft.effects().postings.empty());
        EXPECT_EQ(book.find(alice)->balance, 100);
    }
}

TEST(Draft, SeesItsOwnEarlierPostings) {
    const Book book = four_accounts();
    Draft draft(book, limits);
    EXPECT_TRUE(draft.post(alice, shop, fen(60)));
    EXPECT_EQ(draft.post(alice, shop, fen(41)), refuse(Error::funds_insufficient));
    EXPECT_TRUE(draft.post(alice, shop, fen(40)));
    EXPECT_EQ(draft.available(alice), fen(0));
}

TEST(Draft, HoldsMoneyUntilPostedOrVoided) {
    Book book = four_accounts();
    {
        Draft draft(book, limits);
        EXPECT_TRUE(draft.hold(alice, fen(70)));
        book.apply(draft.take());
    }
    EXPECT_EQ(book.find(alice)->available(), 30);
    EXPECT_EQ(book.find(alice)->balance, 100);
    {
        Draft draft(book, limits);
        EXPECT_EQ(draft.post(alice, shop, fen(31)), refuse(Error::funds_insufficient));
        EXPECT_TRUE(draft.post_hold(alice, shop, fen(50)));
        draft.void_hold(alice, fen(20));
        book.apply(draft.take());
    }
    EXPECT_EQ(book.find(alice)->available(), 50);
    EXPECT_EQ(book.find(alice)->held, 0);
    EXPECT_EQ(book.find(shop)->balance, 50);
}

RC_GTEST_PROP(Book, ConservesMoneyAndKeepsItsDigest, ()) {
    Book book = four_accounts();
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        rc::gen::tuple(rc::gen::inRange(1, 4), rc::gen::inRange(1, 4), rc::gen::inRange(-5, 200)));
    for (const auto& [from, to, minor] : steps) {
        if (from == to) continue;
        Draft draft(book, limits);
        const AccountId debit{static_cast<std::uint64_t>(from)};
        if (draft.post(debit, AccountId{static_cast<std::uint64_t>(to)}, fen(minor)))
            book.apply(draft.take());
    }
    std::int64_t sum = 0;
    Hash128 digest;
    book.each([&](const Account& account) {
        sum += account.balance;
        digest = digest + Book::digest(account);
        RC_ASSERT(account.balance >= limits.floor(account.kind));
        RC_ASSERT(account.balance <= limits.ceiling(account.kind));
    });
    RC_ASSERT(sum == 0);
    RC_ASSERT(digest == book.digest());
    RC_ASSERT(book.totals().at(cny.numeric).debits == book.totals().at(cny.numeric).credits);
}

}  // namespace
}  // namespace huitong::ledger
