// The journal in SQLite files: journal-000001.db, journal-000002.db, ... of bounded size.
//
// An append is one transaction: it moves the lease's last sequence, which succeeds only under our
// epoch and from the sequence we expect, and inserts one row with the batch's bytes. After an
// aborted or unknown append the file is closed; take_over() opens it again, settles what is on the
// disk, and raises the epoch. docs/formats/journal-store.md has the layout and the reasons.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/journal.hpp"
#include "store/sqlite/journal_reader.hpp"
#include "store/sqlite/journal_segment.hpp"

namespace huitong::store::sqlite {

class SqliteJournal final : public engine::Journal {
public:
    // Touches no file before take_over() or read().
    explicit SqliteJournal(JournalOptions options);
    ~SqliteJournal() override;

    Result<void> read(Sequence from,
                      const std::function<bool(engine::StoredBatch)>& visit) override;
    // Of all segments in use, ascending; any thread.
    Result<std::vector<SegmentHead>> heads() { return reader_.heads(); }
    // Under which we append, 0 before we took over; any thread.
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

protected:
    Result<engine::StoredBatch> fence() override;
    engine::AppendOutcome store(Sequence first, Sequence last, std::string_view bytes,
                                const engine::Checkpoint& before) override;

private:
    Result<void> take_segment();
    Result<void> take_newest(const std::vector<std::uint64_t>& numbers);
    Result<void> create_first();
    Result<bool> has_head(std::uint64_t number);
    Result<void> remove_unborn(std::uint64_t number);
    Result<engine::StoredBatch> last_batch();
    engine::AppendOutcome roll(Sequence first, const engine::Checkpoint& before);

    const JournalOptions options_;
    JournalReader reader_;
    std::atomic<std::uint64_t> epoch_{0};
    std::unique_ptr<Segment> segment_;  // none: appends are aborted until take_over()
};

}  // namespace huitong::store::sqlite
