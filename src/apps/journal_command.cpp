// journal: list the batches, show entries as JSON, verify the chain. Reads the files, never writes.
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/progress.hpp"
#include "apps/store.hpp"
#include "crypto/bytes.hpp"
#include "engine/codec.hpp"

namespace huitong::apps {
namespace {

struct JournalCommandOptions {
    std::string data = "data";
    std::uint64_t from = 1;
    std::uint64_t count = 20;
    bool json = false;
};

std::string hex(const engine::ChainHash& hash) {
    return crypto::to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

// Opens the directory to look at, and calls `use(journal)`; the exit status is its result's.
int with_journal(const std::string& data,
                 const std::function<Result<int>(store::sqlite::SqliteJournal&)>& use) {
    const auto directory = store::sqlite::DataDirectory::look_at(data);
    if (!directory) {
        fmt::print(stderr, "cannot read {}: {}\n", data, explain(directory.error()));
        return EXIT_FAILURE;
    }
    store::sqlite::SqliteJournal journal(journal_options(*directory));
    const auto status = use(journal);
    if (!status) fmt::print(stderr, "reading the journal failed: {}\n", explain(status.error()));
    return status.value_or(EXIT_FAILURE);
}

Result<int> list(store::sqlite::SqliteJournal& journal, const JournalCommandOptions& options) {
    std::uint64_t left = options.count;
    CHECK(journal.read(Sequence{options.from}, [&](const engine::StoredBatch& stored) {
        const auto framed = engine::unframe(stored.bytes);
        const std::string now = framed ? to_rfc3339(framed->batch.now) : "unreadable";
        if (options.json) {
            fmt::print(
                "{{\"first_sequence\":{},\"last_sequence\":{},\"now\":\"{}\",\"bytes\":{},\"sm3\":"
                "\"{}\"}}\n",
                stored.first.value, stored.last.value, now, stored.bytes.size(),
                hex(engine::chain_hash(stored.bytes)));
        } else {
            fmt::print("{:>10} .. {:<10} {}  {:>8} bytes  sm3 {}\n", stored.first.value,
                       stored.last.value, now, stored.bytes.size(),
                       hex(engine::chain_hash(stored.bytes)).substr(0, 16));
        }
        return --left > 0;
    }));
    return EXIT_SUCCESS;
}

// One line of JSON for each entry: {"sequence":..,"now":..,"entry":{..}}.
Result<int> show(store::sqlite::SqliteJournal& journal, const JournalCommandOptions& options) {
    std::uint64_t left = options.count;
    Result<int> status = EXIT_SUCCESS;
    CHECK(journal.read(Sequence{options.from}, [&](const engine::StoredBatch& stored) {
        const auto framed = engine::unframe(stored.bytes);
        if (!framed) return status = refuse(framed.error()), false;
        std::uint64_t sequence = stored.first.value;
        for (const std::string& bytes : framed->batch.entries) {
            if (sequence++ < options.from) continue;
            const auto entry = engine::decode(bytes);
            if (!entry) return status = refuse(entry.error()), false;
            fmt::print("{{\"sequence\":{},\"now\":\"{}\",\"entry\":{}}}\n", sequence - 1,
                       to_rfc3339(framed->batch.now), engine::to_json(*entry));
            if (--left == 0) return false;
        }
        return true;
    }));
    return status;
}

Result<int> verify(store::sqlite::SqliteJournal& journal, const JournalCommandOptions& options) {
    engine::ChainHash expected{};
    Sequence last;
    std::string broken;
    Progress progress("verify");
    CHECK(journal.read(Sequence{1}, [&](const engine::StoredBatch& stored) {
        const auto framed = engine::unframe(stored.bytes);
        if (!framed || framed->previous != expected || stored.first.value != last.value + 1) {
            broken = framed ? "the chain is broken" : "a batch is not readable";
            last = stored.first;
            return false;
        }
        expected = engine::chain_hash(stored.bytes);
        last = stored.last;
        progress.show(last.value, "entries");
        return true;
    }));
    progress.end();
    if (options.json) {
        fmt::print("{{\"whole\":{},\"last_sequence\":{},\"sm3\":\"{}\"}}\n", broken.empty(),
                   last.value, hex(expected));
    } else if (broken.empty()) {
        fmt::print("whole: {} entries, sm3 of the last batch {}\n", last.value, hex(expected));
    } else {
        fmt::print("NOT WHOLE: {} at entry {}\n", broken, last.value);
    }
    return broken.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

void add_journal(Command app, int& status) {
    Command journal = app.add_subcommand("journal", "Look at a journal (read-only)");
    journal.require_subcommand(1);
    auto options = std::make_shared<JournalCommandOptions>();
    const auto add = [&](const char* name, const char* help, auto run) {
        Command command = journal.add_subcommand(name, help);
        command.add_option("--data", options->data, "The data directory").capture_default_str();
        command.add_option("--from", options->from, "The first sequence").capture_default_str();
        command.add_option("--count", options->count, "How many batches or entries")
            .range(std::uint64_t{1}, std::uint64_t{1} << 40)
            .capture_default_str();
        command.add_flag("--json", options->json, "Print JSON, one object a line");
        command.callback([options, run, &status] {
            status =
                with_journal(options->data, [&](auto& opened) { return run(opened, *options); });
        });
    };
    add("list", "The batches: sequences, time, size, hash", list);
    add("show", "Entries as JSON, one a line; sealed values stay sealed", show);
    add("verify", "Follow the chain of hashes from the first batch", verify);
}

}  // namespace huitong::apps
