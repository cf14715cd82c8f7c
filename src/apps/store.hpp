// One data directory opened for serving: the lock, the journal, the tables and the vault, on
// embedded storage.
#pragma once

#include <filesystem>
#include <memory>

#include "store/sqlite/data_directory.hpp"
#include "store/sqlite/journal.hpp"
#include "store/sqlite/tables/tables.hpp"
#include "store/sqlite/vault.hpp"

namespace huitong::apps {

struct Store {
    store::sqlite::DataDirectory directory;
    std::unique_ptr<store::sqlite::SqliteJournal> journal;
    std::unique_ptr<store::sqlite::SqliteTables> tables;

    // Becomes the directory's owner; makes it when there is none. Errors as DataDirectory::own and
    // SqliteTables::open.
    static Result<Store> open(const std::filesystem::path& root);
};

// Where the parts of a directory lie, for tools that look at it too.
store::sqlite::JournalOptions journal_options(const store::sqlite::DataDirectory& directory);
store::sqlite::TablesOptions tables_options(const store::sqlite::DataDirectory& directory);

// What failed, in one line for a person: the error's text and what the store said last.
std::string explain(Error error);

}  // namespace huitong::apps
