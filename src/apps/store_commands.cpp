// tables rebuild, backup, restore: work on a data directory's files.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <string>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/store.hpp"
#include "engine/reader.hpp"
#include "store/sqlite/backup.hpp"

namespace huitong::apps {
namespace {

int failed(const std::string& what, Error error) {
    fmt::print(stderr, "{}: {}\n", what, explain(error));
    return EXIT_FAILURE;
}

// Refills the tables from the journal, as the server's reader would.
int rebuild_tables(const std::string& data) {
    const auto directory = store::sqlite::DataDirectory::own(data);
    if (!directory) return failed("cannot open " + data, directory.error());
    auto tables = store::sqlite::SqliteTables::rebuild(tables_options(*directory));
    if (!tables) return failed("cannot make the tables", tables.error());
    store::sqlite::SqliteJournal journal(journal_options(*directory));
    const auto end = journal.take_over();
    if (!end) return failed("cannot read the journal", end.error());

    std::atomic<std::uint64_t> stored = 0;
    Progress progress("tables");
    engine::TablesReader reader(journal, **tables, {}, stored,
                                [&] { progress.show(stored, "entries"); });
    if (const auto started = reader.start(); !started)
        return failed("cannot fill the tables", started.error());
    std::uint64_t before = 0;
    while (!reader.wait_stored(end->last, std::chrono::seconds(30))) {
        if (stored == before) return failed("the tables do not fill", Error::store_failed);
        before = stored;
    }
    reader.stop({});
    progress.end();
    fmt::print("the tables hold {} entries\n", stored.load());
    return EXIT_SUCCESS;
}

bool show(Progress& progress, const store::sqlite::BackupProgress& step) {
    progress.show(step.pages_total == 0 ? 0 : step.pages_done * 100 / step.pages_total,
                  ("% of " + step.file).c_str());
    return true;
}

int back_up(const std::string& data, const std::string& to) {
    const auto directory = store::sqlite::DataDirectory::look_at(data);
    if (!directory) return failed("cannot read " + data, directory.error());
    Progress progress("backup");
    const auto done = store::sqlite::back_up(
        *directory, to, [&](const auto& step) { return show(progress, step); });
    progress.end();
    if (!done) return failed("the backup failed", done.error());
    fmt::print("backed up to {}; check it with: huitong audit --data {}\n", to, to);
    fmt::print("the master key is not in it: keep {}.key elsewhere\n", data);
    return EXIT_SUCCESS;
}

int restore(const std::string& from, const std::string& data) {
    Progress progress("restore");
    const auto done =
        store::sqlite::restore(from, data, [&](const auto& step) { return show(progress, step); });
    progress.end();
    if (!done) return failed("the restore failed", done.error());
    fmt::print("restored to {}, generation {}\n", data, done->generation);
    return EXIT_SUCCESS;
}

}  // namespace

void add_tables(Command app, int& status) {
    Command tables = app.add_subcommand("tables", "Work on the relational tables");
    tables.require_subcommand(1);
    auto data = std::make_shared<std::string>("data");
    Command rebuild =
        tables.add_subcommand("rebuild", "Empty the tables and fill them from the journal");
    rebuild.add_option("--data", *data, "The data directory; its server must be stopped")
        .capture_default_str();
    rebuild.callback([data, &status] { status = rebuild_tables(*data); });
}

void add_backup(Command app, int& status) {
    auto data = std::make_shared<std::string>("data");
    auto other = std::make_shared<std::string>();
    Command backup =
        app.add_subcommand("backup", "Copy a data directory, also of a running server");
    backup.add_option("--data", *data, "The data directory").capture_default_str();
    backup.add_option("to", *other, "A new directory for the copy").required();
    backup.callback([data, other, &status] { status = back_up(*data, *other); });
    Command restored = app.add_subcommand("restore", "Make a data directory from a backup");
    restored.add_option("from", *other, "The backup").required();
    restored.add_option("--data", *data, "A new data directory").capture_default_str();
    restored.callback([data, other, &status] { status = restore(*other, *data); });
}

}  // namespace huitong::apps
