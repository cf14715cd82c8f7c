// What start-up and audits read: whole tables, in the order of their keys.
#include "engine/record_digest.hpp"
#include "engine/state.hpp"
#include "store/sqlite/tables/reader.hpp"

namespace huitong::store::sqlite {
namespace {

constexpr const char* select_accounts =
    "SELECT account_id, owner_id, kind, currency, balance, held FROM account"
    " ORDER BY shard, account_id";

ledger::Account read_account(const Rows& rows) {
    return {.id = {rows.number(0)},
            .owner = rows.number(1),
            .balance = rows.integer(4),
            .held = rows.integer(5),
            .kind = static_cast<ledger::AccountKind>(rows.integer(2)),
            .currency = {static_cast<std::uint16_t>(rows.integer(3))}};
}

}  // namespace

Result<void> TablesReader::load(engine::State& state) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    CHECK(load_accounts(state));
    CHECK(load_totals(state));
    CHECK(load_registry<acquiring::Merchant>(state.acquiring.merchants));
    CHECK(load_registry<acquiring::MerchantKey>(state.acquiring.merchant_keys));
    CHECK(load_registry<acquiring::PlatformKey>(state.acquiring.platform_keys));
    CHECK(load_registry<switching::Participant>(state.switching.participants));
    CHECK(load_registry<switching::ParticipantKey>(state.switching.participant_keys));
    CHECK(load_registry<switching::Position>(state.switching.positions));
    CHECK(load_registry<switching::CodeRule>(state.switching.code_rules));
    CHECK(load_registry<switching::Opening>(state.switching.openings));
    CHECK(load_registry<switching::Operator>(state.switching.operators));
    CHECK(load_keys<wallet::User>(state.wallet.users));
    CHECK(load_keys<wallet::FundingSource>(state.wallet.sources));
    CHECK(load_keys<wallet::TopUp>(state.wallet.top_ups));
    CHECK(load_keys<wallet::PayerCode>(state.wallet.payer_codes));
    CHECK(load_keys<acquiring::Order>(state.acquiring.orders));
    CHECK(load_keys<acquiring::Refund>(state.acquiring.refunds));
    CHECK(load_keys<switching::Payment>(state.switching.payments));
    CHECK(load_unfinished(state));
    return load_digest(state);
}

Result<void> TablesReader::load_accounts(engine::State& state) {
    TRY(select, statement(select_accounts));
    Rows rows = select->query();
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        state.book.load(read_account(rows));
    }
}

// INDEXED BY: the partial index holds the unfinished payments only.
Result<void> TablesReader::load_unfinished(engine::State& state) {
    TRY(select, statement(RecordSql<switching::Payment>().select(
                    "INDEXED BY payment_unfinished"
                    " WHERE status IN (2, 3, 5) OR commit_owed <> 0 ORDER BY payment_id")));
    Rows rows = select->query();
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        TRY(payment, read_record<switching::Payment>(rows));
        state.switching.payments.install(std::move(payment));
    }
}

Result<void> TablesReader::load_totals(engine::State& state) {
    TRY(select, statement("SELECT currency, debits, credits FROM total WHERE partition = ?1"));
    Rows rows = select->query(partition_);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        state.book.load_total({static_cast<std::uint16_t>(rows.integer(0))},
                              {.debits = rows.integer(1), .credits = rows.integer(2)});
    }
}

Result<void> TablesReader::load_digest(engine::State& state) {
    TRY(select, statement("SELECT records_digest_high, records_digest_low FROM cursor"
                          " WHERE partition = ?1"));
    Rows rows = select->query(partition_);
    TRY(found, rows.next());
    if (!found) return fail(Error::store_failed, "the tables have no cursor");
    state.records_digest = {rows.number(0), rows.number(1)};
    return {};
}

template <class Record, class Registry>
Result<void> TablesReader::load_registry(Registry& registry) {
    return each<Record>([&registry](Record record) { registry.load(std::move(record)); });
}

// The unique index of the key covers the query, so that no row of the table itself is read.
template <class Record, class Shelf>
Result<void> TablesReader::load_keys(Shelf& shelf) {
    constexpr RecordTable table = table_of<Record>;
    constexpr bool scoped = *table.scope != '\0';
    TRY(select,
        statement(fmt::format("SELECT {}, {} FROM {} ORDER BY {}{}", scoped ? table.scope : "0",
                              table.text, table.name,
                              scoped ? fmt::format("shard, {}, ", table.scope) : "", table.text)));
    NaturalKey key;
    Rows rows = select->query();
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        key.scope = rows.number(0);
        key.text = holds_bytes(table.text) ? rows.blob(1) : rows.text(1);
        shelf.remember(key);
    }
}

Result<Hash128> TablesReader::digest_of_accounts() {
    TRY(select, statement(select_accounts));
    Hash128 sum;
    Rows rows = select->query();
    for (;;) {
        TRY(more, rows.next());
        if (!more) return sum;
        sum = sum + ledger::Book::digest(read_account(rows));
    }
}

template <class Record>
Result<Hash128> TablesReader::digest_of_records() {
    Hash128 sum;
    CHECK(each<Record>([&sum](const Record& record) { sum = sum + engine::digest_of(record); }));
    return sum;
}

Result<Hash128> TablesReader::digest() {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    TRY(sum, digest_of_accounts());
    const auto add = [&sum](Result<Hash128> part) -> Result<void> {
        TRY(digest, part);
        sum = sum + digest;
        return {};
    };
    CHECK(add(digest_of_records<wallet::User>()));
    CHECK(add(digest_of_records<wallet::FundingSource>()));
    CHECK(add(digest_of_records<wallet::TopUp>()));
    CHECK(add(digest_of_records<wallet::PayerCode>()));
    CHECK(add(digest_of_records<acquiring::Merchant>()));
    CHECK(add(digest_of_records<acquiring::MerchantKey>()));
    CHECK(add(digest_of_records<acquiring::PlatformKey>()));
    CHECK(add(digest_of_records<acquiring::Order>()));
    CHECK(add(digest_of_records<acquiring::Refund>()));
    CHECK(add(digest_of_records<switching::Participant>()));
    CHECK(add(digest_of_records<switching::ParticipantKey>()));
    CHECK(add(digest_of_records<switching::Position>()));
    CHECK(add(digest_of_records<switching::CodeRule>()));
    CHECK(add(digest_of_records<switching::Opening>()));
    CHECK(add(digest_of_records<switching::Operator>()));
    CHECK(add(digest_of_records<switching::Payment>()));
    return sum;
}

}  // namespace huitong::store::sqlite
