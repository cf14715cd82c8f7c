#include "store/sqlite/tables/reader.hpp"

#include "store/sqlite/tables/cursor.hpp"
#include "store/sqlite/tables/schema.hpp"

namespace huitong::store::sqlite {
namespace {

// The shard of a record that is known by its key: that of its merchant or user.
std::uint16_t home_shard(const NaturalKey& key) {
    return UserId{key.scope}.shard().value;
}

}  // namespace

Result<std::unique_ptr<TablesReader>> TablesReader::open(const TablesOptions& options) {
    TRY(db, Database::open(options.path, {.read_only = true,
                                          .vfs = options.vfs,
                                          .cache_kib = options.reader_cache_kib,
                                          .checkpoint_on_close = false}));
    std::unique_ptr<TablesReader> reader(new TablesReader(std::move(db), options));
    CHECK(check_schema(reader->db_));
    CHECK(reader->cursor());
    return reader;
}

Result<engine::Cursor> TablesReader::cursor() {
    TRY(row, read_cursor(db_, options_));
    return row.cursor;
}

Result<Statement*> TablesReader::statement(const std::string& sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return &known->second;
    TRY(fresh, db_.prepare(sql));
    return &statements_.emplace(sql, std::move(fresh)).first->second;
}

template <class Record>
Result<std::optional<Record>> TablesReader::find(const NaturalKey& key) {
    constexpr RecordTable table = table_of<Record>;
    constexpr bool bytes = holds_bytes(table.text);
    const auto first = [](Result<std::vector<Record>> found) -> Result<std::optional<Record>> {
        TRY(records, found);
        if (records.empty()) return std::optional<Record>{};
        return std::optional<Record>(std::move(records.front()));
    };
    if constexpr (*table.scope == '\0') {
        static const std::string where = fmt::format("WHERE {} = ?1", table.text);
        if constexpr (bytes) {
            return first(select<Record>(where, Blob{key.text}));
        } else {
            return first(select<Record>(where, std::string_view(key.text)));
        }
    } else {
        static const std::string where =
            fmt::format("WHERE shard = ?1 AND {} = ?2 AND {} = ?3", table.scope, table.text);
        if constexpr (bytes) {
            return first(select<Record>(where, home_shard(key), key.scope, Blob{key.text}));
        } else {
            return first(
                select<Record>(where, home_shard(key), key.scope, std::string_view(key.text)));
        }
    }
}

template <class Record>
Result<engine::AnyRecord> TablesReader::fetch_one(const Miss& miss) {
    TRY(found,
        miss.id != 0 ? find<Record>(typename Record::IdType{miss.id}) : find<Record>(miss.key));
    if (!found) return engine::AnyRecord{};
    return engine::AnyRecord(std::move(*found));
}

Result<engine::AnyRecord> TablesReader::fetch(const Miss& miss) {
    switch (miss.kind) {
        case RecordKind::user:
            return fetch_one<wallet::User>(miss);
        case RecordKind::funding_source:
            return fetch_one<wallet::FundingSource>(miss);
        case RecordKind::top_up:
            return fetch_one<wallet::TopUp>(miss);
        case RecordKind::order:
            return fetch_one<acquiring::Order>(miss);
        case RecordKind::refund:
            return fetch_one<acquiring::Refund>(miss);
        case RecordKind::payment:
            return fetch_one<switching::Payment>(miss);
        case RecordKind::payer_code:
            return fetch_one<wallet::PayerCode>(miss);
    }
    std::unreachable();
}

Result<std::vector<std::pair<Instant, OrderId>>> TablesReader::due_orders(Instant due,
                                                                          std::uint32_t limit) {
    // INDEXED BY: the partial index holds the open orders only; never scan the others.
    TRY(select, statement("SELECT expires_at, order_id FROM customer_order"
                          " INDEXED BY customer_order_due WHERE status = 0 AND expires_at < ?1"
                          " ORDER BY expires_at, order_id LIMIT ?2"));
    std::vector<std::pair<Instant, OrderId>> orders;
    Rows rows = select->query(due.ms, limit);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return orders;
        orders.emplace_back(Instant{rows.integer(0)}, OrderId{rows.number(1)});
    }
}

}  // namespace huitong::store::sqlite
