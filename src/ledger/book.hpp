// The book: every account's balance, in memory, in dense slots. Changed only by apply(); owned by
// the heart's thread.
//
// Always true: the balances of a currency sum to zero; no account lies outside the limits of its
// kind.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/hash.hpp"
#include "ledger/account.hpp"

namespace huitong::ledger {

class Book {
public:
    // Null when there is no such account: all accounts are in memory, so absence is certain.
    [[nodiscard]] const Account* find(AccountId id) const;
    void apply(const Effects& effects);
    // An account as the tables hold it, at start-up.
    void load(const Account& account);

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] const std::map<std::uint16_t, Total>& totals() const { return totals_; }
    void load_total(Currency currency, Total total) { totals_[currency.numeric] = total; }
    // The sum of all accounts' hashes; kept up to date by apply.
    [[nodiscard]] Hash128 digest() const { return digest_; }
    static Hash128 digest(const Account& account);

    // Every account, in order of opening.
    template <class Visit>
    void each(Visit&& visit) const {
        for (std::size_t i = 0; i < count_; ++i) visit(slot(i));
    }

private:
    static constexpr std::size_t segment_size = 1 << 14;
    static constexpr std::size_t index_shards = 64;
    using Segment = std::array<Account, segment_size>;
    using Index = boost::unordered_flat_map<AccountId, std::uint32_t, IdHash>;

    [[nodiscard]] const Account& slot(std::size_t i) const {
        return (*segments_[i / segment_size])[i % segment_size];
    }
    Account& slot(std::size_t i) { return (*segments_[i / segment_size])[i % segment_size]; }
    Account& at(AccountId id);
    template <class Change>
    void change(AccountId id, Change&& how);

    std::vector<std::unique_ptr<Segment>> segments_;  // Grows without moving an account.
    std::array<Index, index_shards> index_;           // Sharded: no rehash is long.
    std::size_t count_ = 0;
    std::map<std::uint16_t, Total> totals_;
    Hash128 digest_;
};

}  // namespace huitong::ledger
