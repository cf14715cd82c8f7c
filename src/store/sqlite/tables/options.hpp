// Where the tables lie and whose they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace huitong::store::sqlite {

struct TablesOptions {
    std::filesystem::path path;
    std::string store_id;          // of the data directory
    std::uint64_t generation = 1;  // of the data directory; a restore raises it
    std::uint32_t partition = 0;
    bool read_only = false;           // for tools beside an owner: store() is refused
    int cache_kib = 256 * 1024;       // the writer's page cache
    int reader_cache_kib = 8 * 1024;  // of each reading connection
    // The WAL is copied into the file when it has this many pages (64 MiB). Larger, and a page that
    // many batches change is copied fewer times; but the copying keeps the disk from the journal,
    // for a quarter of a second with 256 MiB, and whoever pays then waits so long.
    int autocheckpoint_pages = 16 * 1024;
    std::string vfs;  // empty: SQLite's own
};

}  // namespace huitong::store::sqlite
