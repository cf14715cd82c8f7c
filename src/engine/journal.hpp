// The journal port: the append-only truth of one partition, a chain of batches.
//
// Bytes of a stored batch: the message huitong.journal.Batch of journal.proto, which opens with the
// SM3 of the whole stored bytes of the batch before it (32 zero bytes before the first). One append
// is one transaction and one fsync.
//
// Threads: append() and take_over() belong to one thread at a time (the heart's writer); read() may
// run on any thread beside them and sees committed batches only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"

namespace huitong::engine {

using ChainHash = std::array<std::uint8_t, 32>;

// What an append led to (design section 1, Stores). `unknown`: the batch may or may not be there;
// the owner must take over again and look.
enum class AppendOutcome : std::uint8_t { committed, aborted, unknown };

// Where a journal ends: sequence 0 and a zero hash when it is empty.
struct JournalEnd {
    Sequence last;
    ChainHash hash{};
    Instant now;  // the last batch's time

    friend bool operator==(const JournalEnd&, const JournalEnd&) = default;
};

// Entries of one commit, each an encoded huitong.journal.Entry, for the sequences first .. first +
// entries.size() - 1.
struct Batch {
    Sequence first;
    Instant now;
    std::vector<std::string> entries;
};

// What a segment opens with, so that an audit can start at any (the state before the segment's
// first batch).
struct Checkpoint {
    std::string state_digest;  // 16 bytes
    std::string totals;        // encoded huitong.journal.Totals
};

struct StoredBatch {
    Sequence first;
    Sequence last;
    std::string bytes;  // as stored
};

class Journal {
public:
    virtual ~Journal() = default;

    // Becomes the owner: raises the epoch, so that an older owner's append fails, and reads back
    // the true end after checking that the last batch is whole and chained. Fails with
    // store_failed; the journal then takes no append.
    Result<JournalEnd> take_over();

    // Chains, frames and stores a batch. The batch must follow the end exactly (else it is our
    // bug). After anything but `committed`, call take_over() before the next append.
    AppendOutcome append(const Batch& batch, const Checkpoint& before);

    // Visits the batches that hold sequences >= from, in order, until the visitor returns false.
    virtual Result<void> read(Sequence from, const std::function<bool(StoredBatch)>& visit) = 0;

    [[nodiscard]] const JournalEnd& end() const { return end_; }

protected:
    // The implementation's half of take_over: fence, reopen if need be, and return the last stored
    // batch (an empty one, with sequences 0, when there is none).
    virtual Result<StoredBatch> fence() = 0;
    // One durable transaction, under the epoch last fenced, that fails if another owner raised it.
    virtual AppendOutcome store(Sequence first, Sequence last, std::string_view bytes,
                                const Checkpoint& before) = 0;

private:
    JournalEnd end_;
};

// The framing of a batch, shared by every reader. Refuses with store_failed what is not a batch.
std::string frame(const Batch& batch, const ChainHash& previous);
struct Framed {
    ChainHash previous;
    Batch batch;
};
Result<Framed> unframe(std::string_view bytes);
ChainHash chain_hash(std::string_view bytes);

}  // namespace huitong::engine
