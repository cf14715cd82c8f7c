#include "store/sqlite/database.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"

namespace huitong::store::sqlite {
namespace {

// SQLite's own VFS silently takes no more than 128 KiB in one call.
constexpr std::int64_t wal_chunk_bytes = 64 << 10;

// What SQLite says of its last error, with the file it concerns.
std::string words(sqlite3* db) {
    const char* const file = sqlite3_db_filename(db, "main");
    return fmt::format("{}: {} ({})", file == nullptr ? "" : file, sqlite3_errmsg(db),
                       sqlite3_extended_errcode(db));
}

std::unexpected<Error> failed(sqlite3* db) {
    return fail(Error::store_failed, words(db));
}

std::unexpected<Error> failed_code(int code, std::string_view what) {
    return fail(Error::store_failed, fmt::format("{}: {} ({})", what, sqlite3_errstr(code), code));
}

Result<void> sync_wal(sqlite3_file* file) {
    const int code = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
    if (code != SQLITE_OK) return failed_code(code, "syncing the WAL");
    return {};
}

// From `at` up to `end`.
Result<void> write_zeros(sqlite3_file* file, std::int64_t at, std::int64_t end) {
    const std::string zeros(wal_chunk_bytes, '\0');
    while (at < end) {
        const int count = static_cast<int>(std::min(end - at, wal_chunk_bytes));
        const int code = file->pMethods->xWrite(file, zeros.data(), count, at);
        if (code != SQLITE_OK) return failed_code(code, "writing zeros to the WAL");
        at += count;
    }
    return {};
}

// What SQLite does by itself after a commit, but it keeps a failure to itself.
int copy_wal_past(void* pages_max, sqlite3* db, const char* name, int pages) {
    if (pages < static_cast<int>(reinterpret_cast<std::intptr_t>(pages_max))) return SQLITE_OK;
    const int code =
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return (code & 0xff) == SQLITE_BUSY ? SQLITE_OK : code;
}

}  // namespace

Rows::~Rows() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

Result<bool> Rows::next() {
    if (code_ != SQLITE_OK) return failed_code(code_, "bind");
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failed(sqlite3_db_handle(statement_));
}

bool Rows::null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::uint64_t Rows::number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

std::string_view Rows::text(int column) const {
    const auto* const bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{bytes, static_cast<std::size_t>(size)};
}

std::string_view Rows::blob(int column) const {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string_view{}
                            : std::string_view{bytes, static_cast<std::size_t>(size)};
}

int Statement::bind_integer(int index, std::int64_t value) {
    return sqlite3_bind_int64(handle_.get(), index, value);
}

// An empty view may have a null pointer, which SQLite would take for NULL.
int Statement::bind(int index, std::string_view text) {
    const char* const bytes = text.data() == nullptr ? "" : text.data();
    return sqlite3_bind_text64(handle_.get(), index, bytes, text.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
}

int Statement::bind(int index, Blob blob) {
    const char* const bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
    return sqlite3_bind_blob64(handle_.get(), index, bytes, blob.bytes.size(), SQLITE_STATIC);
}

int Statement::bind(int index, std::nullptr_t) {
    return sqlite3_bind_null(handle_.get(), index);
}

Result<std::int64_t> Statement::run_bound(int bind_code) {
    Rows rows(handle_.get(), bind_code);
    for (;;) {
        TRY(more, rows.next());
        if (!more) break;
    }
    return sqlite3_changes64(sqlite3_db_handle(handle_.get()));
}

Outcome Transaction::commit() {
    ENSURE(db_ != nullptr);
    sqlite3* const db = db_;
    const int code = sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
        db_ = nullptr;
        return Outcome::committed;
    }
    note_failure(words(db_));
    rollback();
    const int primary = code & 0xff;
    if (primary == SQLITE_FULL || primary == SQLITE_BUSY) return Outcome::aborted;
    // What we see in the WAL need not be on the disk (rewrite_wal), so it must not be copied.
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return Outcome::unknown;
}

// Some errors make SQLite roll back by itself; a rollback that fails leaves the connection in an
// error state of its own, from which only closing leads out, and nothing was committed all the
// same.
void Transaction::rollback() {
    if (db_ == nullptr) return;
    if (sqlite3_get_autocommit(db_) == 0) {
        sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    db_ = nullptr;
}

// A failure here is a statement or a backup that outlives its connection: our bug.
void Database::Close::operator()(sqlite3* db) const {
    ENSURE(sqlite3_close(db) == SQLITE_OK);
}

Result<Database> Database::open(const std::filesystem::path& path, const DatabaseOptions& options) {
    const int mode =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                        options.vfs.empty() ? nullptr : options.vfs.c_str());
    Database db(raw);
    if (raw == nullptr) return failed_code(code, path.string());
    if (code != SQLITE_OK) {
        return fail(Error::store_failed,
                    fmt::format("{}: {} ({})", path.string(), sqlite3_errmsg(raw), code));
    }
    CHECK(db.configure(options));
    return db;
}

Result<void> Database::configure(const DatabaseOptions& options) {
    sqlite3* const db = handle_.get();
    sqlite3_busy_timeout(db, options.busy_timeout_ms);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // Until the WAL is settled nothing may be copied, not even by closing.
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    CHECK(
        execute(fmt::format("PRAGMA cache_size=-{}; PRAGMA temp_store=MEMORY; "
                            "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON",
                            options.cache_kib)));
    if (options.read_only) return {};
    CHECK(execute(fmt::format("PRAGMA page_size={}; PRAGMA secure_delete={}", options.page_bytes,
                              options.secure_delete ? "ON" : "OFF")));
    CHECK(enter_wal_mode());
    CHECK(execute(fmt::format("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={}",
                              options.autocheckpoint_pages)));
    if (options.checkpoint_must_succeed) {
        const std::intptr_t pages_max = options.autocheckpoint_pages;
        sqlite3_wal_hook(db, copy_wal_past, reinterpret_cast<void*>(pages_max));
    }
    if (options.settle) CHECK(settle());
    const int keep_wal = options.checkpoint_on_close ? 0 : 1;
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep_wal, nullptr);
    return {};
}

