#include "ledger/draft.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace huitong::ledger {
namespace {

Result<void> admissible(Money amount) {
    if (amount.minor <= 0) return refuse(Error::amount_not_positive);
    if (amount.minor > amount_minor_max) return refuse(Error::amount_overflow);
    return {};
}

}  // namespace

Result<std::size_t> Draft::image(AccountId id, Currency currency) {
    auto found = std::ranges::find(images_, id, &Account::id);
    if (found == images_.end()) {
        const Account* account = book_.find(id);
        if (account == nullptr) return refuse(Error::account_not_found);
        images_.push_back(*account);
        found = images_.end() - 1;
    }
    if (found->currency != currency) return refuse(Error::currency_mismatch);
    return static_cast<std::size_t>(found - images_.begin());
}

Result<void> Draft::post(AccountId debit, AccountId credit, Money amount) {
    ENSURE(debit != credit);
    CHECK(admissible(amount));
    TRY(debit_at, image(debit, amount.currency));
    TRY(credit_at, image(credit, amount.currency));
    Account& from = images_[debit_at];
    Account& to = images_[credit_at];
    if (from.available() - amount.minor < limits_.floor(from.kind))
        return refuse(Error::funds_insufficient);
    if (to.balance > limits_.ceiling(to.kind) - amount.minor)
        return refuse(Error::balance_limit_exceeded);

    from.balance -= amount.minor;
    to.balance += amount.minor;
    effects_.postings.push_back({debit, credit, amount.minor, amount.currency});
    return {};
}

Result<void> Draft::room(AccountId credit, Money amount) {
    TRY(at, image(credit, amount.currency));
    const Account& to = images_[at];
    if (to.balance > limits_.ceiling(to.kind) - amount.minor)
        return refuse(Error::balance_limit_exceeded);
    return {};
}

Result<void> Draft::hold(AccountId account, Money amount) {
    CHECK(admissible(amount));
    TRY(at, image(account, amount.currency));
    Account& held = images_[at];
    if (held.available() - amount.minor < limits_.floor(held.kind))
        return refuse(Error::funds_insufficient);

    held.held += amount.minor;
    effects_.holds.push_back({account, amount.minor});
    return {};
}

void Draft::void_hold(AccountId account, Money amount) {
    const auto at = image(account, amount.currency);
    ENSURE(at.has_value() && amount.minor > 0);
    Account& held = images_[*at];
    ENSURE(held.held >= amount.minor);  // A hold is freed once, by the payment that made it.
    held.held -= amount.minor;
    effects_.holds.push_back({account, -amount.minor});
}

Result<void> Draft::post_hold(AccountId debit, AccountId credit, Money amount) {
    void_hold(debit, amount);
    return post(debit, credit, amount);
}

void Draft::open(const AccountTerms& terms) {
    ENSURE(book_.find(terms.id) == nullptr);
    images_.push_back(
        {.id = terms.id, .owner = terms.owner, .kind = terms.kind, .currency = terms.currency});
    effects_.opened.push_back(terms);
}

Money Draft::available(AccountId account) const {
    const auto changed = std::ranges::find(images_, account, &Account::id);
    const Account* found = changed != images_.end() ? &*changed : book_.find(account);
    ENSURE(found != nullptr);
    return {found->available(), found->currency};
}

}  // namespace huitong::ledger
