// Online backup of a data directory, beside its owner, and restore.
//
// Order: the tables first, then the journal, so that the copy's journal reaches at least as far as
// its tables; then the keys and STORE, which comes last and makes the copy a data directory. Each
// file is copied from one snapshot; the owner's commits go on, and its WAL grows until the file
// they go to is done. Copies are checked page by page (PRAGMA integrity_check) before success is
// told. `huitong audit` on the copy proves the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "store/sqlite/data_directory.hpp"

namespace huitong::store::sqlite {

struct BackupProgress {
    std::string file;
    std::uint64_t pages_done = 0;
    std::uint64_t pages_total = 0;
};

// Return false to stop: the backup then fails with shutting_down.
using BackupObserver = std::function<bool(const BackupProgress&)>;

// `to` must not exist, or be empty. On failure it is left without STORE, so nothing can start on
// it.
Result<void> back_up(const DataDirectory& from, const std::filesystem::path& to,
                     const BackupObserver& observe = {}, const std::string& vfs = {});

// Copies a backup to a new data directory, under the same id and the next generation. The backup is
// not changed. `to` must not exist, or be empty.
Result<StoreIdentity> restore(const std::filesystem::path& backup, const std::filesystem::path& to,
                              const BackupObserver& observe = {}, const std::string& vfs = {});

}  // namespace huitong::store::sqlite
