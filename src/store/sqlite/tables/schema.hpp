// The relational schema of the tables, as numbered migrations. docs/formats/tables.md is its
// manual.
//
// The statements stay inside what PostgreSQL, Citus, YugabyteDB and CockroachDB understand as well,
// but for two words of SQLite: WITHOUT ROWID and BLOB. A migration that has been released is never
// changed; a new one is added behind it.
#pragma once

#include <span>

#include "store/sqlite/database.hpp"

namespace huitong::store::sqlite {

struct Migration {
    int version;  // ascending by one, from 1
    const char* sql;
};

std::span<const Migration> migrations();

// Brings the file to the newest version, a transaction for each migration. Fails with
// store_format_unknown when the file is of a newer version than this program knows.
Result<void> migrate(Database& db);
// For a file that may not be changed: it must be of the newest version already.
Result<void> check_schema(Database& db);

}  // namespace huitong::store::sqlite
