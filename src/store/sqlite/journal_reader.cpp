#include "store/sqlite/journal_reader.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

#include "base/ensure.hpp"

namespace huitong::store::sqlite {

using engine::StoredBatch;

namespace {

constexpr std::size_t idle_max = 4;

constexpr std::string_view find_sql =
    "SELECT first_sequence, last_sequence, bytes FROM batch WHERE first_sequence >= (SELECT "
    "coalesce(max(first_sequence), 0) FROM batch WHERE first_sequence <= ?1) "
    "AND last_sequence >= ?1 ORDER BY first_sequence LIMIT 1";

}  // namespace

// A connection to one segment.
class JournalReader::Source {
public:
    static Result<SourcePtr> open(const std::filesystem::path& path, const std::string& vfs,
                                  std::uint64_t number) {
        TRY(db, Database::open(path, {.read_only = true, .vfs = vfs}));
        TRY(head, read_head(db, number));
        if (!head) return SourcePtr{};
        TRY(find, db.prepare(find_sql));
        TRY(sealed, db.prepare("SELECT sealed FROM lease"));
        return SourcePtr(
            new Source(std::move(db), std::move(*head), std::move(find), std::move(sealed)));
    }

    // The batch that holds `from`, or the first after it.
    Result<std::optional<StoredBatch>> find(Sequence from) {
        auto rows = find_.query(from.value);
        TRY(found, rows.next());
        if (!found) return std::nullopt;
        return StoredBatch{{rows.number(0)}, {rows.number(1)}, std::string(rows.blob(2))};
    }
    Result<bool> sealed() {
        auto rows = sealed_.query();
        TRY(found, rows.next());
        if (!found) return fail(Error::store_failed, "the journal segment has no lease");
        return rows.integer(0) != 0;
    }
    [[nodiscard]] const SegmentHead& head() const { return head_; }

    std::uint64_t generation = 0;  // of the pool, when this was opened

private:
    Source(Database db, SegmentHead head, Statement find, Statement sealed)
        : db_(std::move(db)),
          head_(std::move(head)),
          find_(std::move(find)),
          sealed_(std::move(sealed)) {}

    Database db_;
    SegmentHead head_;
    Statement find_;
    Statement sealed_;
};

JournalReader::JournalReader(std::filesystem::path directory, std::string vfs)
    : directory_(std::move(directory)), vfs_(std::move(vfs)) {}

JournalReader::~JournalReader() = default;

Result<JournalReader::SourcePtr> JournalReader::open(std::uint64_t number) {
    std::uint64_t generation = 0;
    {
        const std::lock_guard lock(mutex_);
        generation = generation_;
    }
    const auto path = segment_path(directory_, number);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return SourcePtr{};
    TRY(source, Source::open(path, vfs_, number));
    if (source) source->generation = generation;
    return std::move(source);
}

Result<JournalReader::SourcePtr> JournalReader::borrow(std::uint64_t number) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::ranges::find_if(
            idle_, [&](const SourcePtr& s) { return s->head().number == number; });
        if (found != idle_.end()) {
            SourcePtr source = std::move(*found);
            idle_.erase(found);
            return source;
        }
    }
    return open(number);
}

void JournalReader::give_back(SourcePtr source) {
    const std::lock_guard lock(mutex_);
    if (source->generation != generation_) return;
    if (idle_.size() == idle_max) idle_.erase(idle_.begin());
    idle_.push_back(std::move(source));
}

void JournalReader::forget() {
    const std::lock_guard lock(mutex_);
    generation_ += 1;
    idle_.clear();
}

// The newest segment that begins at or before `from`; nothing in an empty journal.
Result<JournalReader::SourcePtr> JournalReader::source_of(Sequence from) {
    TRY(numbers, list_segments(directory_));
    bool any = false;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
        TRY(source, borrow(*number));
        if (!source) continue;
        if (source->head().first <= from) return std::move(source);
        any = true;
        give_back(std::move(source));
    }
    if (!any) return SourcePtr{};
    return fail(Error::store_failed,
                fmt::format("the journal no longer holds sequence {}", from.value));
}

Result<void> JournalReader::read(Sequence from, const std::function<bool(StoredBatch)>& visit) {
    Sequence next{std::max<std::uint64_t>(from.value, 1)};
    TRY(source, source_of(next));
    bool sealed = false;  // known before the last look for a batch
    while (source) {
        TRY(batch, source->find(next));
        if (batch) {
            if (batch->first > next) {
                return fail(Error::store_failed,
                            fmt::format("the journal lacks sequence {}", next.value));
            }
            next = {batch->last.value + 1};
            if (!visit(std::move(*batch))) break;
            continue;
        }
        if (!sealed) {
            // A batch may have come between the look and the seal, so look once more.
            TRY(now_sealed, source->sealed());
            if (!now_sealed) break;
            sealed = true;
            continue;
        }
        const std::uint64_t number = source->head().number + 1;
        give_back(std::move(source));
        TRY(following, borrow(number));
        if (!following) {
            return fail(Error::store_failed, fmt::format("journal segment {} is missing", number));
        }
        source = std::move(following);
        sealed = false;
    }
    if (source) give_back(std::move(source));
    return {};
}

Result<std::vector<SegmentHead>> JournalReader::heads() {
    TRY(numbers, list_segments(directory_));
    std::vector<SegmentHead> heads;
    bool usable = true;  // a segment is in use if the one before it is sealed
    for (const std::uint64_t number : numbers) {
        if (!usable) break;
        TRY(source, borrow(number));
        if (!source) break;
        heads.push_back(source->head());
        TRY(sealed, source->sealed());
        usable = sealed;
        give_back(std::move(source));
    }
    return heads;
}

}  // namespace huitong::store::sqlite
