#include "apps/store.hpp"

#include <fmt/format.h>

#include "store/sqlite/failure.hpp"

namespace huitong::apps {

namespace sqlite = store::sqlite;

sqlite::JournalOptions journal_options(const sqlite::DataDirectory& directory) {
    return {.directory = directory.root(),
            .store_id = directory.identity().id,
            .generation = directory.identity().generation};
}

sqlite::TablesOptions tables_options(const sqlite::DataDirectory& directory) {
    return {.path = directory.tables(),
            .store_id = directory.identity().id,
            .generation = directory.identity().generation};
}

Result<Store> Store::open(const std::filesystem::path& root) {
    TRY(directory, sqlite::DataDirectory::own(root));
    TRY(tables, sqlite::SqliteTables::open(tables_options(directory)));
    auto journal = std::make_unique<sqlite::SqliteJournal>(journal_options(directory));
    return Store{std::move(directory), std::move(journal), std::move(tables)};
}

std::string explain(Error error) {
    const std::string detail = sqlite::last_failure();
    const ErrorRow& row = describe(error);
    return detail.empty() ? std::string(row.text_en) : fmt::format("{} ({})", row.text_en, detail);
}

}  // namespace huitong::apps
