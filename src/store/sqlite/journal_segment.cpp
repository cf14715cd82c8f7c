#include "store/sqlite/journal_segment.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"
#include "store/sqlite/data_directory.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::AppendOutcome;
using engine::StoredBatch;

// A table with an integer key keeps its rows in one b-tree that grows at its right end; the blobs
// lie in chains of whole pages. WITHOUT ROWID, or a key of (partition, first_sequence), would add a
// second b-tree or put the blobs' beginnings among the keys. The partition is the file's, in head.
constexpr const char* segment_schema = R"sql(
CREATE TABLE head(
    only INTEGER PRIMARY KEY CHECK (only = 1),
    format INTEGER NOT NULL,
    store_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    partition INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    previous_hash BLOB NOT NULL,
    state_digest BLOB NOT NULL,
    totals BLOB NOT NULL
) STRICT;
CREATE TABLE lease(
    partition INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    sealed INTEGER NOT NULL
) STRICT;
CREATE TABLE batch(
    first_sequence INTEGER PRIMARY KEY,
    last_sequence INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
)sql";

constexpr std::string_view name_prefix = "journal-";
constexpr std::string_view name_suffix = ".db";

// The pages a blob of this size takes, at most: its overflow pages and a share of the b-tree's.
std::int64_t pages_for(std::size_t bytes, int page_bytes) {
    return static_cast<std::int64_t>(bytes) / (page_bytes - 4) + 2;
}

std::optional<std::uint64_t> number_of(std::string_view name) {
    if (!name.starts_with(name_prefix) || !name.ends_with(name_suffix)) return std::nullopt;
    name.remove_prefix(name_prefix.size());
    name.remove_suffix(name_suffix.size());
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (code != std::errc{} || end != name.data() + name.size() || number == 0) return std::nullopt;
    return number;
}

}  // namespace

std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number) {
    return directory / fmt::format("{}{:06}{}", name_prefix, number, name_suffix);
}

Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& directory) {
    std::vector<std::uint64_t> numbers;
    std::error_code code;
    std::filesystem::directory_iterator at(directory, code);
    for (; !code && at != std::filesystem::directory_iterator{}; at.increment(code)) {
        if (const auto number = number_of(at->path().filename().string())) {
            numbers.push_back(*number);
        }
    }
    if (code) return fail_errno(Error::store_failed, directory.string(), code.value());
    std::ranges::sort(numbers);
    return numbers;
}

Result<std::optional<SegmentHead>> read_head(Database& db, std::uint64_t number) {
    TRY(tables, db.query_integer("SELECT count(*) FROM sqlite_schema WHERE name = 'head'"));
    if (tables == 0) return std::nullopt;
    TRY(select,
        db.prepare("SELECT format, store_id, generation, partition, segment, first_sequence,"
                   " previous_hash, state_digest, totals FROM head"));
    auto rows = select.query();
    TRY(found, rows.next());
    if (!found || rows.number(4) != number || rows.blob(6).size() != 32) {
        return fail(Error::store_failed,
                    fmt::format("journal segment {} has no valid head", number));
    }
    if (rows.integer(0) != journal_format) {
        return fail(Error::store_format_unknown,
                    fmt::format("journal segment {} has format {}; this program knows {}", number,
                                rows.integer(0), journal_format));
    }
    SegmentHead head{
        .number = number,
        .store_id = std::string(rows.text(1)),
        .generation = rows.number(2),
        .partition = static_cast<std::uint32_t>(rows.number(3)),
        .first = {rows.number(5)},
        .before = {.state_digest = std::string(rows.blob(7)), .totals = std::string(rows.blob(8))}
    };
    std::ranges::copy(rows.blob(6), head.previous.begin());
    return head;
}

