#include "store/sqlite/notices.hpp"

#include <utility>

namespace huitong::store::sqlite {
namespace {

using engine::Notice;
using engine::NoticeAttempt;
using engine::NoticeKey;
using engine::NoticeKind;
using engine::NoticeStatus;

constexpr std::int64_t took_unknown = -1;

// What was released is never changed; a new format is added behind.
constexpr const char* formats[] = {
    R"sql(
CREATE TABLE notice(
    record_id   INTEGER NOT NULL,  -- the order or refund that the notice tells of
    kind        INTEGER NOT NULL,  -- 0 paid; 1 refund success, 2 abnormal, 3 closed
    order_id    INTEGER NOT NULL,
    merchant_id INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,  -- ms since 1970, as all times here
    status      INTEGER NOT NULL,  -- 0 waiting, 1 delivered, 2 given up
    attempts    INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    PRIMARY KEY (record_id, kind)
) WITHOUT ROWID;
CREATE INDEX notice_waiting ON notice(merchant_id, due, record_id, kind) WHERE status = 0;
CREATE INDEX notice_order ON notice(order_id);
CREATE TABLE attempt(
    record_id   INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    http_status INTEGER NOT NULL,  -- 0: no answer
    error       TEXT NOT NULL,
    status      INTEGER NOT NULL,  -- of the notice after it, as is due
    due         INTEGER NOT NULL,
    PRIMARY KEY (record_id, kind, number)
) WITHOUT ROWID;
CREATE TABLE cursor(one INTEGER PRIMARY KEY CHECK (one = 1), last_sequence INTEGER NOT NULL);
INSERT INTO cursor VALUES (1, 0);
PRAGMA user_version = 1;
)sql",
    R"sql(
-- -1: nothing was sent, or it was not written down (before this format)
ALTER TABLE attempt ADD COLUMN duration_ms INTEGER NOT NULL DEFAULT -1;
PRAGMA user_version = 2;
)sql",
};

constexpr std::string_view notice_columns =
    "record_id, kind, order_id, merchant_id, created_at, status, attempts, due";

Result<void> prepare_schema(Database& db) {
    TRY(version, db.query_integer("PRAGMA user_version"));
    if (version < 0 || version > std::ssize(formats)) return refuse(Error::store_format_unknown);
    for (const char* format : std::span(formats).subspan(static_cast<std::size_t>(version))) {
        TRY(transaction, db.begin());
        CHECK(db.execute(format));
        if (transaction.commit() != Outcome::committed) return refuse(Error::store_failed);
    }
    return {};
}

Notice notice_of(const Rows& rows) {
    return {
        .key = {.kind = static_cast<NoticeKind>(rows.integer(1)), .record = rows.number(0)},
        .order = {rows.number(2)},
        .merchant = {rows.number(3)},
        .created_at = {rows.integer(4)},
        .status = static_cast<NoticeStatus>(rows.integer(5)),
        .attempts = static_cast<std::uint32_t>(rows.integer(6)),
        .due = {rows.integer(7)}
    };
}

Result<std::vector<Notice>> read_notices(Rows rows) {
    std::vector<Notice> found;
    for (;;) {
        TRY(more, rows.next());
        if (!more) return found;
        found.push_back(notice_of(rows));
    }
}

std::string select_notices(std::string_view rest) {
    return "SELECT " + std::string(notice_columns) + " FROM notice " + std::string(rest);
}

int as_number(NoticeKind kind) {
    return std::to_underlying(kind);
}
int as_number(NoticeStatus status) {
    return std::to_underlying(status);
}

}  // namespace

Result<std::unique_ptr<NoticeFile>> NoticeFile::open(const std::filesystem::path& path,
                                                     const std::string& vfs) {
    std::unique_ptr<NoticeFile> file(new NoticeFile(path, vfs));
    CHECK(file->connection());
    return file;
}

Result<NoticeFile::Connection*> NoticeFile::connection() {
    if (connection_ != nullptr) return connection_.get();
    TRY(db, Database::open(path_, {.vfs = vfs_}));
    CHECK(db.execute("PRAGMA synchronous = NORMAL"));
    CHECK(prepare_schema(db));
    TRY(insert, db.prepare("INSERT OR IGNORE INTO notice VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    TRY(move_cursor, db.prepare("UPDATE cursor SET last_sequence = max(last_sequence, ?1)"));
    TRY(earliest, db.prepare(select_notices("WHERE merchant_id = ?1 AND status = 0 "
                                            "ORDER BY due, record_id, kind LIMIT ?2")));
    TRY(add_attempt,
        db.prepare("INSERT OR REPLACE INTO attempt VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    TRY(update, db.prepare("UPDATE notice SET status = ?3, attempts = ?4, due = ?5 "
                           "WHERE record_id = ?1 AND kind = ?2"));
    connection_ = std::make_unique<Connection>(
        Connection{std::move(db), std::move(insert), std::move(move_cursor), std::move(earliest),
                   std::move(add_attempt), std::move(update)});
    return connection_.get();
}

Result<void> NoticeFile::commit(Transaction& transaction) {
    if (transaction.commit() == Outcome::committed) return {};
    transaction.rollback();
    connection_ = nullptr;
    return refuse(Error::store_failed);
}

Result<Sequence> NoticeFile::cursor() {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(last, c->db.query_integer("SELECT last_sequence FROM cursor"));
    return Sequence{static_cast<std::uint64_t>(last)};
}

Result<std::uint64_t> NoticeFile::insert(std::span<const Notice> notices, Sequence last) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(transaction, c->db.begin());
    std::uint64_t added = 0;
    for (const Notice& n : notices) {
        TRY(rows,
            c->insert.run(n.key.record, as_number(n.key.kind), n.order.value, n.merchant.value,
                          n.created_at.ms, as_number(n.status), n.attempts, n.due.ms));
        added += static_cast<std::uint64_t>(rows);
    }
    CHECK(c->move_cursor.run(last.value));
    CHECK(commit(transaction));
    return added;
}

Result<std::vector<engine::MerchantDue>> NoticeFile::merchants() {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select, c->db.prepare("SELECT merchant_id, min(due), count(*) FROM notice WHERE status = 0 "
                              "GROUP BY merchant_id"));
    Rows rows = select.query();
    std::vector<engine::MerchantDue> found;
    for (;;) {
        TRY(more, rows.next());
        if (!more) return found;
        found.push_back(
            {.merchant = {rows.number(0)}, .due = {rows.integer(1)}, .waiting = rows.number(2)});
    }
}

