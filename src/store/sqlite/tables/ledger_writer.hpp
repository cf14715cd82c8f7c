// The ledger's rows, written in bulk: accounts, postings with their index by account, totals.
#pragma once

#include <map>
#include <vector>

#include "engine/tables.hpp"
#include "store/sqlite/database.hpp"

namespace huitong::store::sqlite {

// The index of postings by account begins with the block, so that inserts touch the pages of the
// newest block only and stay as quick when the table has grown; a search asks block after block.
inline constexpr std::uint64_t posting_block_entries = 1 << 18;

class LedgerWriter {
public:
    Result<void> prepare(Database& db, std::uint32_t partition);

    // Entries come in the order of the journal, and live until the flush.
    void note(const engine::ReadEntry& entry);
    // One statement for each account that was touched, in the order of the primary key.
    Result<void> flush();

private:
    struct AccountChange {
        AccountId id;
        const ledger::AccountTerms* terms = nullptr;  // set when it was opened
        std::int64_t balance = 0;
        std::int64_t held = 0;
    };
    struct Line {
        Sequence sequence;
        int number = 0;  // within its entry, from 1
        Instant at;
        const ledger::Posting* posting = nullptr;
    };
    struct Leg {
        std::uint64_t block;
        AccountId account;
        Sequence sequence;
        int line;
        friend auto operator<=>(const Leg&, const Leg&) = default;
    };

    void coalesce_accounts();
    Result<void> write_account(const AccountChange& change);
    Result<void> write_lines();
    Result<void> write_legs();
    Result<void> write_totals();

    std::uint32_t partition_ = 0;
    std::vector<AccountChange> accounts_;
    std::vector<Line> lines_;
    std::vector<Leg> legs_;
    std::map<std::uint16_t, std::int64_t> posted_;  // by currency
    Statement open_account_;
    Statement move_account_;
    Statement insert_posting_;
    Statement insert_leg_;
    Statement add_total_;
};

}  // namespace huitong::store::sqlite
