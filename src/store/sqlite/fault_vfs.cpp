#include "store/sqlite/fault_vfs.hpp"

#include <atomic>
#include <fmt/format.h>
#include <string_view>

#include "base/ensure.hpp"

namespace huitong::store::sqlite {

struct FaultVfs::Handle {
    FaultVfs* owner = nullptr;
    FaultDisk::FilePtr file;  // none: a temporary file, of which nothing need survive
    std::filesystem::path path;
    bool sync_names = false;  // as SQLite's own VFS does for a new journal or WAL
    bool dead = false;        // opened before a crash
};

namespace {

// As SQLite sees an open file; the real VFS's own follows it in memory.
struct OpenFile {
    sqlite3_file base;
    FaultVfs::Handle* handle;
    sqlite3_file* real;
};

constexpr int new_journal_flags =
    SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
// 2020-01-01T00:00:00Z in milliseconds of the Julian day: the clock stands still.
constexpr sqlite3_int64 frozen_clock = 212'444'596'800'000;

OpenFile& opened(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
    return opened(file).real;
}

}  // namespace

// The functions that SQLite calls.
struct VfsCalls {
    static FaultVfs& owner(sqlite3_vfs* vfs) { return *static_cast<FaultVfs*>(vfs->pAppData); }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
        FaultVfs& self = owner(vfs);
        OpenFile& mine = opened(file);
        mine.base.pMethods = nullptr;
        mine.real = reinterpret_cast<sqlite3_file*>(&mine + 1);
        mine.real->pMethods = nullptr;
        const std::lock_guard lock(self.mutex_);
        if (!self.disk_.powered()) return SQLITE_CANTOPEN;
        const bool tracked = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0;
        // The model must see whether the file exists before it is made.
        const bool may_create = (flags & SQLITE_OPEN_CREATE) != 0;
        FaultDisk::FilePtr model;
        if (tracked && (may_create || std::filesystem::exists(name))) model = self.disk_.open(name);
        const int code = self.real_->xOpen(self.real_, name, mine.real, flags, out);
        if (code != SQLITE_OK) return code;
        mine.handle = new FaultVfs::Handle{
            .owner = &self,
            .file = std::move(model),
            .path = tracked ? name : "",
            .sync_names = tracked && may_create && (flags & new_journal_flags) != 0};
        self.open_.insert(mine.handle);
        mine.base.pMethods = &methods;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
        FaultVfs& self = owner(vfs);
        const std::lock_guard lock(self.mutex_);
        if (!self.disk_.powered()) return SQLITE_IOERR_DELETE;
        const std::filesystem::path path = name;
        self.disk_.remove(path);
        const int code = self.real_->xDelete(self.real_, name, 0);
        if (code == SQLITE_OK && sync_directory != 0) self.disk_.sync_names(path.parent_path());
        return code;
    }

