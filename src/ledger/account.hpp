// Accounts, postings and holds: what the double-entry ledger records.
//
// Sign convention: a balance is credits minus debits, so what we owe (wallets, merchants) is
// positive and what others owe us (funding sources) is negative; the balances of one currency
// always sum to zero.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <vector>

#include "base/id.hpp"
#include "base/money.hpp"

namespace huitong::ledger {

// The chart of accounts (business-rules 4.2); the numbers are part of the journal's contract.
enum class AccountKind : std::uint16_t {
    inbound_funds = 1004,       // a funding source: bank debit done, not yet cleared
    wallet = 2001,              // a user's balance
    merchant_unsettled = 2002,  // paid, not yet settled
    merchant_available = 2003,
    position = 2006,  // of an institution: what we owe it in clearing; it owes when below zero
    refunds_in_transit = 2008,  // out of a merchant's hands, not yet taken by the payer's side
    merchant_frozen = 2011,     // dispute and risk hold
};

// Lowest and highest balance an account of a kind may have, in minor units. Versioned
// configuration; these are the defaults. Funding accounts may be negative within their limit.
struct Limits {
    std::int64_t inbound_floor = -100'000'000'000;
    std::int64_t position_floor = -1'000'000'000'000'00;  // each institution's cap is below it
    std::int64_t wallet_ceiling = 20'000'000'00;

    [[nodiscard]] std::int64_t floor(AccountKind kind) const;
    [[nodiscard]] std::int64_t ceiling(AccountKind kind) const;
};

struct Account {
    AccountId id;
    std::uint64_t owner = 0;  // the user, merchant or funding source
    std::int64_t balance = 0;
    std::int64_t held = 0;  // reserved by payments under way; available + held = balance
    AccountKind kind = AccountKind::wallet;
    Currency currency;

    [[nodiscard]] std::int64_t available() const { return balance - held; }
    friend bool operator==(const Account&, const Account&) = default;
};
static_assert(sizeof(Account) <=
              40);  // A million idle accounts must stay below 100 MB with their index.

// An account as it enters the journal.
struct AccountTerms {
    AccountId id;
    std::uint64_t owner = 0;
    AccountKind kind = AccountKind::wallet;
    Currency currency;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "account_id", self.id);
        v(2, "owner_id", self.owner);
        v(3, "kind", self.kind);
        v(4, "currency", self.currency);
    }
    friend bool operator==(const AccountTerms&, const AccountTerms&) = default;
};

// Money moves only so: out of one account into another, debit before credit, always balanced.
struct Posting {
    AccountId debit;
    AccountId credit;
    std::int64_t minor = 0;  // greater than zero
    Currency currency;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "debit_account_id", self.debit);
        v(2, "credit_account_id", self.credit);
        v(3, "minor", self.minor);
        v(4, "currency", self.currency);
    }
    friend bool operator==(const Posting&, const Posting&) = default;
};

// A change of what is held on an account: positive reserves, negative releases (void, or just
// before the post).
struct HoldChange {
    AccountId account;
    std::int64_t minor = 0;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "account_id", self.account);
        v(2, "minor", self.minor);
    }
    friend bool operator==(const HoldChange&, const HoldChange&) = default;
};

// What one entry does to the ledger, in this order. Room for a payment lies inside; what is rare
// takes its own, so that an entry, of which there are millions, stays small.
struct Effects {
    std::vector<AccountTerms> opened;
    boost::container::small_vector<HoldChange, 1> holds;
    boost::container::small_vector<Posting, 2> postings;
};

// What has ever been posted in a currency.
struct Total {
    std::int64_t debits = 0;
    std::int64_t credits = 0;

    friend bool operator==(const Total&, const Total&) = default;
};

}  // namespace huitong::ledger
