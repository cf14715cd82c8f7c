#include "ledger/book.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace huitong::ledger {
namespace {

// Spreads ids over the maps by bits of the hash that the maps themselves do not look at: they take
// a place by its upper bits and tell neighbours apart by its lowest byte.
std::size_t index_shard(AccountId id, std::size_t shards) {
    return IdHash{}(id) >> 20 & (shards - 1);
}

}  // namespace

std::int64_t Limits::floor(AccountKind kind) const {
    switch (kind) {
        case AccountKind::inbound_funds:
            return inbound_floor;
        case AccountKind::position:
            return position_floor;
        case AccountKind::wallet:
        case AccountKind::merchant_unsettled:
        case AccountKind::merchant_available:
        case AccountKind::merchant_frozen:
        case AccountKind::refunds_in_transit:
            return 0;
    }
    std::unreachable();
}

std::int64_t Limits::ceiling(AccountKind kind) const {
    return kind == AccountKind::wallet ? wallet_ceiling : INT64_MAX / 2;
}

Hash128 Book::digest(const Account& account) {
    Hasher hasher;
    hasher.add(account.id.value);
    hasher.add(account.owner);
    hasher.add(static_cast<std::uint64_t>(account.kind) << 16 | account.currency.numeric);
    hasher.add(static_cast<std::uint64_t>(account.balance));
    hasher.add(static_cast<std::uint64_t>(account.held));
    return hasher.finish();
}

const Account* Book::find(AccountId id) const {
    const Index& index = index_[index_shard(id, index_shards)];
    const auto found = index.find(id);
    return found == index.end() ? nullptr : &slot(found->second);
}

Account& Book::at(AccountId id) {
    const Index& index = index_[index_shard(id, index_shards)];
    const auto found = index.find(id);
    ENSURE(found != index.end());  // decide has looked every account up.
    return slot(found->second);
}

void Book::load(const Account& account) {
    ENSURE(count_ < UINT32_MAX);
    if (count_ == segments_.size() * segment_size) segments_.push_back(std::make_unique<Segment>());
    const bool fresh = index_[index_shard(account.id, index_shards)]
                           .emplace(account.id, static_cast<std::uint32_t>(count_))
                           .second;
    ENSURE(fresh);
    slot(count_++) = account;
    digest_ = digest_ + digest(account);
}

template <class Change>
void Book::change(AccountId id, Change&& how) {
    Account& account = at(id);
    digest_ = digest_ - digest(account);
    how(account);
    ENSURE(account.held >= 0);
    digest_ = digest_ + digest(account);
}

void Book::apply(const Effects& effects) {
    for (const AccountTerms& terms : effects.opened)
        load(
            {.id = terms.id, .owner = terms.owner, .kind = terms.kind, .currency = terms.currency});
    for (const HoldChange& hold : effects.holds)
        change(hold.account, [&](Account& account) { account.held += hold.minor; });
    for (const Posting& posting : effects.postings) {
        ENSURE(posting.minor > 0 && posting.debit != posting.credit);
        change(posting.debit, [&](Account& account) { account.balance -= posting.minor; });
        change(posting.credit, [&](Account& account) { account.balance += posting.minor; });
        Total& total = totals_[posting.currency.numeric];
        total.debits += posting.minor;
        total.credits += posting.minor;
    }
}

}  // namespace huitong::ledger
