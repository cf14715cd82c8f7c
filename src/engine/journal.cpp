#include "engine/journal.hpp"

#include "base/ensure.hpp"
#include "crypto/digest.hpp"
#include "engine/codec.hpp"
#include "engine/fields.hpp"

namespace huitong::engine {
namespace {

// message huitong.journal.Batch
struct BatchFields {
    std::string previous_hash;
    std::uint32_t format = journal_format;
    std::uint64_t first_sequence = 0;
    Instant now;
    std::vector<std::string> entries;

    template <class V, class Self>
    static void describe(V& v, Self& self) {
        v(1, "previous_hash", self.previous_hash);
        v(2, "format", self.format);
        v(3, "first_sequence", self.first_sequence);
        v(4, "now_ms", self.now);
        v(5, "entries", self.entries);
    }
};

}  // namespace

std::string frame(const Batch& batch, const ChainHash& previous) {
    std::size_t size = 64;
    for (const std::string& entry : batch.entries) size += entry.size() + 6;
    std::string out;
    out.reserve(size);
    fields::Writer writer(out);
    const std::string hash(reinterpret_cast<const char*>(previous.data()), previous.size());
    writer(1, "previous_hash", hash);
    writer(2, "format", journal_format);
    writer(3, "first_sequence", batch.first.value);
    writer(4, "now_ms", batch.now);
    writer(5, "entries", batch.entries);
    return out;
}

Result<Framed> unframe(std::string_view bytes) {
    BatchFields read;
    if (!fields::read(bytes, read) || read.previous_hash.size() != ChainHash{}.size() ||
        read.format > journal_format || read.first_sequence == 0 || read.entries.empty())
        return refuse(Error::store_failed);
    Framed framed{
        {},
        {{read.first_sequence}, read.now, std::move(read.entries)}
    };
    std::ranges::copy(read.previous_hash, framed.previous.begin());
    return framed;
}

ChainHash chain_hash(std::string_view bytes) {
    return crypto::sm3(bytes);
}

Result<JournalEnd> Journal::take_over() {
    TRY(last, fence());
    if (last.last.value == 0) return end_ = JournalEnd{};
    TRY(framed, unframe(last.bytes));
    const bool whole = framed.batch.first == last.first &&
                       last.first.value + framed.batch.entries.size() - 1 == last.last.value;
    if (!whole) return refuse(Error::store_failed);
    return end_ = JournalEnd{last.last, chain_hash(last.bytes), framed.batch.now};
}

AppendOutcome Journal::append(const Batch& batch, const Checkpoint& before) {
    ENSURE(!batch.entries.empty() && batch.first.value == end_.last.value + 1);
    const std::string bytes = frame(batch, end_.hash);
    const Sequence last{batch.first.value + batch.entries.size() - 1};
    const AppendOutcome outcome = store(batch.first, last, bytes, before);
    if (outcome == AppendOutcome::committed) end_ = {last, chain_hash(bytes), batch.now};
    return outcome;
}

}  // namespace huitong::engine
