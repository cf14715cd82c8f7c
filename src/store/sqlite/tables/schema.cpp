#include "store/sqlite/tables/schema.hpp"

#include <fmt/format.h>

namespace huitong::store::sqlite {
namespace {

// Ids, money and times are BIGINT, closed sets SMALLINT (the numbers of journal.proto). Column
// order is that of the fields in describe(): terms, then state; what came later is behind them.
constexpr const char* registries = R"sql(
CREATE TABLE IF NOT EXISTS participant (
    shard SMALLINT NOT NULL,
    participant_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    account_institution SMALLINT NOT NULL,
    acquiring_institution SMALLINT NOT NULL,
    PRIMARY KEY (shard, participant_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS operator (
    shard SMALLINT NOT NULL,
    operator_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    password_record BLOB NOT NULL,
    password_failures BIGINT NOT NULL,
    password_locked_until BIGINT NOT NULL,
    must_change SMALLINT NOT NULL,
    session_epoch BIGINT NOT NULL,
    PRIMARY KEY (shard, operator_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS merchant (
    shard SMALLINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    mchid TEXT NOT NULL,
    institution_id BIGINT NOT NULL,
    unsettled_account_id BIGINT NOT NULL,
    available_account_id BIGINT NOT NULL,
    frozen_account_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    key_mode SMALLINT NOT NULL,
    name TEXT NOT NULL,
    appids TEXT NOT NULL,
    apiv3_key BLOB NOT NULL,
    notify_url TEXT NOT NULL,
    PRIMARY KEY (shard, merchant_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS merchant_key (
    shard SMALLINT NOT NULL,
    key_id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    serial TEXT NOT NULL,
    public_key_pem TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    revoked SMALLINT NOT NULL,
    PRIMARY KEY (shard, key_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS platform_key (
    shard SMALLINT NOT NULL,
    key_id BIGINT NOT NULL,
    serial TEXT NOT NULL,
    public_key_id TEXT NOT NULL,
    certificate_pem TEXT NOT NULL,
    public_key_pem TEXT NOT NULL,
    private_key BLOB NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    revoked SMALLINT NOT NULL,
    PRIMARY KEY (shard, key_id)
) WITHOUT ROWID;
)sql";

constexpr const char* wallet = R"sql(
CREATE TABLE IF NOT EXISTS account (
    shard SMALLINT NOT NULL,
    account_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    currency SMALLINT NOT NULL,
    balance BIGINT NOT NULL,
    held BIGINT NOT NULL,
    PRIMARY KEY (shard, account_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS wallet_user (
    shard SMALLINT NOT NULL,
    user_id BIGINT NOT NULL,
    login_key BLOB NOT NULL,
    personal BLOB NOT NULL,
    account_id BIGINT NOT NULL,
    institution_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    password_record BLOB NOT NULL,
    password_failures BIGINT NOT NULL,
    password_locked_until BIGINT NOT NULL,
    payment_password_record BLOB NOT NULL,
    payment_password_failures BIGINT NOT NULL,
    payment_password_locked_until BIGINT NOT NULL,
    session_epoch BIGINT NOT NULL,
    PRIMARY KEY (shard, user_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wallet_user_login ON wallet_user (login_key);

CREATE TABLE IF NOT EXISTS funding_source (
    shard SMALLINT NOT NULL,
    funding_source_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    bank_name TEXT NOT NULL,
    number_key BLOB NOT NULL,
    masked_number TEXT NOT NULL,
    number BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    unbound SMALLINT NOT NULL,
    PRIMARY KEY (shard, funding_source_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS funding_source_number
    ON funding_source (shard, user_id, number_key);

CREATE TABLE IF NOT EXISTS top_up (
    shard SMALLINT NOT NULL,
    top_up_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    funding_source_id BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    request_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    decline TEXT NOT NULL,
    PRIMARY KEY (shard, top_up_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS top_up_request ON top_up (shard, user_id, request_id);
)sql";

constexpr const char* payments = R"sql(
CREATE TABLE IF NOT EXISTS customer_order (
    shard SMALLINT NOT NULL,
    order_id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    out_trade_no TEXT NOT NULL,
    trade_type SMALLINT NOT NULL,
    appid TEXT NOT NULL,
    description TEXT NOT NULL,
    attach TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    payer_openid TEXT NOT NULL,
    minor BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    extras TEXT NOT NULL,
    content_digest BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    code_expires_at BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    payer_id BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    refund_count BIGINT NOT NULL,
    PRIMARY KEY (shard, order_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS customer_order_number
    ON customer_order (shard, merchant_id, out_trade_no);
CREATE INDEX IF NOT EXISTS customer_order_merchant
    ON customer_order (shard, merchant_id, order_id);
CREATE INDEX IF NOT EXISTS customer_order_due
    ON customer_order (expires_at, order_id) WHERE status = 0;

CREATE TABLE IF NOT EXISTS payment (
    shard SMALLINT NOT NULL,
    payment_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    payer_id BIGINT NOT NULL,
    payer_account_id BIGINT NOT NULL,
    payee_account_id BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    request_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    ended_at BIGINT NOT NULL,
    decline TEXT NOT NULL,
    refunded_minor BIGINT NOT NULL,
    PRIMARY KEY (shard, payment_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS payment_request ON payment (shard, payer_id, request_id);
CREATE INDEX IF NOT EXISTS payment_unpaid ON payment (order_id, payment_id) WHERE status <> 0;

CREATE TABLE IF NOT EXISTS refund (
    shard SMALLINT NOT NULL,
    refund_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    out_refund_no TEXT NOT NULL,
    minor BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    funds SMALLINT NOT NULL,
    content_digest BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    ended_at BIGINT NOT NULL,
    decline TEXT NOT NULL,
    PRIMARY KEY (shard, refund_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS refund_number ON refund (shard, merchant_id, out_refund_no);
CREATE INDEX IF NOT EXISTS refund_order ON refund (shard, order_id, refund_id);

CREATE TABLE IF NOT EXISTS payer_refund (
    shard SMALLINT NOT NULL,
    payer_id BIGINT NOT NULL,
    refund_id BIGINT NOT NULL,
    PRIMARY KEY (shard, payer_id, refund_id)
) WITHOUT ROWID;
)sql";

constexpr const char* books = R"sql(
CREATE TABLE IF NOT EXISTS posting (
    partition SMALLINT NOT NULL,
    sequence BIGINT NOT NULL,
    line SMALLINT NOT NULL,
    posted_at BIGINT NOT NULL,
    debit_account_id BIGINT NOT NULL,
    credit_account_id BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    PRIMARY KEY (partition, sequence, line)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS account_posting (
    partition SMALLINT NOT NULL,
    block BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    line SMALLINT NOT NULL,
    PRIMARY KEY (partition, block, account_id, sequence, line)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS total (
    partition SMALLINT NOT NULL,
    currency SMALLINT NOT NULL,
    debits BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    PRIMARY KEY (partition, currency)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS minute_statistics (
    partition SMALLINT NOT NULL,
    minute BIGINT NOT NULL,
    payments BIGINT NOT NULL,
    declined BIGINT NOT NULL,
    refunds BIGINT NOT NULL,
    paid_minor BIGINT NOT NULL,
    PRIMARY KEY (partition, minute)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cursor (
    partition SMALLINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    now_ms BIGINT NOT NULL,
    records_digest_high BIGINT NOT NULL,
    records_digest_low BIGINT NOT NULL,
    store_id TEXT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (partition)
) WITHOUT ROWID;
)sql";

// Counting the rows of a large table reads all of it, so the writer keeps their number. One
// partition had been when this was made, so all that was counted is of it.
constexpr const char* counts = R"sql(
CREATE TABLE IF NOT EXISTS record_count (
    partition SMALLINT NOT NULL,
    table_name TEXT NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (partition, table_name)
) WITHOUT ROWID;
INSERT INTO record_count (partition, table_name, records)
    SELECT partition, 'wallet_user', (SELECT count(*) FROM wallet_user) FROM cursor;
INSERT INTO record_count (partition, table_name, records)
    SELECT partition, 'customer_order', (SELECT count(*) FROM customer_order) FROM cursor;
)sql";

// Other institutions: their links, and payments with a side there. What there was before was asked
// for by its payer.
constexpr const char* links = R"sql(
ALTER TABLE participant ADD COLUMN status SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN protocol SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN is_switch SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN institution_code TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN channels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE participant ADD COLUMN dialect TEXT NOT NULL DEFAULT '';
ALTER TABLE participant ADD COLUMN master_key BLOB NOT NULL DEFAULT '';

CREATE TABLE IF NOT EXISTS participant_key (
    shard SMALLINT NOT NULL,
    key_id BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    serial TEXT NOT NULL,
    public_key_pem TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    revoked SMALLINT NOT NULL,
    PRIMARY KEY (shard, key_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS position (
    shard SMALLINT NOT NULL,
    account_id BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    currency SMALLINT NOT NULL,
    refunds_in_transit_account_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    cap_minor BIGINT NOT NULL,
    PRIMARY KEY (shard, account_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS code_rule (
    shard SMALLINT NOT NULL,
    code_rule_id BIGINT NOT NULL,
    form SMALLINT NOT NULL,
    pattern TEXT NOT NULL,
    length BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    withdrawn SMALLINT NOT NULL,
    PRIMARY KEY (shard, code_rule_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS opening (
    shard SMALLINT NOT NULL,
    opening_id BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    code_kind SMALLINT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    PRIMARY KEY (shard, opening_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS payer_code (
    shard SMALLINT NOT NULL,
    payer_code_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    digits TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_by_payment_id BIGINT NOT NULL,
    PRIMARY KEY (shard, payer_code_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS payer_code_digits ON payer_code (digits);

ALTER TABLE payment ADD COLUMN requester_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN kind SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN payer_link_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN payee_link_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN original_payment_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN refund_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN clearing_window BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN content_digest BLOB NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN accepted SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN commit_owed SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN peer_reference TEXT NOT NULL DEFAULT '';
UPDATE payment SET requester_id = payer_id;
DROP INDEX payment_request;
CREATE UNIQUE INDEX payment_request ON payment (shard, requester_id, request_id);
CREATE INDEX payment_of_payer ON payment (payer_id, payment_id)
    WHERE payer_id <> 0 AND payer_id <> requester_id;
CREATE INDEX payment_unfinished ON payment (payment_id)
    WHERE status IN (2, 3, 5) OR commit_owed <> 0;
)sql";

// National algorithms at the merchant door.
constexpr const char* families = R"sql(
ALTER TABLE merchant ADD COLUMN key_family SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE platform_key ADD COLUMN key_family SMALLINT NOT NULL DEFAULT 0;
)sql";

constexpr Migration all[] = {
    {1, registries},
    {2, wallet    },
    {3, payments  },
    {4, books     },
    {5, counts    },
    {6, links     },
    {7, families  },
};

Result<void> apply(Database& db, const Migration& migration) {
    TRY(transaction, db.begin());
    CHECK(db.execute(migration.sql));
    TRY(note, db.prepare("INSERT INTO schema_version (version) VALUES (?1)"));
    CHECK(note.run(migration.version));
    if (transaction.commit() != Outcome::committed) return refuse(Error::store_failed);
    return {};
}

Result<std::int64_t> version_of(Database& db) {
    TRY(version, db.query_integer("SELECT coalesce(max(version), 0) FROM schema_version"));
    if (version <= std::ssize(all)) return version;
    return fail(Error::store_format_unknown,
                fmt::format("the tables are of schema version {}, this program knows up to {}",
                            version, std::size(all)));
}

}  // namespace

std::span<const Migration> migrations() {
    return all;
}

Result<void> migrate(Database& db) {
    CHECK(
        db.execute("CREATE TABLE IF NOT EXISTS schema_version ("
                   "version BIGINT NOT NULL, PRIMARY KEY (version)) WITHOUT ROWID"));
    TRY(version, version_of(db));
    for (const Migration& migration : all) {
        if (migration.version > version) CHECK(apply(db, migration));
    }
    return {};
}

Result<void> check_schema(Database& db) {
    TRY(version, version_of(db));
    if (version == std::ssize(all)) return {};
    return fail(Error::store_failed,
                fmt::format("the tables are of schema version {}; the server makes it {} when it"
                            " starts",
                            version, std::size(all)));
}

}  // namespace huitong::store::sqlite
