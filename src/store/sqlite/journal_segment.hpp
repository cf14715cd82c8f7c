// One file of the journal, opened for writing. docs/formats/journal-store.md has the layout.
//
// A segment is either open (it takes appends) or sealed (the journal went on in the next one). At
// most the newest two matter: the newest is usable if and only if the one before it is sealed,
// otherwise it is the remains of a roll that never happened and holds no batch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "engine/journal.hpp"
#include "store/sqlite/database.hpp"

namespace huitong::store::sqlite {

inline constexpr std::int64_t journal_format = 1;

struct JournalOptions {
    std::filesystem::path directory;
    std::string store_id;          // of the data directory; 32 hexadecimal digits
    std::uint64_t generation = 1;  // of the data directory; a restore raises it
    std::uint32_t partition = 0;
    std::int64_t segment_bytes_max = std::int64_t{1} << 30;
    std::int64_t wal_bytes = std::int64_t{6} << 20;  // the WAL is made this long at once
    int page_bytes = 4096;
    int busy_timeout_ms = 5000;
    int autocheckpoint_pages = 1000;
    std::string vfs;  // empty: SQLite's own
};

// The first row of a segment: where it stands in the chain, and the state before its first batch.
struct SegmentHead {
    std::uint64_t number = 0;
    std::string store_id;
    std::uint64_t generation = 0;
    std::uint32_t partition = 0;
    Sequence first;
    engine::ChainHash previous{};
    engine::Checkpoint before;
};

// Who may append, and where the journal ends. The database, not a clock, fences older owners.
struct Lease {
    std::uint64_t epoch = 0;
    Sequence last;
    std::uint64_t generation = 0;
    bool sealed = false;
};

std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number);
// The numbers of the segments in a directory, ascending.
Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& directory);

// Reads the head of a database that holds one; nothing if its creation was cut off.
Result<std::optional<SegmentHead>> read_head(Database& db, std::uint64_t number);

class Segment {
public:
    // Makes a new segment, durable with its directory entry. If the file exists already it must be
    // without tables: the remains of a creation that was cut off.
    static Result<Segment> create(const JournalOptions& options, const SegmentHead& head,
                                  const Lease& lease);
    // Opens an existing one. Refuses with store_format_unknown what a newer program wrote, with
    // store_mismatch what belongs to another store or to a later generation.
    static Result<Segment> open(const JournalOptions& options, std::uint64_t number);

    // Makes what we see in the file and what is on the disk the same, then, unless the segment is
    // sealed, raises the epoch. Tells whether it did.
    Result<bool> take();
    Result<std::optional<engine::StoredBatch>> last_batch();

    // Appends a batch if our lease still holds. `before`: set for the journal's very first batch,
    // whose segment was made before anybody could know the empty state's digest.
    engine::AppendOutcome append(Sequence first, Sequence last, std::string_view bytes,
                                 const engine::Checkpoint* before);
    // Seals this segment and makes the next, in that order of being visible.
    Result<Segment> roll(const SegmentHead& next_head, engine::AppendOutcome& outcome);

    // Whether a batch of this size would make the file too long.
    [[nodiscard]] bool full_for(std::size_t bytes) const;
    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] const Lease& lease() const { return lease_; }
    [[nodiscard]] bool empty() const { return empty_; }

private:
    Segment(const JournalOptions& options, std::uint64_t number, Database db)
        : options_(&options), number_(number), db_(std::move(db)) {}
    static Result<Segment> open_file(const JournalOptions& options, std::uint64_t number);
    Result<void> write_schema(const SegmentHead& head, const Lease& lease);
    Result<void> prepare();
    Result<void> check(const SegmentHead& head) const;
    Result<void> load_lease();
    Result<bool> advance(Sequence first, Sequence last);

    const JournalOptions* options_;  // the journal's own, which outlives its segments
    std::uint64_t number_;
    Database db_;
    Statement advance_;
    Statement insert_;
    Statement seal_;
    Lease lease_;
    bool empty_ = true;  // holds no batch
    std::int64_t pages_ = 0;
};

}  // namespace huitong::store::sqlite
