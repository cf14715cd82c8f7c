#include "store/sqlite/vault.hpp"

#include <utility>

namespace huitong::store::sqlite {
namespace {

constexpr const char* vault_schema = R"sql(
CREATE TABLE IF NOT EXISTS subject_key(
    subject INTEGER PRIMARY KEY,
    wrapped BLOB,
    erased INTEGER NOT NULL DEFAULT 0 CHECK ((erased = 0) = (wrapped IS NOT NULL))
) STRICT;
)sql";

}  // namespace

Vault::Vault(Database db, Statement insert, Statement select, Statement update)
    : db_(std::move(db)),
      insert_(std::move(insert)),
      select_(std::move(select)),
      erase_(std::move(update)) {}

Vault::Vault(Vault&& other) noexcept
    : db_(std::move(other.db_)),
      insert_(std::move(other.insert_)),
      select_(std::move(other.select_)),
      erase_(std::move(other.erase_)) {}

Result<Vault> Vault::open(const std::filesystem::path& path, const std::string& vfs) {
    TRY(db, Database::open(path, {.vfs = vfs, .secure_delete = true}));
    {
        TRY(tx, db.begin());
        CHECK(db.execute(vault_schema));
        if (tx.commit() != Outcome::committed) return refuse(Error::store_failed);
    }
    TRY(insert, db.prepare("INSERT INTO subject_key(subject, wrapped) VALUES (?1, ?2)"));
    TRY(select, db.prepare("SELECT wrapped, erased FROM subject_key WHERE subject = ?1"));
    TRY(erase, db.prepare("UPDATE subject_key SET wrapped = NULL, erased = 1 WHERE subject = ?1"));
    return Vault(std::move(db), std::move(insert), std::move(select), std::move(erase));
}

Result<void> Vault::put(std::uint64_t subject, std::string_view wrapped) {
    const std::lock_guard lock(mutex_);
    TRY(tx, db_.begin());
    const auto old = find(subject);
    if (old && *old != wrapped) return refuse(Error::id_taken);
    if (old) return {};
    if (old.error() != Error::subject_key_missing) return refuse(old.error());
    CHECK(insert_.run(subject, Blob{wrapped}));
    if (tx.commit() != Outcome::committed) return refuse(Error::store_failed);
    return {};
}

Result<std::string> Vault::get(std::uint64_t subject) {
    const std::lock_guard lock(mutex_);
    return find(subject);
}

Result<std::string> Vault::find(std::uint64_t subject) {
    auto rows = select_.query(subject);
    TRY(found, rows.next());
    if (!found) return refuse(Error::subject_key_missing);
    if (rows.integer(1) != 0) return refuse(Error::subject_key_erased);
    return std::string(rows.blob(0));
}

Result<void> Vault::erase(std::uint64_t subject) {
    const std::lock_guard lock(mutex_);
    {
        TRY(tx, db_.begin());
        TRY(changed, erase_.run(subject));
        if (changed == 0) return refuse(Error::subject_key_missing);
        if (tx.commit() != Outcome::committed) return refuse(Error::store_failed);
    }
    // The WAL still holds older images of the page, with the key in them.
    return db_.wipe_wal();
}

}  // namespace huitong::store::sqlite
