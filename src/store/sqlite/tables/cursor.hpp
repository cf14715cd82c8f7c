// The row that says how far the tables have come, and whose they are.
#pragma once

#include "engine/tables.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/tables/options.hpp"

namespace huitong::store::sqlite {

struct CursorRow {
    engine::Cursor cursor;
    Hash128 records_digest;
};

// Fails with store_mismatch when the tables are of another store or generation than the options.
Result<CursorRow> read_cursor(Database& db, const TablesOptions& options);

}  // namespace huitong::store::sqlite
