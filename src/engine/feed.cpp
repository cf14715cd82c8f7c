#include "engine/feed.hpp"

#include "engine/codec.hpp"

namespace huitong::engine {

Result<void> TablesFeed::find_cursor() {
    TRY(cursor, tables_.cursor());
    stored_ = cursor.last;
    lost_ = false;
    return {};
}

Result<std::vector<ReadEntry>> TablesFeed::step(Sequence committed) {
    if (lost_) CHECK(find_cursor());
    TRY(entries, read(stored_, committed));
    if (entries.empty()) return entries;
    lost_ = true;
    CHECK(tables_.store(entries));
    lost_ = false;
    stored_ = entries.back().sequence;
    return entries;
}

Result<std::vector<ReadEntry>> TablesFeed::read(Sequence after, Sequence committed) const {
    std::vector<ReadEntry> entries;
    Result<void> good;
    if (after >= committed) return entries;
    CHECK(journal_.read(Sequence{after.value + 1}, [&](const StoredBatch& stored) {
        if (stored.first > committed) return false;
        const auto framed = unframe(stored.bytes);
        if (!framed) return good = refuse(framed.error()), false;
        Sequence sequence = framed->batch.first;
        for (const std::string& bytes : framed->batch.entries) {
            if (sequence > after) {
                auto entry = decode(bytes);
                if (!entry) return good = refuse(entry.error()), false;
                entries.push_back({sequence, framed->batch.now, *std::move(entry)});
            }
            ++sequence.value;
        }
        return entries.size() < entries_max_;
    }));
    CHECK(good);
    return entries;
}

}  // namespace huitong::engine