Result<Segment> Segment::open_file(const JournalOptions& options, std::uint64_t number) {
    // Closing after an unknown commit must not copy the WAL: take() makes it durable first.
    TRY(db, Database::open(segment_path(options.directory, number),
                           {.vfs = options.vfs,
                            .page_bytes = options.page_bytes,
                            .busy_timeout_ms = options.busy_timeout_ms,
                            .autocheckpoint_pages = options.autocheckpoint_pages,
                            .checkpoint_on_close = false,
                            .settle = false}));
    return Segment(options, number, std::move(db));
}

Result<Segment> Segment::create(const JournalOptions& options, const SegmentHead& head,
                                const Lease& lease) {
    TRY(segment, open_file(options, head.number));
    TRY(old, read_head(segment.db_, head.number));
    if (old) return fail(Error::store_failed, "the new journal segment exists already");
    CHECK(segment.write_schema(head, lease));
    CHECK(sync_directory(options.directory));
    CHECK(segment.prepare());
    return std::move(segment);
}

Result<void> Segment::write_schema(const SegmentHead& head, const Lease& lease) {
    TRY(tx, db_.begin());
    CHECK(db_.execute(segment_schema));
    TRY(insert_head, db_.prepare("INSERT INTO head VALUES (1,?1,?2,?3,?4,?5,?6,?7,?8,?9)"));
    const std::string_view previous(reinterpret_cast<const char*>(head.previous.data()),
                                    head.previous.size());
    CHECK(insert_head.run(journal_format, std::string_view(options_->store_id),
                          options_->generation, options_->partition, head.number, head.first.value,
                          Blob{previous}, Blob{head.before.state_digest},
                          Blob{head.before.totals}));
    TRY(insert_lease, db_.prepare("INSERT INTO lease VALUES (?1,?2,?3,?4,0)"));
    CHECK(
        insert_lease.run(options_->partition, lease.epoch, lease.last.value, options_->generation));
    if (tx.commit() != AppendOutcome::committed) return refuse(Error::store_failed);
    TRY(lock, db_.begin());
    CHECK(db_.extend_wal(options_->wal_bytes));
    lock.rollback();
    return {};
}

Result<Segment> Segment::open(const JournalOptions& options, std::uint64_t number) {
    TRY(segment, open_file(options, number));
    TRY(head, read_head(segment.db_, number));
    if (!head) {
        return fail(Error::store_failed, fmt::format("journal segment {} is empty", number));
    }
    CHECK(segment.check(*head));
    CHECK(segment.prepare());
    return std::move(segment);
}

Result<void> Segment::check(const SegmentHead& head) const {
    if (head.store_id == options_->store_id && head.partition == options_->partition &&
        head.generation <= options_->generation) {
        return {};
    }
    return fail(Error::store_mismatch,
                fmt::format("journal segment {} is of store {}, generation {}, partition {}; the "
                            "data directory is of store {}, generation {}, partition {}",
                            head.number, head.store_id, head.generation, head.partition,
                            options_->store_id, options_->generation, options_->partition));
}

Result<void> Segment::prepare() {
    TRY(advance, db_.prepare("UPDATE lease SET last_sequence = ?1 WHERE partition = ?2 AND "
                             "epoch = ?3 AND last_sequence = ?4 AND sealed = 0"));
    TRY(insert, db_.prepare("INSERT INTO batch VALUES (?1, ?2, ?3)"));
    TRY(seal, db_.prepare("UPDATE lease SET sealed = 1 WHERE partition = ?1 AND epoch = ?2 AND "
                          "last_sequence = ?3 AND sealed = 0"));
    TRY(pages, db_.query_integer("PRAGMA page_count"));
    TRY(batches, db_.query_integer("SELECT EXISTS (SELECT 1 FROM batch)"));
    advance_ = std::move(advance);
    insert_ = std::move(insert);
    seal_ = std::move(seal);
    pages_ = pages;
    empty_ = batches == 0;
    return load_lease();
}

