#include "store/sqlite/backup.hpp"

#include <fmt/format.h>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "store/sqlite/database.hpp"
#include "store/sqlite/journal_segment.hpp"
#include "store/sqlite/tables/tables.hpp"

namespace huitong::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int pages_per_step = 1024;
constexpr int busy_retries_max = 100;

struct FinishBackup {
    void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

class Copier {
public:
    Copier(const BackupObserver& observe, std::string vfs)
        : observe_(observe), vfs_(std::move(vfs)) {}

    Result<void> copy(const fs::path& from, const fs::path& to) {
        TRY(source, Database::open(from, {.read_only = true, .vfs = vfs_}));
        {
            TRY(target, Database::open(to, {.vfs = vfs_}));
            // An open snapshot keeps the steps on one state; else each commit of the owner would
            // start the copy anew.
            CHECK(source.execute("BEGIN; SELECT count(*) FROM sqlite_schema"));
            CHECK(step_through(source, target, from.filename().string()));
            CHECK(source.execute("COMMIT"));
        }
        return verify(to);
    }

private:
    Result<void> step_through(Database& source, Database& target, const std::string& name) {
        const std::unique_ptr<sqlite3_backup, FinishBackup> backup(
            sqlite3_backup_init(target.handle(), "main", source.handle(), "main"));
        if (!backup) return fail(Error::store_failed, sqlite3_errmsg(target.handle()));
        int busy = 0;
        for (;;) {
            const int code = sqlite3_backup_step(backup.get(), pages_per_step);
            const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
            const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
            if (observe_ && !observe_({name, total - left, total})) {
                return fail(Error::shutting_down, "the backup was stopped");
            }
            if (code == SQLITE_DONE) return {};
            if (code == SQLITE_BUSY && ++busy <= busy_retries_max) continue;
            if (code != SQLITE_OK) {
                return fail(Error::store_failed,
                            fmt::format("copying {}: {}", name, sqlite3_errstr(code)));
            }
        }
    }

    Result<void> verify(const fs::path& path) {
        TRY(copy, Database::open(path, {.vfs = vfs_}));
        TRY(check, copy.prepare("PRAGMA integrity_check(1)"));
        auto rows = check.query();
        TRY(found, rows.next());
        if (found && rows.text(0) == "ok") return {};
        return fail(Error::store_failed, fmt::format("{}: the copy is damaged: {}", path.string(),
                                                     found ? rows.text(0) : "no answer"));
    }

    const BackupObserver& observe_;
    const std::string vfs_;
};

Result<void> prepare_target(const fs::path& to) {
    std::error_code code;
    if (fs::create_directories(to, code)) fs::permissions(to, fs::perms::owner_all, code);
    if (code) return fail_errno(Error::store_failed, to.string(), code.value());
    const bool empty = fs::is_empty(to, code);
    if (code) return fail_errno(Error::store_failed, to.string(), code.value());
    if (!empty) return fail(Error::store_failed, to.string() + " is not empty");
    return {};
}

Result<bool> is_sealed(const fs::path& segment, const std::string& vfs) {
    TRY(db, Database::open(segment, {.read_only = true, .vfs = vfs}));
    TRY(sealed, db.query_integer("SELECT sealed FROM lease"));
    return sealed != 0;
}

// Up to the first segment that was not sealed when it was copied: a later one may exist by now, but
// the copy ends where this one does.
Result<void> copy_journal(Copier& copier, const fs::path& from, const fs::path& to,
                          const std::string& vfs) {
    TRY(numbers, list_segments(from));
    if (numbers.empty()) return {};
    for (std::uint64_t number = numbers.front();; ++number) {
        CHECK(copier.copy(segment_path(from, number), segment_path(to, number)));
        TRY(sealed, is_sealed(segment_path(to, number), vfs));
        if (!sealed) return {};
    }
}

Result<void> copy_all(const fs::path& from, const fs::path& to, const BackupObserver& observe,
                      const std::string& vfs) {
    Copier copier(observe, vfs);
    std::error_code ignored;
    if (fs::exists(from / "tables.db", ignored)) {
        CHECK(copier.copy(from / "tables.db", to / "tables.db"));
    }
    CHECK(copy_journal(copier, from, to, vfs));
    if (fs::exists(from / "keys.db", ignored)) {
        CHECK(copier.copy(from / "keys.db", to / "keys.db"));
    }
    return sync_directory(to);
}

}  // namespace

Result<void> back_up(const DataDirectory& from, const fs::path& to, const BackupObserver& observe,
                     const std::string& vfs) {
    CHECK(prepare_target(to));
    CHECK(copy_all(from.root(), to, observe, vfs));
    return write_identity(to, from.identity());
}

Result<StoreIdentity> restore(const fs::path& backup, const fs::path& to,
                              const BackupObserver& observe, const std::string& vfs) {
    TRY(identity, read_identity(backup));
    CHECK(prepare_target(to));
    CHECK(copy_all(backup, to, observe, vfs));
    identity.generation += 1;
    std::error_code ignored;
    if (fs::exists(to / "tables.db", ignored)) {
        CHECK(SqliteTables::adopt({.path = to / "tables.db",
                                   .store_id = identity.id,
                                   .generation = identity.generation,
                                   .vfs = vfs}));
    }
    CHECK(write_identity(to, identity));
    return identity;
}

}  // namespace huitong::store::sqlite
