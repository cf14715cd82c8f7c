#include "store/sqlite/tables/writer.hpp"

#include <fmt/format.h>

#include "engine/state.hpp"
#include "store/sqlite/tables/cursor.hpp"
#include "store/sqlite/tables/schema.hpp"

namespace huitong::store::sqlite {
namespace {

constexpr std::int64_t minute_ms = 60'000;

Instant minute_of(Instant t) {
    return {t.ms / minute_ms * minute_ms};
}

// synchronous=NORMAL: a power loss may take the newest transactions away, but whole and from the
// end. The tables then stand at an earlier cursor and the journal, which is the truth and was
// synced long before, is read again from there. FULL would buy nothing but a wait for the disk.
Result<Database> open_database(const TablesOptions& options) {
    TRY(db, Database::open(options.path, {.vfs = options.vfs,
                                          .cache_kib = options.cache_kib,
                                          .autocheckpoint_pages = options.autocheckpoint_pages,
                                          .checkpoint_must_succeed = true}));
    CHECK(db.execute("PRAGMA synchronous=NORMAL"));
    CHECK(migrate(db));
    return db;
}

}  // namespace

Result<std::unique_ptr<TablesWriter>> TablesWriter::open(const TablesOptions& options) {
    TRY(db, open_database(options));
    std::unique_ptr<TablesWriter> writer(new TablesWriter(std::move(db)));
    CHECK(writer->take_cursor(options));
    CHECK(writer->prepare(options.partition));
    return writer;
}

Result<void> TablesWriter::adopt(const TablesOptions& options) {
    TRY(db, open_database(options));
    TRY(raise, db.prepare("UPDATE cursor SET generation = ?1 WHERE partition = ?2"
                          " AND store_id = ?3 AND generation <= ?1"));
    TRY(raised, raise.run(options.generation, options.partition, options.store_id));
    TRY(cursors, db.query_integer("SELECT count(*) FROM cursor"));
    if (raised == 1 || cursors == 0) return {};
    return fail(Error::store_mismatch, "the tables are not an earlier generation of this store");
}

// A new file takes the identity of the data directory; an old one must have it.
Result<void> TablesWriter::take_cursor(const TablesOptions& options) {
    TRY(begin, db_.prepare("INSERT INTO cursor (partition, last_sequence, now_ms,"
                           " records_digest_high, records_digest_low, store_id, generation)"
                           " VALUES (?1, 0, 0, 0, 0, ?2, ?3) ON CONFLICT (partition) DO NOTHING"));
    CHECK(begin.run(options.partition, options.store_id, options.generation));
    TRY(row, read_cursor(db_, options));
    cursor_ = row.cursor;
    records_digest_ = row.records_digest;
    return {};
}

Result<void> TablesWriter::prepare(std::uint32_t partition) {
    partition_ = partition;
    CHECK(ledger_.prepare(db_, partition));
    CHECK(users_.prepare(db_));
    CHECK(sources_.prepare(db_));
    CHECK(top_ups_.prepare(db_));
    CHECK(payer_codes_.prepare(db_));
    CHECK(merchants_.prepare(db_));
    CHECK(merchant_keys_.prepare(db_));
    CHECK(platform_keys_.prepare(db_));
    CHECK(orders_.prepare(db_));
    CHECK(refunds_.prepare(db_));
    CHECK(participants_.prepare(db_));
    CHECK(participant_keys_.prepare(db_));
    CHECK(positions_.prepare(db_));
    CHECK(code_rules_.prepare(db_));
    CHECK(openings_.prepare(db_));
    CHECK(operators_.prepare(db_));
    CHECK(payments_.prepare(db_));
    TRY(add_minute,
        db_.prepare("INSERT INTO minute_statistics (partition, minute, payments, declined, refunds,"
                    " paid_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                    " ON CONFLICT (partition, minute) DO UPDATE SET"
                    " payments = minute_statistics.payments + excluded.payments,"
                    " declined = minute_statistics.declined + excluded.declined,"
                    " refunds = minute_statistics.refunds + excluded.refunds,"
                    " paid_minor = minute_statistics.paid_minor + excluded.paid_minor"));
    TRY(add_count, db_.prepare("INSERT INTO record_count (partition, table_name, records)"
                               " VALUES (?1, ?2, ?3) ON CONFLICT (partition, table_name) DO UPDATE"
                               " SET records = record_count.records + excluded.records"));
    TRY(move_cursor,
        db_.prepare("UPDATE cursor SET last_sequence = ?1, now_ms = ?2, records_digest_high = ?3,"
                    " records_digest_low = ?4 WHERE partition = ?5 AND last_sequence = ?6"));
    TRY(payment_minor,
        db_.prepare("SELECT minor FROM payment WHERE shard = ?1 AND payment_id = ?2"));
    TRY(order_payer,
        db_.prepare("SELECT payer_id FROM customer_order WHERE shard = ?1 AND order_id = ?2"));
    TRY(insert_payer_refund,
        db_.prepare("INSERT INTO payer_refund (shard, payer_id, refund_id) VALUES (?1, ?2, ?3)"));
    add_minute_ = std::move(add_minute);
    add_count_ = std::move(add_count);
    move_cursor_ = std::move(move_cursor);
    payment_minor_ = std::move(payment_minor);
    order_payer_ = std::move(order_payer);
    insert_payer_refund_ = std::move(insert_payer_refund);
    return {};
}

Result<void> TablesWriter::check_follows(std::span<const engine::ReadEntry> entries) const {
    Sequence expected = cursor_.last;
    for (const engine::ReadEntry& entry : entries) {
        ++expected.value;
        if (entry.sequence == expected) continue;
        return fail(Error::store_failed,
                    fmt::format("the tables stand at entry {} and were given entry {}",
                                expected.value - 1, entry.sequence.value));
    }
    return {};
}

Result<void> TablesWriter::store(std::span<const engine::ReadEntry> entries) {
    CHECK(check_follows(entries));
    if (entries.empty()) return {};
    TRY(transaction, db_.begin());
    for (const engine::ReadEntry& entry : entries) {
        ledger_.note(entry);
        note(entry.entry);
    }
    CHECK(write(entries.back()));
    if (transaction.commit() != Outcome::committed) return refuse(Error::store_failed);
    return {};
}

void TablesWriter::note(const engine::Entry& entry) {
    for (const auto& image : entry.wallet.users) users_.note(image);
    for (const auto& image : entry.wallet.sources) sources_.note(image);
    for (const auto& image : entry.wallet.top_ups) top_ups_.note(image);
    for (const auto& image : entry.wallet.payer_codes) payer_codes_.note(image);
    for (const auto& image : entry.acquiring.merchants) merchants_.note(image);
    for (const auto& image : entry.acquiring.merchant_keys) merchant_keys_.note(image);
    for (const auto& image : entry.acquiring.platform_keys) platform_keys_.note(image);
    for (const auto& image : entry.acquiring.orders) orders_.note(image);
    for (const auto& image : entry.acquiring.refunds) refunds_.note(image);
    for (const auto& image : entry.switching.participants) participants_.note(image);
    for (const auto& image : entry.switching.participant_keys) participant_keys_.note(image);
    for (const auto& image : entry.switching.positions) positions_.note(image);
    for (const auto& image : entry.switching.code_rules) code_rules_.note(image);
    for (const auto& image : entry.switching.openings) openings_.note(image);
    for (const auto& image : entry.switching.operators) operators_.note(image);
    for (const auto& image : entry.switching.payments) payments_.note(image);
}

Result<void> TablesWriter::write(const engine::ReadEntry& last) {
    Hash128 digest = records_digest_;
    CHECK(ledger_.flush());
    CHECK(write_records(digest));
    CHECK(write_statistics());
    CHECK(write_counts());
    return move_cursor(last, digest);
}

Result<void> TablesWriter::write_records(Hash128& digest) {
    CHECK(participants_.flush(digest));
    CHECK(participant_keys_.flush(digest));
    CHECK(positions_.flush(digest));
    CHECK(code_rules_.flush(digest));
    CHECK(openings_.flush(digest));
    CHECK(operators_.flush(digest));
    CHECK(merchants_.flush(digest));
    CHECK(merchant_keys_.flush(digest));
    CHECK(platform_keys_.flush(digest));
    const auto created = [this](std::string_view table) {
        return [this, table](const auto& change, const auto*) -> Result<void> {
            if (change.terms != nullptr) ++created_[table];
            return {};
        };
    };
    CHECK(users_.flush(digest, created(table_of<wallet::User>.name)));
    CHECK(sources_.flush(digest));
    CHECK(top_ups_.flush(digest));
    CHECK(payer_codes_.flush(digest));
    // Before the refunds, which look up their order's payer.
    CHECK(orders_.flush(digest, created(table_of<acquiring::Order>.name)));
    const auto counted = [this](const auto& change, const auto* before) {
        return count(change, before);
    };
    CHECK(payments_.flush(digest, counted));
    return refunds_.flush(digest, counted);
}

// The statistics are a sum over the records as they are: a change takes the old share away and adds
// the new one. So it makes no difference how many changes one transaction folds together.
Result<void> TablesWriter::count(const RecordWriter<switching::Payment>::Change& change,
                                 const switching::PaymentState* before) {
    const switching::PaymentState& after = *change.state;
    const bool same =
        before != nullptr && before->status == after.status && before->ended_at == after.ended_at;
    if (same) return {};
    TRY(minor, amount_of(change));
    if (before != nullptr) add_share(*before, minor, -1);
    add_share(after, minor, 1);
    return {};
}

void TablesWriter::add_share(const switching::PaymentState& state, std::int64_t minor, int sign) {
    using switching::PaymentStatus;
    if (state.status == PaymentStatus::declined) {
        minutes_[minute_of(state.ended_at).ms].declined += sign;
    } else if (state.status == PaymentStatus::completed) {
        engine::MinuteStatistics& minute = minutes_[minute_of(state.ended_at).ms];
        minute.payments += sign;
        minute.paid_minor += sign * minor;
    }
}

Result<std::int64_t> TablesWriter::amount_of(
    const RecordWriter<switching::Payment>::Change& change) {
    if (change.terms != nullptr) return change.terms->minor;
    Rows rows = payment_minor_.query(change.id.shard().value, change.id.value);
    TRY(found, rows.next());
    if (!found) return fail(Error::store_failed, "a payment that was there is gone");
    return rows.integer(0);
}

Result<void> TablesWriter::count(const RecordWriter<acquiring::Refund>::Change& change,
                                 const acquiring::RefundState* before) {
    if (change.terms != nullptr) CHECK(link_payer(*change.terms));
    const auto add = [this](const acquiring::RefundState& state, int sign) {
        if (state.status != acquiring::RefundStatus::success) return;
        minutes_[minute_of(state.ended_at).ms].refunds += sign;
    };
    if (before != nullptr) add(*before, -1);
    add(*change.state, 1);
    return {};
}

// A refund lies in its merchant's shard; the payer's shard gets a row of its own that leads to it.
Result<void> TablesWriter::link_payer(const acquiring::RefundTerms& refund) {
    Rows rows = order_payer_.query(refund.order.shard().value, refund.order.value);
    TRY(found, rows.next());
    if (!found) {
        return fail(Error::store_failed, fmt::format("refund {} is of order {}, which is not there",
                                                     refund.id.value, refund.order.value));
    }
    const UserId payer{rows.number(0)};
    CHECK(insert_payer_refund_.run(payer.shard().value, payer.value, refund.id.value));
    return {};
}

Result<void> TablesWriter::write_statistics() {
    for (const auto& [ms, minute] : minutes_) {
        CHECK(add_minute_.run(partition_, ms, minute.payments, minute.declined, minute.refunds,
                              minute.paid_minor));
    }
    minutes_.clear();
    return {};
}

Result<void> TablesWriter::write_counts() {
    for (const auto& [table, records] : created_) CHECK(add_count_.run(partition_, table, records));
    created_.clear();
    return {};
}

Result<void> TablesWriter::move_cursor(const engine::ReadEntry& last, Hash128 digest) {
    TRY(moved, move_cursor_.run(last.sequence.value, last.now.ms, digest.high, digest.low,
                                partition_, cursor_.last.value));
    if (moved != 1) {
        return fail(Error::store_failed, "another process has moved the tables' cursor");
    }
    cursor_ = {last.sequence, last.now};
    records_digest_ = digest;
    return {};
}

}  // namespace huitong::store::sqlite
