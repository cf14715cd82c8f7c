// Reads the segments of a journal, beside its writer or without one. Any thread.
//
// Every batch is fetched in a read transaction of its own: however slow a visitor is, it holds no
// snapshot, so the writer's WAL can be recycled. Memory: one batch per call.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "engine/journal.hpp"
#include "store/sqlite/journal_segment.hpp"

namespace huitong::store::sqlite {

class JournalReader {
public:
    // `vfs`: empty for SQLite's own.
    JournalReader(std::filesystem::path directory, std::string vfs);
    ~JournalReader();

    // As engine::Journal::read. Refuses with store_failed where sequences are missing, also those
    // of segments that were archived.
    Result<void> read(Sequence from, const std::function<bool(engine::StoredBatch)>& visit);
    // Of all segments in use, ascending.
    Result<std::vector<SegmentHead>> heads();
    // Segments may have been replaced: connections opened before are not used again.
    void forget();

private:
    class Source;
    using SourcePtr = std::unique_ptr<Source>;

    // Nothing if the segment does not exist or was never finished.
    Result<SourcePtr> open(std::uint64_t number);
    Result<SourcePtr> borrow(std::uint64_t number);
    void give_back(SourcePtr source);
    Result<SourcePtr> source_of(Sequence from);

    const std::filesystem::path directory_;
    const std::string vfs_;
    std::mutex mutex_;
    std::vector<SourcePtr> idle_;   // under mutex_
    std::uint64_t generation_ = 0;  // under mutex_; raised by forget()
};

}  // namespace huitong::store::sqlite
