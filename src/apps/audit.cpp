// audit: proves every named invariant over a data directory, read-only, beside a running owner or
// without one.
#include "engine/audit.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/store.hpp"

namespace huitong::apps {
namespace {

struct AuditOptions {
    std::string data = "data";
    bool json = false;
    bool skip_tables = false;
};

// Reads the whole journal through the auditor; at the tables' cursor it asks them for their digest.
class AuditRun {
public:
    AuditRun(store::sqlite::SqliteJournal& journal, store::sqlite::SqliteTables* tables)
        : journal_(journal), tables_(tables) {}

    Result<void> run() {
        TRY(heads, journal_.heads());
        heads_ = heads;
        CHECK(compare_tables());
        Result<void> good;
        CHECK(journal_.read(Sequence{1}, [&](const engine::StoredBatch& stored) {
            check_heads(stored.first);
            progress_.show(stored.last.value, "entries");
            if (!auditor_.read(stored.bytes)) return false;
            good = compare_tables();
            return good.has_value();
        }));
        CHECK(good);
        progress_.end();
        auditor_.finish();
        return {};
    }
    [[nodiscard]] const engine::Auditor& auditor() const { return auditor_; }
    [[nodiscard]] bool tables_compared() const { return tables_compared_; }

private:
    void check_heads(Sequence first) {
        while (next_head_ < heads_.size() && heads_[next_head_].first <= first) {
            const auto& head = heads_[next_head_++];
            if (head.first == first) auditor_.check_head(head.first, head.previous, head.before);
        }
    }
    // The tables are compared when the replay stands exactly where they do.
    Result<void> compare_tables() {
        if (tables_ == nullptr || tables_compared_) return {};
        TRY(before, tables_->cursor());
        if (before.last != auditor_.last()) return {};
        TRY(digest, tables_->digest());
        TRY(after, tables_->cursor());
        if (after.last != before.last) return {};  // A running owner moved them meanwhile.
        auditor_.check_tables(digest);
        tables_compared_ = true;
        return {};
    }

    store::sqlite::SqliteJournal& journal_;
    store::sqlite::SqliteTables* tables_;
    engine::Auditor auditor_{engine::Rules{}};
    std::vector<store::sqlite::SegmentHead> heads_;
    std::size_t next_head_ = 0;
    bool tables_compared_ = false;
    Progress progress_{"audit"};
};

void print_json(const AuditRun& run) {
    const engine::Auditor& auditor = run.auditor();
    fmt::print("{{\"clean\":{},\"last_sequence\":{},\"tables_compared\":{},\"checks\":{{",
               auditor.clean(), auditor.last().value, run.tables_compared());
    const char* separator = "";
    for (const auto& [invariant, count] : auditor.checks()) {
        fmt::print("{}\"{}\":{}", separator, engine::name_of(invariant), count);
        separator = ",";
    }
    fmt::print("}},\"findings\":[");
    separator = "";
    for (const engine::Finding& finding : auditor.findings()) {
        fmt::print("{}{{\"invariant\":\"{}\",\"sequence\":{},\"what\":\"{}\"}}", separator,
                   engine::name_of(finding.invariant), finding.sequence.value, finding.what);
        separator = ",";
    }
    fmt::print("]}}\n");
}

void print_text(const AuditRun& run) {
    const engine::Auditor& auditor = run.auditor();
    fmt::print("{} entries, {} accounts\n", auditor.last().value, auditor.state().book.size());
    for (const auto& [invariant, count] : auditor.checks()) {
        const auto broken =
            std::ranges::count(auditor.findings(), invariant, &engine::Finding::invariant);
        fmt::print("  {:<10} {:>10} checks, {} broken\n", engine::name_of(invariant), count,
                   broken);
    }
    for (const engine::Finding& finding : auditor.findings())
        fmt::print("  BROKEN {} after entry {}: {}\n", engine::name_of(finding.invariant),
                   finding.sequence.value, finding.what);
    if (!run.tables_compared())
        fmt::print("  the tables were not compared: they were moving, or are behind\n");
    fmt::print("{}\n", auditor.clean() ? "clean" : "NOT CLEAN");
}

int audit(const AuditOptions& options) {
    const auto directory = store::sqlite::DataDirectory::look_at(options.data);
    if (!directory) {
        fmt::print(stderr, "cannot read {}: {}\n", options.data, explain(directory.error()));
        return EXIT_FAILURE;
    }
    store::sqlite::SqliteJournal journal(journal_options(*directory));
    std::unique_ptr<store::sqlite::SqliteTables> tables;
    if (!options.skip_tables) {
        auto read_only = tables_options(*directory);
        read_only.read_only = true;
        auto opened = store::sqlite::SqliteTables::open(read_only);
        if (!opened) {
            fmt::print(stderr, "cannot read the tables: {}\n", explain(opened.error()));
            return EXIT_FAILURE;
        }
        tables = std::move(*opened);
    }
    AuditRun run(journal, tables.get());
    if (const auto done = run.run(); !done) {
        fmt::print(stderr, "the audit stopped: {}\n", explain(done.error()));
        return EXIT_FAILURE;
    }
    options.json ? print_json(run) : print_text(run);
    return run.auditor().clean() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

void add_audit(Command app, int& status) {
    auto options = std::make_shared<AuditOptions>();
    Command command =
        app.add_subcommand("audit", "Prove every invariant over a data directory (read-only)");
    command.add_option("--data", options->data, "The data directory").capture_default_str();
    command.add_flag("--json", options->json, "Print one JSON object");
    command.add_flag("--skip-tables", options->skip_tables, "Look at the journal only");
    command.callback([options, &status] { status = audit(*options); });
}

}  // namespace huitong::apps
