#include "store/sqlite/tables/ledger_writer.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/state.hpp"

namespace huitong::store::sqlite {

Result<void> LedgerWriter::prepare(Database& db, std::uint32_t partition) {
    partition_ = partition;
    TRY(open_account, db.prepare("INSERT INTO account (shard, account_id, owner_id, kind, currency,"
                                 " balance, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    TRY(move_account, db.prepare("UPDATE account SET balance = balance + ?1, held = held + ?2"
                                 " WHERE shard = ?3 AND account_id = ?4"));
    TRY(insert_posting, db.prepare("INSERT INTO posting (partition, sequence, line, posted_at,"
                                   " debit_account_id, credit_account_id, minor, currency)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    TRY(insert_leg, db.prepare("INSERT INTO account_posting (partition, block, account_id,"
                               " sequence, line) VALUES (?1, ?2, ?3, ?4, ?5)"));
    TRY(add_total, db.prepare("INSERT INTO total (partition, currency, debits, credits)"
                              " VALUES (?1, ?2, ?3, ?3) ON CONFLICT (partition, currency)"
                              " DO UPDATE SET debits = total.debits + excluded.debits,"
                              " credits = total.credits + excluded.credits"));
    open_account_ = std::move(open_account);
    move_account_ = std::move(move_account);
    insert_posting_ = std::move(insert_posting);
    insert_leg_ = std::move(insert_leg);
    add_total_ = std::move(add_total);
    return {};
}

void LedgerWriter::note(const engine::ReadEntry& entry) {
    const ledger::Effects& effects = entry.entry.ledger;
    for (const auto& terms : effects.opened) accounts_.push_back({.id = terms.id, .terms = &terms});
    for (const auto& hold : effects.holds)
        accounts_.push_back({.id = hold.account, .held = hold.minor});
    const std::uint64_t block = entry.sequence.value / posting_block_entries;
    int line = 0;
    for (const ledger::Posting& posting : effects.postings) {
        ++line;
        accounts_.push_back({.id = posting.debit, .balance = -posting.minor});
        accounts_.push_back({.id = posting.credit, .balance = posting.minor});
        lines_.push_back({entry.sequence, line, entry.now, &posting});
        legs_.push_back({block, posting.debit, entry.sequence, line});
        legs_.push_back({block, posting.credit, entry.sequence, line});
        posted_[posting.currency.numeric] += posting.minor;
    }
}

void LedgerWriter::coalesce_accounts() {
    // Stable: the terms of an account come before its movements.
    std::ranges::stable_sort(accounts_, {}, [](const AccountChange& change) {
        return std::pair(change.id.shard(), change.id);
    });
    std::size_t kept = 0;
    for (const AccountChange& change : accounts_) {
        if (kept > 0 && accounts_[kept - 1].id == change.id) {
            accounts_[kept - 1].balance += change.balance;
            accounts_[kept - 1].held += change.held;
        } else {
            accounts_[kept++] = change;
        }
    }
    accounts_.resize(kept);
}

Result<void> LedgerWriter::write_account(const AccountChange& change) {
    const auto shard = change.id.shard().value;
    if (change.terms != nullptr) {
        const ledger::AccountTerms& terms = *change.terms;
        CHECK(open_account_.run(shard, terms.id.value, terms.owner,
                                static_cast<std::int64_t>(terms.kind), terms.currency.numeric,
                                change.balance, change.held));
        return {};
    }
    if (change.balance == 0 && change.held == 0) return {};
    TRY(changed, move_account_.run(change.balance, change.held, shard, change.id.value));
    if (changed == 1) return {};
    return fail(Error::store_failed,
                fmt::format("table account lacks the touched account {}", change.id.value));
}

Result<void> LedgerWriter::write_lines() {
    for (const Line& line : lines_) {
        const ledger::Posting& posting = *line.posting;
        CHECK(insert_posting_.run(partition_, line.sequence.value, line.number, line.at.ms,
                                  posting.debit.value, posting.credit.value, posting.minor,
                                  posting.currency.numeric));
    }
    lines_.clear();
    return {};
}

Result<void> LedgerWriter::write_legs() {
    std::ranges::sort(legs_);
    for (const Leg& leg : legs_) {
        CHECK(insert_leg_.run(partition_, leg.block, leg.account.value, leg.sequence.value,
                              leg.line));
    }
    legs_.clear();
    return {};
}

Result<void> LedgerWriter::write_totals() {
    for (const auto& [currency, minor] : posted_)
        CHECK(add_total_.run(partition_, currency, minor));
    posted_.clear();
    return {};
}

Result<void> LedgerWriter::flush() {
    coalesce_accounts();
    for (const AccountChange& change : accounts_) CHECK(write_account(change));
    accounts_.clear();
    CHECK(write_lines());
    CHECK(write_legs());
    return write_totals();
}

}  // namespace huitong::store::sqlite