Result<void> Segment::load_lease() {
    TRY(select, db_.prepare("SELECT epoch, last_sequence, generation, sealed FROM lease"
                            " WHERE partition = ?1"));
    auto rows = select.query(options_->partition);
    TRY(found, rows.next());
    if (!found) return fail(Error::store_failed, "the journal segment has no lease");
    lease_ = {.epoch = rows.number(0),
              .last = {rows.number(1)},
              .generation = rows.number(2),
              .sealed = rows.integer(3) != 0};
    return {};
}

Result<bool> Segment::take() {
    {
        TRY(tx, db_.begin());
        CHECK(db_.rewrite_wal());
        CHECK(db_.extend_wal(options_->wal_bytes));
        CHECK(load_lease());
        if (lease_.generation > options_->generation) {
            return fail(Error::store_mismatch, "the journal is of a later generation");
        }
        if (!lease_.sealed) {
            lease_.epoch += 1;
            TRY(raise, db_.prepare("UPDATE lease SET epoch = ?1, generation = ?2"
                                   " WHERE partition = ?3"));
            CHECK(raise.run(lease_.epoch, options_->generation, options_->partition));
            if (tx.commit() != AppendOutcome::committed) return refuse(Error::store_failed);
        }
    }
    CHECK(db_.checkpoint(Database::Checkpoint::keep_wal));
    return !lease_.sealed;
}

Result<std::optional<StoredBatch>> Segment::last_batch() {
    TRY(select, db_.prepare("SELECT first_sequence, last_sequence, bytes FROM batch"
                            " ORDER BY first_sequence DESC LIMIT 1"));
    auto rows = select.query();
    TRY(found, rows.next());
    if (!found) return std::nullopt;
    return StoredBatch{{rows.number(0)}, {rows.number(1)}, std::string(rows.blob(2))};
}

Result<bool> Segment::advance(Sequence first, Sequence last) {
    TRY(changed, advance_.run(last.value, options_->partition, lease_.epoch, first.value - 1));
    if (changed == 1) return true;
    note_failure(fmt::format("journal segment {}: another owner has taken the partition", number_));
    return false;
}

AppendOutcome Segment::append(Sequence first, Sequence last, std::string_view bytes,
                              const engine::Checkpoint* before) {
    auto tx = db_.begin();
    if (!tx) return AppendOutcome::aborted;
    if (!advance(first, last).value_or(false)) return AppendOutcome::aborted;
    if (!insert_.run(first.value, last.value, Blob{bytes})) return AppendOutcome::aborted;
    if (before != nullptr) {
        auto update = db_.prepare("UPDATE head SET state_digest = ?1, totals = ?2");
        if (!update || !update->run(Blob{before->state_digest}, Blob{before->totals})) {
            return AppendOutcome::aborted;
        }
    }
    const AppendOutcome outcome = tx->commit();
    if (outcome != AppendOutcome::committed) return outcome;
    lease_.last = last;
    empty_ = false;
    pages_ += pages_for(bytes.size(), options_->page_bytes);
    return outcome;
}

// The next segment is whole and durable before the seal commits, and nobody uses it before.
Result<Segment> Segment::roll(const SegmentHead& next_head, AppendOutcome& outcome) {
    outcome = AppendOutcome::aborted;
    TRY(tx, db_.begin());
    TRY(sealed, seal_.run(options_->partition, lease_.epoch, lease_.last.value));
    if (sealed != 1) return fail(Error::store_failed, "another owner has taken the partition");
    TRY(next, create(*options_, next_head, lease_));
    outcome = tx.commit();
    if (outcome != AppendOutcome::committed) return refuse(Error::store_failed);
    // A sealed file should stand alone. Its WAL is durable in any case, so a failure costs nothing,
    // and a backup that reads the file just now is not waited for.
    sqlite3_busy_timeout(db_.handle(), 0);
    (void)db_.checkpoint(Database::Checkpoint::truncate);
    return std::move(next);
}

bool Segment::full_for(std::size_t bytes) const {
    const std::int64_t pages = pages_ + pages_for(bytes, options_->page_bytes);
    return pages * options_->page_bytes > options_->segment_bytes_max;
}

}  // namespace huitong::store::sqlite
