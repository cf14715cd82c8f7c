#include "store/sqlite/tables/cursor.hpp"

#include <fmt/format.h>

namespace huitong::store::sqlite {

Result<CursorRow> read_cursor(Database& db, const TablesOptions& options) {
    TRY(select, db.prepare("SELECT last_sequence, now_ms, records_digest_high, records_digest_low,"
                           " store_id, generation FROM cursor WHERE partition = ?1"));
    Rows rows = select.query(options.partition);
    TRY(found, rows.next());
    if (!found) return fail(Error::store_failed, "the tables have no cursor");
    if (rows.text(4) != options.store_id || rows.number(5) != options.generation) {
        return fail(
            Error::store_mismatch,
            fmt::format("the tables are of store {}, generation {}; the data directory is"
                        " of store {}, generation {}",
                        rows.text(4), rows.number(5), options.store_id, options.generation));
    }
    return CursorRow{
        .cursor = {.last = {rows.number(0)}, .now = {rows.integer(1)}},
        .records_digest = {rows.number(2),           rows.number(3)          }
    };
}

}  // namespace huitong::store::sqlite
