// What the tests of the SQLite store share.
#pragma once

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <unistd.h>
#include <vector>

#include "base/ensure.hpp"
#include "engine/journal.hpp"

namespace huitong::store::sqlite::testing {

// Which lives a fault test runs: HUITONG_FAULT_SEEDS of them, or HUITONG_FAULT_SEED alone.
inline std::vector<std::uint64_t> fault_seeds(std::uint64_t otherwise) {
    const auto number = [](const char* variable) -> std::uint64_t {
        const char* const text = std::getenv(variable);
        return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
    };
    if (const std::uint64_t one = number("HUITONG_FAULT_SEED"); one != 0) return {one};
    const std::uint64_t asked = number("HUITONG_FAULT_SEEDS");
    std::vector<std::uint64_t> seeds(asked == 0 ? otherwise : asked);
    std::iota(seeds.begin(), seeds.end(), 1);
    return seeds;
}

// A directory of its own, removed at the end.
class TempDir {
public:
    TempDir() {
        static std::atomic<int> count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("huitong-store-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
        std::filesystem::create_directories(path_);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline engine::Batch batch_after(const engine::JournalEnd& end, std::vector<std::string> entries) {
    return {{end.last.value + 1}, end.now + milliseconds(1), std::move(entries)};
}

inline engine::AppendOutcome append(engine::Journal& journal, std::vector<std::string> entries,
                                    const engine::Checkpoint& before = {}) {
    return journal.append(batch_after(journal.end(), std::move(entries)), before);
}

// All entries of a journal, its chain and its sequences checked.
inline std::vector<std::string> contents(engine::Journal& journal) {
    std::vector<std::string> entries;
    engine::ChainHash hash{};
    const auto read = journal.read({1}, [&](const engine::StoredBatch& stored) {
        const auto framed = engine::unframe(stored.bytes);
        EXPECT_TRUE(framed.has_value());
        if (!framed) return false;
        EXPECT_EQ(framed->previous, hash);
        EXPECT_EQ(framed->batch.first, stored.first);
        EXPECT_EQ(stored.first.value, entries.size() + 1);
        entries.insert(entries.end(), framed->batch.entries.begin(), framed->batch.entries.end());
        EXPECT_EQ(stored.last.value, entries.size());
        hash = engine::chain_hash(stored.bytes);
        return true;
    });
    EXPECT_TRUE(read.has_value());
    return entries;
}

}  // namespace huitong::store::sqlite::testing
