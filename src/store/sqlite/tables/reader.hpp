// A read-only connection to the tables: records by id or key, lists, loads, digests. Belongs to one
// thread at a time.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/tables.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/tables/columns.hpp"
#include "store/sqlite/tables/options.hpp"

namespace huitong::store::sqlite {

class TablesReader {
public:
    // The file exists; store_mismatch when it is of another store or generation.
    static Result<std::unique_ptr<TablesReader>> open(const TablesOptions& options);

    Result<engine::Cursor> cursor();
    Result<engine::AnyRecord> fetch(const Miss& miss);
    Result<void> load(engine::State& state);
    Result<std::vector<std::pair<Instant, OrderId>>> due_orders(Instant due, std::uint32_t limit);
    Result<Hash128> digest();

    Result<std::vector<wallet::User>> users(engine::Page page);
    Result<std::vector<engine::HistoryItem>> history(UserId user, engine::Page page);
    Result<std::vector<wallet::FundingSource>> funding_sources(UserId user);
    Result<std::vector<acquiring::Order>> orders(MerchantId merchant,
                                                 const std::string& out_trade_no,
                                                 engine::Page page);
    Result<std::vector<switching::Payment>> payments(UserId payer, OrderId order,
                                                     engine::Page page);
    Result<std::vector<acquiring::Refund>> refunds(OrderId order);
    Result<std::vector<switching::Payment>> returns(UserId payer, PaymentId original);
    Result<std::vector<engine::PostingRow>> postings(AccountId account, engine::Page page);
    Result<std::vector<engine::MinuteStatistics>> statistics(Instant from, Instant to);
    Result<engine::RecordCounts> counts();

private:
    TablesReader(Database db, const TablesOptions& options)
        : db_(std::move(db)), options_(options), partition_(options.partition) {}

    // The statement of a text, compiled at first use and kept.
    Result<Statement*> statement(const std::string& sql);
    // Many reads of one moment: a read transaction until it dies.
    class Snapshot;

    template <class Record>
    Result<std::optional<Record>> find(typename Record::IdType id);
    template <class Record>
    Result<std::optional<Record>> find(const NaturalKey& key);
    template <class Record>
    Result<engine::AnyRecord> fetch_one(const Miss& miss);
    template <class Record>
    Result<std::vector<Record>> all(const std::vector<std::uint64_t>& ids);
    template <class Record, class... Values>
    Result<std::vector<Record>> select(std::string_view where, const Values&... values);
    // The first column of each row.
    template <class... Values>
    Result<std::vector<std::uint64_t>> ids(const std::string& sql, const Values&... values);
    // The newest of a table, whatever their shard.
    Result<std::vector<std::uint64_t>> newest(const std::string& sql, engine::Page page);
    Result<std::vector<std::uint64_t>> payments_of(UserId payer, engine::Page page);
    Result<std::vector<std::uint64_t>> payments_of(OrderId order, engine::Page page);

    Result<engine::HistoryItem> history_item(const switching::Payment& payment);
    Result<engine::HistoryItem> history_item(const acquiring::Refund& refund);
    Result<engine::HistoryItem> history_item(const wallet::TopUp& top_up);
    Result<engine::HistoryItem> about_order(engine::HistoryItem item, OrderId order);
    template <class Record>
    Result<void> add_history(const std::vector<std::uint64_t>& ids,
                             std::map<std::uint64_t, engine::HistoryItem>& items);

    Result<void> postings_of_block(AccountId account, std::uint64_t block, Sequence before,
                                   std::size_t limit, std::vector<engine::PostingRow>& out);
    Result<std::vector<std::uint64_t>> posting_blocks(Sequence before);

    Result<std::uint64_t> count_of(std::string_view table);

    Result<void> load_accounts(engine::State& state);
    Result<void> load_unfinished(engine::State& state);
    Result<void> load_totals(engine::State& state);
    Result<void> load_digest(engine::State& state);
    template <class Record, class Registry>
    Result<void> load_registry(Registry& registry);
    template <class Record, class Shelf>
    Result<void> load_keys(Shelf& shelf);
    Result<Hash128> digest_of_accounts();
    template <class Record>
    Result<Hash128> digest_of_records();
    template <class Record, class Visit>
    Result<void> each(Visit&& visit);

    Database db_;
    TablesOptions options_;
    std::uint32_t partition_;
    std::map<std::string, Statement> statements_;
};

// The rest of the templates, for the sources of this class.
class TablesReader::Snapshot {
public:
    explicit Snapshot(Database& db) : db_(db), begun_(db.execute("BEGIN")) {}
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    // Ending a read cannot fail in a way that matters: nothing was written.
    ~Snapshot() {
        if (begun_) (void)db_.execute("COMMIT");
    }
    [[nodiscard]] const Result<void>& begun() const { return begun_; }

private:
    Database& db_;
    Result<void> begun_;
};

template <class... Values>
Result<std::vector<std::uint64_t>> TablesReader::ids(const std::string& sql,
                                                     const Values&... values) {
    TRY(select, statement(sql));
    std::vector<std::uint64_t> found;
    Rows rows = select->query(values...);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return found;
        found.push_back(rows.number(0));
    }
}

template <class Record, class... Values>
Result<std::vector<Record>> TablesReader::select(std::string_view where, const Values&... values) {
    TRY(select, statement(RecordSql<Record>{}.select(where)));
    std::vector<Record> found;
    Rows rows = select->query(values...);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return found;
        TRY(record, read_record<Record>(rows));
        found.push_back(std::move(record));
    }
}

template <class Record>
Result<std::optional<Record>> TablesReader::find(typename Record::IdType id) {
    static const std::string where = "WHERE shard = ?1 AND " + RecordSql<Record>{}.id() + " = ?2";
    TRY(found, select<Record>(where, id.shard().value, id.value));
    if (found.empty()) return std::optional<Record>{};
    return std::optional<Record>(std::move(found.front()));
}

template <class Record>
Result<std::vector<Record>> TablesReader::all(const std::vector<std::uint64_t>& ids) {
    std::vector<Record> records;
    for (const std::uint64_t id : ids) {
        TRY(record, find<Record>(typename Record::IdType{id}));
        if (record) records.push_back(std::move(*record));
    }
    return records;
}

// Calls `visit` with every record of a kind, in the order of the primary key.
template <class Record, class Visit>
Result<void> TablesReader::each(Visit&& visit) {
    TRY(select, statement(RecordSql<Record>{}.select("")));
    Rows rows = select->query();
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        TRY(record, read_record<Record>(rows));
        visit(std::move(record));
    }
}

}  // namespace huitong::store::sqlite