    static int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
        sqlite3_vfs* const next = owner(vfs).real_;
        return next->xAccess(next, name, flags, out);
    }
    static int full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
        sqlite3_vfs* const next = owner(vfs).real_;
        return next->xFullPathname(next, name, size, out);
    }
    static int randomness(sqlite3_vfs* vfs, int size, char* out) {
        sqlite3_vfs* const next = owner(vfs).real_;
        return next->xRandomness(next, size, out);
    }
    static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
    static int current_time(sqlite3_vfs*, double* out) {
        *out = static_cast<double>(frozen_clock) / 86'400'000.0;
        return SQLITE_OK;
    }
    static int current_time_ms(sqlite3_vfs*, sqlite3_int64* out) {
        *out = frozen_clock;
        return SQLITE_OK;
    }
    static int last_error(sqlite3_vfs*, int, char*) { return 0; }

    static int close(sqlite3_file* file) {
        FaultVfs::Handle* const handle = opened(file).handle;
        const int code = real(file)->pMethods->xClose(real(file));
        const std::lock_guard lock(handle->owner->mutex_);
        handle->owner->open_.erase(handle);
        delete handle;
        return code;
    }

    static int read(sqlite3_file* file, void* out, int count, sqlite3_int64 offset) {
        FaultVfs::Handle& handle = *opened(file).handle;
        const std::lock_guard lock(handle.owner->mutex_);
        if (handle.dead || !handle.owner->disk_.allow_read()) return SQLITE_IOERR_READ;
        return real(file)->pMethods->xRead(real(file), out, count, offset);
    }

    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
        FaultVfs::Handle& handle = *opened(file).handle;
        const std::lock_guard lock(handle.owner->mutex_);
        if (handle.dead) return SQLITE_IOERR_WRITE;
        if (!handle.file) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
        FaultDisk& disk = handle.owner->disk_;
        const auto verdict =
            disk.allow_write(*handle.file, offset, static_cast<std::size_t>(count));
        if (verdict.bytes > 0) {
            const int part = static_cast<int>(verdict.bytes);
            const int code = real(file)->pMethods->xWrite(real(file), bytes, part, offset);
            if (code != SQLITE_OK) return code;
            disk.written(*handle.file, offset, {static_cast<const char*>(bytes), verdict.bytes});
        }
        return verdict.code;
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        FaultVfs::Handle& handle = *opened(file).handle;
        const std::lock_guard lock(handle.owner->mutex_);
        if (handle.dead || !handle.owner->disk_.allow_truncate()) return SQLITE_IOERR_TRUNCATE;
        const int code = real(file)->pMethods->xTruncate(real(file), size);
        if (code == SQLITE_OK && handle.file) handle.owner->disk_.truncated(*handle.file, size);
        return code;
    }

    static int sync(sqlite3_file* file, int) {
        FaultVfs::Handle& handle = *opened(file).handle;
        const std::lock_guard lock(handle.owner->mutex_);
        if (handle.dead) return SQLITE_IOERR_FSYNC;
        if (!handle.file) return SQLITE_OK;
        const int code = handle.owner->disk_.sync(*handle.file);
        if (code == SQLITE_OK && handle.sync_names) {
            handle.owner->disk_.sync_names(handle.path.parent_path());
            handle.sync_names = false;
        }
        return code;
    }

    static int file_size(sqlite3_file* file, sqlite3_int64* out) {
        return real(file)->pMethods->xFileSize(real(file), out);
    }
    static int lock(sqlite3_file* file, int level) {
        return real(file)->pMethods->xLock(real(file), level);
    }
    static int unlock(sqlite3_file* file, int level) {
        return real(file)->pMethods->xUnlock(real(file), level);
    }
    static int check_lock(sqlite3_file* file, int* out) {
        return real(file)->pMethods->xCheckReservedLock(real(file), out);
    }
    static int control(sqlite3_file* file, int operation, void* argument) {
        return real(file)->pMethods->xFileControl(real(file), operation, argument);
    }
    static int sector_size(sqlite3_file*) { return 512; }
    // Tearing stays within the bytes written.
    static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
    static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
        return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
    }
    static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
        return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
    }
    static void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
    static int shm_unmap(sqlite3_file* file, int remove) {
        // A connection from before a crash must not take away the file of one from after it.
        const int flag = opened(file).handle->dead ? 0 : remove;
        return real(file)->pMethods->xShmUnmap(real(file), flag);
    }

    static const sqlite3_io_methods methods;
};

const sqlite3_io_methods VfsCalls::methods = {
    .iVersion = 2,  // with shared memory, without memory-mapped reads
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

FaultVfs::FaultVfs(std::uint64_t seed) : disk_(seed), real_(sqlite3_vfs_find(nullptr)) {
    static std::atomic<int> count = 0;
    name_ = fmt::format("fault-{}", ++count);
    vfs_ = *real_;
    vfs_.iVersion = 2;
    vfs_.szOsFile = static_cast<int>(sizeof(OpenFile)) + real_->szOsFile;
    vfs_.pNext = nullptr;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.xOpen = VfsCalls::open;
    vfs_.xDelete = VfsCalls::remove;
    vfs_.xAccess = VfsCalls::access;
    vfs_.xFullPathname = VfsCalls::full_pathname;
    vfs_.xRandomness = VfsCalls::randomness;
    vfs_.xSleep = VfsCalls::sleep;
    vfs_.xCurrentTime = VfsCalls::current_time;
    vfs_.xCurrentTimeInt64 = VfsCalls::current_time_ms;
    vfs_.xGetLastError = VfsCalls::last_error;
    ENSURE(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK);
}

FaultVfs::~FaultVfs() {
    ENSURE(open_.empty());
    sqlite3_vfs_unregister(&vfs_);
}

void FaultVfs::inject(Fault fault, std::uint64_t countdown) {
    const std::lock_guard lock(mutex_);
    disk_.inject(fault, countdown);
}

void FaultVfs::clear() {
    const std::lock_guard lock(mutex_);
    disk_.clear();
}

bool FaultVfs::struck() {
    const std::lock_guard lock(mutex_);
    return disk_.struck();
}

bool FaultVfs::powered() {
    const std::lock_guard lock(mutex_);
    return disk_.powered();
}

void FaultVfs::crash() {
    const std::lock_guard lock(mutex_);
    for (Handle* const handle : open_) handle->dead = true;
    for (const auto& path : disk_.crash()) {
        // The index of the WAL is memory that others share; it does not survive.
        std::error_code ignored;
        std::filesystem::remove(path.string() + "-shm", ignored);
    }
}

}  // namespace huitong::store::sqlite
