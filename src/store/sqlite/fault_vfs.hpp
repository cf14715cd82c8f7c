// A SQLite VFS over a FaultDisk: what power loss, a full disk and failing syncs look like.
//
// For tests and the fault runner; no program for users links it. Files are real files (shared
// memory and locks are those of SQLite's own VFS), so code that lists a directory sees them too.
// Nothing is really synced, nobody sleeps, and the clock stands still.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <sqlite3.h>
#include <string>

#include "store/sqlite/fault_disk.hpp"

namespace huitong::store::sqlite {

class FaultVfs {
public:
    explicit FaultVfs(std::uint64_t seed);
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;
    ~FaultVfs();  // every connection must be closed

    // For DatabaseOptions::vfs and the like.
    [[nodiscard]] const std::string& name() const { return name_; }

    void inject(Fault fault, std::uint64_t countdown);
    void clear();
    // Whether the last injected fault has struck, and whether the power is on.
    [[nodiscard]] bool struck();
    [[nodiscard]] bool powered();
    // Connections that are still open are as if their process had died: they fail until closed.
    void crash();

    struct Handle;  // an open file; private to the implementation

private:
    friend struct VfsCalls;

    std::mutex mutex_;  // of disk_ and open_
    FaultDisk disk_;
    std::set<Handle*> open_;
    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
};

}  // namespace huitong::store::sqlite
