// A draft: the postings and holds of one entry while it is being decided. Each is checked against
// the book with what the draft has done already; the book itself is not changed. What the draft
// holds at the end enters the entry.
#pragma once

#include "base/result.hpp"
#include "ledger/book.hpp"

namespace huitong::ledger {

class Draft {
public:
    // The book and the limits must outlive the draft.
    Draft(const Book& book, const Limits& limits) : book_(book), limits_(limits) {}

    // Moves money. Checks, in this order: amount_not_positive, amount_overflow, account_not_found,
    // currency_mismatch, funds_insufficient (debit side), balance_limit_exceeded (credit side). The
    // two accounts differ: our duty.
    Result<void> post(AccountId debit, AccountId credit, Money amount);
    // Reserves an amount on an account, so that nothing else can spend it: funds_insufficient and
    // the rest as above.
    Result<void> hold(AccountId account, Money amount);
    // Frees a hold without moving money.
    void void_hold(AccountId account, Money amount);
    // Moves money that was held: frees the hold and posts.
    Result<void> post_hold(AccountId debit, AccountId credit, Money amount);

    // May the account be credited so much? account_not_found, currency_mismatch,
    // balance_limit_exceeded.
    Result<void> room(AccountId credit, Money amount);

    // Opens an account within this entry.
    void open(const AccountTerms& terms);

    // Available with this draft's changes; the account exists: our duty.
    [[nodiscard]] Money available(AccountId account) const;
    [[nodiscard]] const Effects& effects() const { return effects_; }
    Effects take() { return std::move(effects_); }

private:
    // The position of an account's image in images_, copied from the book at first use.
    Result<std::size_t> image(AccountId id, Currency currency);

    const Book& book_;
    const Limits& limits_;
    boost::container::small_vector<Account, 4> images_;  // accounts with this draft's changes
    Effects effects_;
};

}  // namespace huitong::ledger
