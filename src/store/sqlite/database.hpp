// SQLite, exactly: a connection, a prepared statement, a transaction. No SQL is hidden.
//
//     TRY(db, Database::open(path, {}));
//     TRY(insert, db.prepare("INSERT INTO pair(key, value) VALUES (?1, ?2)"));
//     TRY(tx, db.begin());
//     CHECK(insert.run(std::int64_t{1}, "one"));
//     if (tx.commit() != Outcome::committed) ...
//
//     auto rows = select.query(std::int64_t{1});
//     for (;;) {
//         TRY(more, rows.next());
//         if (!more) break;
//         use(rows.text(0));
//     }
//
// A connection and its statements belong to one thread at a time (SQLite's own mutexes are off).
// Every connection runs in WAL mode with synchronous=FULL: a commit is on the disk when it returns.
// A Statement must die before its Database. Failures are Error::store_failed; last_failure() has
// SQLite's words.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "engine/journal.hpp"
#include "store/sqlite/failure.hpp"

namespace huitong::store::sqlite {

using Outcome = engine::AppendOutcome;

// Bytes bound or read as a BLOB; text is bound as std::string_view.
struct Blob {
    std::string_view bytes;
};

struct DatabaseOptions {
    bool read_only = false;
    std::string vfs;        // empty: SQLite's own
    int page_bytes = 4096;  // of a new file
    int cache_kib = 2048;   // page cache of this connection
    int busy_timeout_ms = 5000;
    // Past this the commit itself copies the WAL into the file; larger values make rarer and longer
    // stalls (measured: 4 MiB costs 20 ms at most and no rate).
    int autocheckpoint_pages = 1000;
    // Whether a commit fails when the copying after it fails. Needed where commits do not sync
    // (synchronous=NORMAL): when the sync of the WAL before the copying fails, Linux counts pages
    // as clean that are lost, the next copying would sync nothing and copy them all the same, and a
    // power loss in its midst would leave some of a transaction's pages and not the others. The
    // connection must then be opened anew, which makes the WAL durable first.
    bool checkpoint_must_succeed = false;
    // Whether closing the last connection copies the WAL and deletes it. Never for readers.
    bool checkpoint_on_close = true;
    bool secure_delete = false;  // overwrite deleted content with zeros
    // Whether open() makes the WAL durable (rewrite_wal) before anything relies on it. Only for who
    // does so himself later is it false.
    bool settle = true;
};

// The rows of one running query; the statement is reset when this dies. Views are valid until the
// next next(). A statement that also writes (RETURNING) must be read until next() says false:
// outside a transaction it commits only then, and a reset hides that this failed.
class Rows {
public:
    Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Rows& operator=(Rows&&) = delete;
    ~Rows();

    // Whether there is a (further) row.
    [[nodiscard]] Result<bool> next();

    [[nodiscard]] bool null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    // A column that was bound from an unsigned value.
    [[nodiscard]] std::uint64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::string_view blob(int column) const;

private:
    friend class Statement;
    Rows(sqlite3_stmt* statement, int bind_code) : statement_(statement), code_(bind_code) {}
    sqlite3_stmt* statement_;
    int code_ = SQLITE_OK;
};

// A statement that is compiled once and run often. Parameters are bound by position: integers,
// std::string_view (text), Blob, nullptr. Views are not copied: they must live until run() returns
// or the Rows die.
class Statement {
public:
    Statement() = default;  // may only be assigned to

    // Binds, runs to the end, and returns how many rows it changed.
    template <class... Values>
    [[nodiscard]] Result<std::int64_t> run(const Values&... values) {
        const int code = bind_all(values...);
        return run_bound(code);
    }
    template <class... Values>
    [[nodiscard]] Rows query(const Values&... values) {
        const int code = bind_all(values...);
        return Rows(handle_.get(), code);
    }

    // For a caller that binds column by column, then calls run() or query() without values; returns
    // SQLite's code.
    template <class Value>
    [[nodiscard]] int bind_at(int index, const Value& value) {
        return bind(index, value);
    }

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    explicit Statement(sqlite3_stmt* statement) : handle_(statement) {}

    template <class... Values>
    int bind_all(const Values&... values) {
        int index = 0;
        int code = SQLITE_OK;
        ((code = code == SQLITE_OK ? bind(++index, values) : code), ...);
        return code;
    }
    int bind(int index, std::integral auto value) { return bind_integer(index, as_int64(value)); }
    int bind(int index, std::string_view text);
    int bind(int index, Blob blob);
    int bind(int index, std::nullptr_t);
    int bind_integer(int index, std::int64_t value);
    Result<std::int64_t> run_bound(int bind_code);

    template <std::integral T>
    static std::int64_t as_int64(T value) {
        return static_cast<std::int64_t>(value);
    }

    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// BEGIN IMMEDIATE: the write lock is held from the start, so nothing later can fail for being busy.
// Rolled back when it dies uncommitted.
class Transaction {
public:
    Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() { rollback(); }

    // The three outcomes of design section 1. A full disk is `aborted`: SQLite says so only when a
    // page of the WAL was not written whole, and the page that commits is the last one written.
    // Any other error of a COMMIT is `unknown`; the connection must then be closed, which leaves
    // the WAL as it is, and opened again, which settles it.
    [[nodiscard]] Outcome commit();
    void rollback();

private:
    friend class Database;
    explicit Transaction(sqlite3* db) : db_(db) {}
    sqlite3* db_;
};

class Database {
public:
    // Opens or (unless read_only) creates the file.
    static Result<Database> open(const std::filesystem::path& path, const DatabaseOptions& options);

    // One or more statements without parameters; rows are ignored.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    // The first column of the first row; store_failed if there is none.
    [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);
    [[nodiscard]] Result<Transaction> begin();

    // Copies everything in the WAL into the file and syncs it, else store_failed. `truncate` also
    // cuts the WAL file to nothing; `restart` waits until no reader uses the WAL.
    enum class Checkpoint : std::uint8_t { keep_wal, restart, truncate };
    [[nodiscard]] Result<void> checkpoint(Checkpoint mode);

    // The two below change the bytes of the WAL file directly, and need the write lock: call them
    // inside a Transaction.
    //
    // Writes the WAL's bytes onto themselves and syncs. After a failed fsync Linux may keep pages
    // in its cache as clean that never reached the disk: SQLite would read frames from the WAL
    // that a power loss takes away again. This makes what we see and what is durable the same.
    [[nodiscard]] Result<void> rewrite_wal();
    // Appends zeros up to `bytes`, so that commits overwrite blocks instead of growing a file
    // (measured: 2.5 times the commits of single payments). SQLite reads zeros as the WAL's end.
    [[nodiscard]] Result<void> extend_wal(std::int64_t bytes);

    // Copies the WAL, overwrites it with zeros and cuts it off, outside a transaction: for content
    // that must not survive in old pages.
    [[nodiscard]] Result<void> wipe_wal();

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    explicit Database(sqlite3* db) : handle_(db) {}
    Result<void> configure(const DatabaseOptions& options);
    Result<void> enter_wal_mode();
    Result<void> settle();
    Result<sqlite3_file*> wal_file();
    Result<std::int64_t> wal_size(sqlite3_file* file);

    std::unique_ptr<sqlite3, Close> handle_;
};

// Deletes a database file with its WAL; no connection may have it open. Durable when it returns.
Result<void> remove_database(const std::filesystem::path& path, const std::string& vfs);

}  // namespace huitong::store::sqlite
