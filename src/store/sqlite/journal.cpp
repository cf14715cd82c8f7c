#include "store/sqlite/journal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/ensure.hpp"

namespace huitong::store::sqlite {

using engine::AppendOutcome;
using engine::StoredBatch;

SqliteJournal::SqliteJournal(JournalOptions options)
    : options_(std::move(options)), reader_(options_.directory, options_.vfs) {}

SqliteJournal::~SqliteJournal() = default;

Result<void> SqliteJournal::read(Sequence from, const std::function<bool(StoredBatch)>& visit) {
    return reader_.read(from, visit);
}

Result<StoredBatch> SqliteJournal::fence() {
    segment_.reset();
    reader_.forget();
    auto taken = take_segment();
    auto last = taken ? last_batch() : Result<StoredBatch>(refuse(taken.error()));
    if (!last) segment_.reset();
    epoch_ = segment_ ? segment_->lease().epoch : 0;
    return last;
}

Result<void> SqliteJournal::take_segment() {
    TRY(numbers, list_segments(options_.directory));
    if (numbers.empty()) return create_first();
    return take_newest(numbers);
}

// The newest segment counts only if the one before it is sealed. If it is not, the roll between
// them never happened: the older one takes the appends, and what was made of the newer one goes.
Result<void> SqliteJournal::take_newest(const std::vector<std::uint64_t>& numbers) {
    const std::uint64_t newest = numbers.back();
    if (std::ranges::binary_search(numbers, newest - 1)) {
        TRY(previous, Segment::open(options_, newest - 1));
        TRY(taken, previous.take());
        if (taken) {
            CHECK(remove_unborn(newest));
            segment_ = std::make_unique<Segment>(std::move(previous));
            return {};
        }
    }
    TRY(whole, has_head(newest));
    if (!whole && newest == 1) return create_first();
    TRY(segment, Segment::open(options_, newest));
    TRY(taken, segment.take());
    if (!taken) {
        return fail(Error::store_failed, fmt::format("journal segment {} is missing", newest + 1));
    }
    segment_ = std::make_unique<Segment>(std::move(segment));
    return {};
}

Result<bool> SqliteJournal::has_head(std::uint64_t number) {
    TRY(db, Database::open(segment_path(options_.directory, number),
                           {.vfs = options_.vfs, .checkpoint_on_close = false}));
    TRY(head, read_head(db, number));
    return head.has_value();
}

Result<void> SqliteJournal::remove_unborn(std::uint64_t number) {
    TRY(whole, has_head(number));
    if (whole) {
        TRY(segment, Segment::open(options_, number));
        if (!segment.empty()) {
            return fail(Error::store_failed,
                        fmt::format("journal segment {} has batches but {} is not sealed", number,
                                    number - 1));
        }
    }
    return remove_database(segment_path(options_.directory, number), options_.vfs);
}

Result<void> SqliteJournal::create_first() {
    TRY(segment, Segment::create(options_, {.number = 1, .first = {1}}, {.epoch = 1}));
    segment_ = std::make_unique<Segment>(std::move(segment));
    return {};
}

Result<StoredBatch> SqliteJournal::last_batch() {
    TRY(last, segment_->last_batch());
    if (!last && segment_->number() > 1) {
        // Empty since the roll: the end lies in the segment before, which is settled.
        TRY(previous, Segment::open(options_, segment_->number() - 1));
        TRY(end, previous.last_batch());
        last = std::move(end);
    }
    if (!last) last = StoredBatch{};
    if (last->last != segment_->lease().last) {
        return fail(Error::store_failed, "the journal's lease and its last batch differ");
    }
    return std::move(*last);
}

AppendOutcome SqliteJournal::store(Sequence first, Sequence last, std::string_view bytes,
                                   const engine::Checkpoint& before) {
    if (!segment_) {
        note_failure("the journal has no owner: take over first");
        return AppendOutcome::aborted;
    }
    AppendOutcome outcome = AppendOutcome::committed;
    if (!segment_->empty() && segment_->full_for(bytes.size())) {
        outcome = roll(first, before);
    }
    if (outcome == AppendOutcome::committed) {
        outcome = segment_->append(first, last, bytes, first.value == 1 ? &before : nullptr);
    }
    if (outcome != AppendOutcome::committed) segment_.reset();
    return outcome;
}

AppendOutcome SqliteJournal::roll(Sequence first, const engine::Checkpoint& before) {
    const SegmentHead head{
        .number = segment_->number() + 1, .first = first, .previous = end().hash, .before = before};
    AppendOutcome outcome = AppendOutcome::aborted;
    auto next = segment_->roll(head, outcome);
    if (outcome == AppendOutcome::committed) {
        ENSURE(next.has_value());
        segment_ = std::make_unique<Segment>(std::move(*next));
    }
    return outcome;
}

}  // namespace huitong::store::sqlite
