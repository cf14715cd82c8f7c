// The data keys of persons, each wrapped under the master key by the caller (crypto/seal.hpp).
//
// They lie outside the journal, in keys.db: what the journal holds of a person is sealed under the
// person's key, so erasing the key erases the person, from the journal and from every later backup.
// A subject that was erased stays known as erased and never gets a key again.
//
// Any thread. Every change is durable when it returns. A failed change may or may not be there, and
// may be repeated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite/database.hpp"

namespace huitong::store::sqlite {

class Vault {
public:
    static Result<Vault> open(const std::filesystem::path& path, const std::string& vfs = {});
    Vault(Vault&& other) noexcept;

    // Refuses with id_taken if the subject has another key, with subject_key_erased if it had one.
    // The same key again is no error.
    Result<void> put(std::uint64_t subject, std::string_view wrapped);
    // Refuses with subject_key_missing or subject_key_erased.
    Result<std::string> get(std::uint64_t subject);
    // Overwrites the key in the file and in its WAL. Erasing twice is no error; a subject without
    // a key is refused with subject_key_missing.
    Result<void> erase(std::uint64_t subject);

private:
    Vault(Database db, Statement insert, Statement select, Statement update);
    Result<std::string> find(std::uint64_t subject);

    std::mutex mutex_;  // of everything below
    Database db_;
    Statement insert_;
    Statement select_;
    Statement erase_;
};

}  // namespace huitong::store::sqlite