Result<void> Database::enter_wal_mode() {
    TRY(mode, prepare("PRAGMA journal_mode=WAL"));
    auto rows = mode.query();
    TRY(answered, rows.next());
    if (!answered || rows.text(0) != "wal") {
        return fail(Error::store_failed, "the file system cannot hold a WAL database");
    }
    // The answer comes before the change is committed, which happens at the statement's end.
    CHECK(rows.next());
    return {};
}

Result<void> Database::settle() {
    TRY(lock, begin());
    CHECK(rewrite_wal());
    lock.rollback();
    return {};
}

Result<void> Database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        return failed(handle_.get());
    }
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return failed(handle_.get());
    return Statement(statement);
}

Result<std::int64_t> Database::query_integer(std::string_view sql) {
    TRY(statement, prepare(sql));
    auto rows = statement.query();
    TRY(found, rows.next());
    if (!found) return fail(Error::store_failed, fmt::format("no row: {}", sql));
    return rows.integer(0);
}

Result<Transaction> Database::begin() {
    CHECK(execute("BEGIN IMMEDIATE"));
    return Transaction(handle_.get());
}

Result<void> Database::checkpoint(Checkpoint mode) {
    int frames = 0;
    int copied = 0;
    int how = SQLITE_CHECKPOINT_FULL;
    if (mode == Checkpoint::restart) how = SQLITE_CHECKPOINT_RESTART;
    if (mode == Checkpoint::truncate) how = SQLITE_CHECKPOINT_TRUNCATE;
    const int code = sqlite3_wal_checkpoint_v2(handle_.get(), "main", how, &frames, &copied);
    if (code != SQLITE_OK) return failed(handle_.get());
    if (frames != copied) return fail(Error::store_failed, "the WAL could not be copied whole");
    return {};
}

Result<sqlite3_file*> Database::wal_file() {
    ENSURE(sqlite3_get_autocommit(handle_.get()) == 0);
    sqlite3_file* file = nullptr;
    const int code =
        sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code != SQLITE_OK) return failed_code(code, "WAL");
    if (file == nullptr || file->pMethods == nullptr) {
        return fail(Error::store_failed, "the database has no WAL");
    }
    return file;
}

Result<std::int64_t> Database::wal_size(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    const int code = file->pMethods->xFileSize(file, &size);
    if (code != SQLITE_OK) return failed_code(code, "size of the WAL");
    return size;
}

Result<void> Database::rewrite_wal() {
    TRY(file, wal_file());
    TRY(size, wal_size(file));
    std::string chunk(wal_chunk_bytes, '\0');
    for (std::int64_t at = 0; at < size; at += wal_chunk_bytes) {
        const int count = static_cast<int>(std::min(size - at, wal_chunk_bytes));
        int code = file->pMethods->xRead(file, chunk.data(), count, at);
        if (code != SQLITE_OK) return failed_code(code, "reading the WAL");
        code = file->pMethods->xWrite(file, chunk.data(), count, at);
        if (code != SQLITE_OK) return failed_code(code, "rewriting the WAL");
    }
    return sync_wal(file);
}

Result<void> Database::extend_wal(std::int64_t bytes) {
    TRY(file, wal_file());
    TRY(size, wal_size(file));
    if (size >= bytes) return {};
    CHECK(write_zeros(file, size, bytes));
    return sync_wal(file);
}

// The frames are in the database file, so a WAL without a header is as good as one with them. The
// zeros are synced before the cut: the blocks go back to the file system without the content.
Result<void> Database::wipe_wal() {
    // Readers that come after this use the database file alone, so nobody sees the zeros.
    CHECK(checkpoint(Checkpoint::restart));
    {
        TRY(lock, begin());
        TRY(file, wal_file());
        TRY(size, wal_size(file));
        CHECK(write_zeros(file, 0, size));
        CHECK(sync_wal(file));
        lock.rollback();
    }
    return checkpoint(Checkpoint::truncate);
}

Result<void> remove_database(const std::filesystem::path& path, const std::string& vfs_name) {
    sqlite3_vfs* const vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
    ENSURE(vfs != nullptr);
    // The file last: without it nobody takes the WAL for anything.
    for (const char* const suffix : {"-shm", "-wal", ""}) {
        const std::string name = path.string() + suffix;
        const int code = vfs->xDelete(vfs, name.c_str(), 1);
        if (code != SQLITE_OK && code != SQLITE_IOERR_DELETE_NOENT) return failed_code(code, name);
    }
    return {};
}

}  // namespace huitong::store::sqlite
