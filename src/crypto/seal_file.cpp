// The master key's file (seal.hpp).
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t file_bytes = 2 * sealing_key_bytes + 1;

class FileDescriptor {
public:
    explicit FileDescriptor(int number) : number_(number) {}
    ~FileDescriptor() {
        if (number_ >= 0) ::close(number_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

// A regular file that nobody but this user may read or change.
Result<void> check_ours_alone(int file) {
    struct stat status{};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        return refuse(Error::key_file_unreadable);
    const auto mode = status.st_mode & 07777U;
    if (status.st_uid != ::geteuid() || (mode != 0600 && mode != 0400))
        return refuse(Error::key_file_exposed);
    return {};
}

// Everything up to the end, one byte more than a key file has at most.
Secret read_all(int file) {
    Secret text = Secret::of_size(file_bytes + 1);
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(file, text.writable().data() + size, text.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
    }
    text.shorten(size);
    return text;
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool write_new_file(const std::filesystem::path& path, std::string_view text) {
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    // The process's umask may have taken our own bits away as well.
    return file.is_open() && ::fchmod(file.get(), 0600) == 0 && write_all(file.get(), text) &&
           ::fsync(file.get()) == 0;
}

bool sync_directory_of(const std::filesystem::path& path) {
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    const FileDescriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.is_open() && ::fsync(directory.get()) == 0;
}

// Complete under another name first, then linked: a link never replaces a file, and a crash leaves
// no half-written key behind under the name that counts.
Result<void> create_whole(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::path draft = path;
    draft += ".new-" + random_hex(16);
    const bool written = write_new_file(draft, text);
    const bool linked = written && ::link(draft.c_str(), path.c_str()) == 0;
    const bool exists = written && !linked && errno == EEXIST;
    ::unlink(draft.c_str());
    if (exists) return refuse(Error::key_file_exists);
    if (!linked || !sync_directory_of(path)) return refuse(Error::key_file_unreadable);
    return {};
}

}  // namespace

Result<MasterKey> MasterKey::load(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a pipe by mistake must not hang the start.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open()) return refuse(Error::key_file_unreadable);
    CHECK(check_ours_alone(file.get()));
    const Secret text = read_all(file.get());
    std::string_view digits = text.expose();
    if (digits.ends_with('\n')) digits.remove_suffix(1);
    Result<std::string> bytes = from_hex(digits);
    if (!bytes) return refuse(Error::key_file_unreadable);
    Result<SealingKey> key = SealingKey::make(Secret::take(*std::move(bytes)));
    if (!key) return refuse(Error::key_file_unreadable);
    return MasterKey(*std::move(key));
}

Result<MasterKey> MasterKey::create(const std::filesystem::path& path) {
    SealingKey key = SealingKey::generate();
    const Secret text = Secret::take(to_hex(key.bytes().expose()) + "\n");
    CHECK(create_whole(path, text.expose()));
    return MasterKey(std::move(key));
}

}  // namespace huitong::crypto
