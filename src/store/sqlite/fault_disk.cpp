#include "store/sqlite/fault_disk.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sqlite3.h>
#include <utility>

namespace huitong::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sector_bytes = 512;

void put(std::string& image, std::size_t offset, std::string_view bytes) {
    if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size(), '\0');
    std::ranges::copy(bytes, image.begin() + static_cast<std::ptrdiff_t>(offset));
}

std::string read_all(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void FaultDisk::inject(Fault fault, std::uint64_t countdown) {
    fault_ = fault;
    countdown_ = std::max<std::uint64_t>(countdown, 1);
    struck_ = false;
}

void FaultDisk::clear() {
    fault_ = Fault::none;
    full_ = false;
}

bool FaultDisk::strikes(Fault fault) {
    if (fault_ != fault || --countdown_ != 0) return false;
    fault_ = Fault::none;
    struck_ = true;
    return true;
}

FaultDisk::FilePtr FaultDisk::open(const fs::path& path) {
    if (const auto found = current_.find(path); found != current_.end()) return found->second;
    auto file = std::make_shared<File>();
    std::error_code ignored;
    if (fs::exists(path, ignored)) {
        file->image = read_all(path);
        file->size = static_cast<std::int64_t>(file->image.size());
        durable_[path] = file;
    }
    current_[path] = file;
    return file;
}

void FaultDisk::remove(const fs::path& path) {
    if (!current_.contains(path)) open(path);
    current_.erase(path);
}

void FaultDisk::sync_names(const fs::path& directory) {
    std::erase_if(durable_, [&](const auto& entry) {
        return entry.first.parent_path() == directory && !current_.contains(entry.first);
    });
    for (const auto& [path, file] : current_) {
        if (path.parent_path() == directory) durable_[path] = file;
    }
}

bool FaultDisk::allow_read() {
    if (strikes(Fault::power_loss)) powered_ = false;
    return powered_ && !strikes(Fault::read_error);
}

FaultDisk::Verdict FaultDisk::allow_write(const File& file, std::int64_t offset,
                                          std::size_t bytes) {
    if (strikes(Fault::power_loss)) {
        powered_ = false;
        // The write that was under way may be among those that survive.
        return {SQLITE_IOERR_WRITE, coin() ? bytes : 0};
    }
    if (!powered_) return {SQLITE_IOERR_WRITE, 0};
    if (strikes(Fault::write_error)) return {SQLITE_IOERR_WRITE, random_.below(bytes + 1)};
    if (strikes(Fault::disk_full)) full_ = true;
    const std::int64_t end = offset + static_cast<std::int64_t>(bytes);
    if (full_ && end > file.size) {
        const auto room = static_cast<std::size_t>(std::max<std::int64_t>(file.size - offset, 0));
        return {SQLITE_FULL, room};
    }
    return {SQLITE_OK, bytes};
}

void FaultDisk::written(File& file, std::int64_t offset, std::string_view bytes) {
    file.size = std::max(file.size, offset + static_cast<std::int64_t>(bytes.size()));
    file.changes.push_back({.offset = offset, .bytes = std::string(bytes)});
}

void FaultDisk::truncated(File& file, std::int64_t size) {
    file.size = size;
    file.changes.push_back({.truncation = true, .offset = size, .bytes = {}});
}

int FaultDisk::sync(File& file) {
    if (strikes(Fault::power_loss)) powered_ = false;
    if (!powered_) return SQLITE_IOERR_FSYNC;
    if (strikes(Fault::sync_error)) {
        survive(file);
        return SQLITE_IOERR_FSYNC;
    }
    for (const Change& change : file.changes) {
        const auto offset = static_cast<std::size_t>(change.offset);
        if (change.truncation) {
            file.image.resize(offset, '\0');
        } else {
            put(file.image, offset, change.bytes);
        }
    }
    file.changes.clear();
    return strikes(Fault::sync_unknown) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

void FaultDisk::apply_in_part(std::string& image, const Change& change) {
    const auto offset = static_cast<std::size_t>(change.offset);
    const std::uint64_t fate = random_.below(3);
    if (fate == 0) return;
    if (change.truncation) {
        image.resize(offset, '\0');
        return;
    }
    if (fate == 1) {
        put(image, offset, change.bytes);
        return;
    }
    const std::string_view bytes = change.bytes;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t boundary = (offset + at) / sector_bytes * sector_bytes + sector_bytes;
        const std::size_t count = std::min(bytes.size() - at, boundary - offset - at);
        if (coin()) put(image, offset + at, bytes.substr(at, count));
        at += count;
    }
}

// Of the changes since the last sync, what by chance reached the disk.
void FaultDisk::survive(File& file) {
    for (const Change& change : file.changes) apply_in_part(file.image, change);
    file.changes.clear();
}

std::vector<fs::path> FaultDisk::crash() {
    std::set<fs::path> paths;
    for (const auto& [path, file] : current_) paths.insert(path);
    for (const auto& [path, file] : durable_) paths.insert(path);
    Names survivors;
    for (const fs::path& path : paths) {
        const auto now = current_.find(path);
        const auto before = durable_.find(path);
        const FilePtr current = now == current_.end() ? nullptr : now->second;
        const FilePtr durable = before == durable_.end() ? nullptr : before->second;
        if (FilePtr kept = coin() ? current : durable) survivors[path] = std::move(kept);
    }
    for (const fs::path& path : paths) {
        std::error_code ignored;
        fs::remove(path, ignored);
        const auto survivor = survivors.find(path);
        if (survivor == survivors.end()) continue;
        File& file = *survivor->second;
        survive(file);
        file.size = static_cast<std::int64_t>(file.image.size());
        std::ofstream(path, std::ios::binary) << file.image;
    }
    current_ = survivors;
    durable_ = std::move(survivors);
    clear();
    powered_ = true;
    return {paths.begin(), paths.end()};
}

}  // namespace huitong::store::sqlite
