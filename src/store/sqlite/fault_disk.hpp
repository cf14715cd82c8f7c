// A disk that loses what was not synced: the model behind the fault VFS.
//
// The current contents of files are real files. Beside them this keeps, for each file, what would
// survive a power loss for sure (the durable image) and the writes since the last sync. A power
// loss keeps, drops or tears each of these by itself, at 512-byte sectors; names of files, too, are
// lost or come back unless their directory was synced. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/prng.hpp"

namespace huitong::store::sqlite {

enum class Fault : std::uint8_t {
    none,
    disk_full,     // writes that lengthen a file fail with ENOSPC, until clear()
    write_error,   // one write fails, with part of it done
    read_error,    // one read fails
    sync_error,    // one sync fails; as on Linux, what was dirty counts as clean but may be lost
    sync_unknown,  // one sync does its work, then says that it failed
    power_loss,    // from this operation on all fail, until crash() settles what is left
};

class FaultDisk {
public:
    struct File;
    using FilePtr = std::shared_ptr<File>;

    explicit FaultDisk(std::uint64_t seed) : random_(seed) {}

    // The fault strikes at the `countdown`th operation from now that it can strike at.
    void inject(Fault fault, std::uint64_t countdown);
    void clear();
    [[nodiscard]] bool struck() const { return struck_; }
    [[nodiscard]] bool powered() const { return powered_; }

    // The file's model; made from the real file when it is first seen.
    FilePtr open(const std::filesystem::path& path);
    void remove(const std::filesystem::path& path);
    void sync_names(const std::filesystem::path& directory);

    // Whether the operation may go on.
    [[nodiscard]] bool allow_read();
    struct Verdict {
        int code = 0;           // SQLite's
        std::size_t bytes = 0;  // how many of the bytes to write all the same
    };
    [[nodiscard]] Verdict allow_write(const File& file, std::int64_t offset, std::size_t bytes);
    void written(File& file, std::int64_t offset, std::string_view bytes);
    [[nodiscard]] bool allow_truncate() const { return powered_; }
    void truncated(File& file, std::int64_t size);
    // Returns SQLite's code.
    [[nodiscard]] int sync(File& file);

    // The power fails (or failed before) and comes back: the real files become what survived.
    // Returns the paths it settled.
    std::vector<std::filesystem::path> crash();

private:
    struct Change;
    using Names = std::map<std::filesystem::path, FilePtr>;

    bool strikes(Fault fault);
    bool coin() { return random_.below(2) == 0; }
    void survive(File& file);
    void apply_in_part(std::string& image, const Change& change);

    Prng random_;
    Fault fault_ = Fault::none;
    std::uint64_t countdown_ = 0;
    bool struck_ = false;
    bool full_ = false;
    bool powered_ = true;
    Names current_;
    Names durable_;
};

// A write or (with no bytes) a truncation to `offset`.
struct FaultDisk::Change {
    bool truncation = false;
    std::int64_t offset = 0;
    std::string bytes;
};

struct FaultDisk::File {
    std::int64_t size = 0;
    std::string image;            // durable
    std::vector<Change> changes;  // since the last sync, in order
};

}  // namespace huitong::store::sqlite