Result<std::vector<Notice>> NoticeFile::earliest(MerchantId merchant, std::uint32_t limit) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    return read_notices(c->earliest.query(merchant.value, limit));
}

Result<void> NoticeFile::record(std::span<const NoticeAttempt> attempts) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(transaction, c->db.begin());
    for (const NoticeAttempt& a : attempts) {
        const int kind = as_number(a.key.kind);
        const int status = as_number(a.status);
        CHECK(c->add_attempt.run(a.key.record, kind, a.number, a.at.ms, a.http_status,
                                 std::string_view{a.error}, status, a.due.ms,
                                 a.took ? a.took->ms : took_unknown));
        CHECK(c->update.run(a.key.record, kind, status, a.number, a.due.ms));
    }
    return commit(transaction);
}

Result<std::vector<Notice>> NoticeFile::of_order(OrderId order) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select,
        c->db.prepare(select_notices("WHERE order_id = ?1 ORDER BY created_at, record_id, kind")));
    return read_notices(select.query(order.value));
}

Result<std::vector<NoticeAttempt>> NoticeFile::attempts(NoticeKey key) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select, c->db.prepare("SELECT number, at, http_status, error, status, due, duration_ms "
                              "FROM attempt "
                              "WHERE record_id = ?1 AND kind = ?2 ORDER BY number"));
    Rows rows = select.query(key.record, as_number(key.kind));
    std::vector<NoticeAttempt> found;
    for (;;) {
        TRY(more, rows.next());
        if (!more) return found;
        std::optional<Duration> took;
        if (rows.integer(6) != took_unknown) took = Duration{rows.integer(6)};
        found.push_back({.key = key,
                         .number = static_cast<std::uint32_t>(rows.integer(0)),
                         .at = {rows.integer(1)},
                         .took = took,
                         .http_status = static_cast<std::uint16_t>(rows.integer(2)),
                         .error = std::string(rows.text(3)),
                         .status = static_cast<NoticeStatus>(rows.integer(4)),
                         .due = {rows.integer(5)}});
    }
}

Result<std::vector<Notice>> NoticeFile::resend(NoticeKey key, Instant now) {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select, c->db.prepare(select_notices("WHERE record_id = ?1 AND kind = ?2")));
    TRY(update, c->db.prepare("UPDATE notice SET status = 0, due = ?3 "
                              "WHERE record_id = ?1 AND kind = ?2"));
    TRY(transaction, c->db.begin());
    TRY(before, read_notices(select.query(key.record, as_number(key.kind))));
    CHECK(update.run(key.record, as_number(key.kind), now.ms));
    CHECK(commit(transaction));
    return before;
}

Result<engine::NoticeCounts> NoticeFile::counts() {
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select, c->db.prepare("SELECT status, count(*) FROM notice GROUP BY status"));
    Rows rows = select.query();
    engine::NoticeCounts counts;
    for (;;) {
        TRY(more, rows.next());
        if (!more) return counts;
        switch (static_cast<NoticeStatus>(rows.integer(0))) {
            case NoticeStatus::waiting:
                counts.waiting = rows.number(1);
                break;
            case NoticeStatus::delivered:
                counts.delivered = rows.number(1);
                break;
            case NoticeStatus::given_up:
                counts.given_up = rows.number(1);
                break;
        }
    }
}

Result<std::uint64_t> NoticeFile::prune(Instant before, std::uint32_t limit) {
    if (before.ms <= id_epoch_ms) return 0;
    // Ids begin with their time, so the oldest rows stand first.
    const auto first_id = static_cast<std::uint64_t>(before.ms - id_epoch_ms) << 22U;
    const std::lock_guard lock(mutex_);
    TRY(c, connection());
    TRY(select, c->db.prepare("SELECT record_id, kind FROM notice "
                              "WHERE record_id < ?1 AND status <> 0 LIMIT ?2"));
    std::vector<NoticeKey> old;
    {
        Rows rows = select.query(first_id, limit);
        for (;;) {
            TRY(more, rows.next());
            if (!more) break;
            old.push_back({static_cast<NoticeKind>(rows.integer(1)), rows.number(0)});
        }
    }
    if (old.empty()) return 0;
    TRY(transaction, c->db.begin());
    TRY(forget, c->db.prepare("DELETE FROM notice WHERE record_id = ?1 AND kind = ?2"));
    TRY(forget_attempts, c->db.prepare("DELETE FROM attempt WHERE record_id = ?1 AND kind = ?2"));
    for (const NoticeKey key : old) {
        CHECK(forget.run(key.record, as_number(key.kind)));
        CHECK(forget_attempts.run(key.record, as_number(key.kind)));
    }
    CHECK(commit(transaction));
    return old.size();
}

}  // namespace huitong::store::sqlite
