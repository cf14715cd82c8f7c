#include "store/sqlite/data_directory.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "crypto/random.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/journal_segment.hpp"

namespace huitong::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t id_digits = 32;
constexpr std::size_t small_file_bytes_max = 1024;

// A file descriptor that closes itself.
class File {
public:
    File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

std::string read_small(int fd) {
    std::string text(small_file_bytes_max, '\0');
    const ssize_t count = ::pread(fd, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

bool write_small(int fd, std::string_view text) {
    return ::ftruncate(fd, 0) == 0 &&
           ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

// Takes "name value\n" off the front of the text.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
    if (!text.starts_with(name) || !text.substr(name.size()).starts_with(' ')) return std::nullopt;
    text.remove_prefix(name.size() + 1);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view value = text.substr(0, end);
    text.remove_prefix(end + 1);
    return value;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (code != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

bool valid_id(std::string_view id) {
    return id.size() == id_digits &&
           id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

// The lock is the descriptor's, so it ends with the process however that dies. The text is only
// for the one who comes second.
Result<int> take_lock(const fs::path& root) {
    File lock(root / "LOCK", O_RDWR | O_CREAT);
    if (!lock.is_open()) return fail_errno(Error::store_failed, (root / "LOCK").string(), errno);
    if (::flock(lock.fd(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return fail_errno(Error::store_failed, "locking LOCK", errno);
        std::string owner = read_small(lock.fd());
        while (!owner.empty() && owner.back() == '\n') owner.pop_back();
        return fail(Error::data_directory_in_use, fmt::format("{} is in use by {}", root.string(),
                                                              owner.empty() ? "another" : owner));
    }
    if (!write_small(lock.fd(), fmt::format("process {} on {}\n", ::getpid(), host_name()))) {
        return fail_errno(Error::store_failed, "writing LOCK", errno);
    }
    return lock.release();
}

Result<StoreIdentity> read_or_draw_identity(const fs::path& root) {
    auto found = read_identity(root);
    if (found || found.error() != Error::data_directory_missing) return found;
    TRY(segments, list_segments(root));
    if (!segments.empty()) {
        return fail(Error::store_mismatch,
                    fmt::format("{} has a journal but no STORE file", root.string()));
    }
    StoreIdentity drawn{.id = crypto::random_hex(id_digits), .generation = 1};
    CHECK(write_identity(root, drawn));
    return drawn;
}

}  // namespace

Result<void> sync_directory(const fs::path& directory) {
    const File file(directory, O_RDONLY | O_DIRECTORY);
    if (!file.is_open() || ::fsync(file.fd()) != 0) {
        return fail_errno(Error::store_failed, directory.string(), errno);
    }
    return {};
}

Result<StoreIdentity> read_identity(const fs::path& directory) {
    const fs::path path = directory / "STORE";
    const File file(path, O_RDONLY);
    if (!file.is_open()) {
        return fail_errno(errno == ENOENT ? Error::data_directory_missing : Error::store_failed,
                          path.string(), errno);
    }
    const std::string text = read_small(file.fd());
    std::string_view rest = text;
    const auto format = parse_number(take_line(rest, "format").value_or(""));
    if (format && *format != store_format) {
        return fail(Error::store_format_unknown, fmt::format("{}: format {}; this program knows {}",
                                                             path.string(), *format, store_format));
    }
    const auto id = take_line(rest, "id");
    const auto generation = parse_number(take_line(rest, "generation").value_or(""));
    if (!format || !id || !valid_id(*id) || !generation || *generation == 0 || !rest.empty()) {
        return fail(Error::store_failed, path.string() + ": not a STORE file");
    }
    return StoreIdentity{.id = std::string(*id), .generation = *generation};
}

Result<void> write_identity(const fs::path& directory, const StoreIdentity& identity) {
    const fs::path path = directory / "STORE";
    const fs::path draft = directory / "STORE.new";
    {
        const File file(draft, O_RDWR | O_CREAT);
        const std::string text = fmt::format("format {}\nid {}\ngeneration {}\n", store_format,
                                             identity.id, identity.generation);
        if (!file.is_open() || !write_small(file.fd(), text) || ::fsync(file.fd()) != 0) {
            return fail_errno(Error::store_failed, draft.string(), errno);
        }
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) {
        return fail_errno(Error::store_failed, path.string(), errno);
    }
    return sync_directory(directory);
}

DataDirectory::DataDirectory(fs::path root, StoreIdentity identity, int lock)
    : root_(std::move(root)), identity_(std::move(identity)), lock_(lock) {}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : root_(std::move(other.root_)),
      identity_(std::move(other.identity_)),
      lock_(std::exchange(other.lock_, -1)) {}

DataDirectory::~DataDirectory() {
    if (lock_ >= 0) ::close(lock_);
}

Result<DataDirectory> DataDirectory::own(const fs::path& root) {
    std::error_code code;
    if (fs::create_directories(root, code)) {
        fs::permissions(root, fs::perms::owner_all, code);
    }
    if (code) return fail_errno(Error::store_failed, root.string(), code.value());
    TRY(lock, take_lock(root));
    DataDirectory directory(root, {}, lock);
    TRY(identity, read_or_draw_identity(root));
    directory.identity_ = std::move(identity);
    return directory;
}

Result<DataDirectory> DataDirectory::look_at(const fs::path& root) {
    TRY(identity, read_identity(root));
    return DataDirectory(root, std::move(identity), -1);
}

}  // namespace huitong::store::sqlite
