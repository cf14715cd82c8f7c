// A data directory: one store's files, and who may write them.
//
//     STORE                 format, id and generation (text, three lines)
//     LOCK                  locked by the owner while it lives; says its process and host
//     journal-000001.db ..  the journal's segments
//     tables.db             the tables, filled from the journal
//     keys.db               the wrapped data keys of persons
//
// The id is drawn once and ties the files together; every restore raises the generation, so that
// the peers of a restored store can be asked what it has forgotten.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::store::sqlite {

inline constexpr std::uint64_t store_format = 1;

// The contents of STORE.
struct StoreIdentity {
    std::string id;  // 32 hexadecimal digits, random
    std::uint64_t generation = 1;

    friend bool operator==(const StoreIdentity&, const StoreIdentity&) = default;
};

// Refuses with data_directory_missing where there is no STORE, with store_format_unknown what a
// newer program wrote, with store_failed what is no such file.
Result<StoreIdentity> read_identity(const std::filesystem::path& directory);
// The file appears whole and durable, or not at all.
Result<void> write_identity(const std::filesystem::path& directory, const StoreIdentity& identity);

class DataDirectory {
public:
    // Becomes the owner; makes the directory (mode 0700) and its STORE if there is none. Refuses
    // with data_directory_in_use when another process owns it (last_failure() says which), and with
    // store_mismatch when there is a journal but no STORE.
    static Result<DataDirectory> own(const std::filesystem::path& root);
    // Without the lock, for tools that only read, beside an owner or without one.
    static Result<DataDirectory> look_at(const std::filesystem::path& root);

    DataDirectory(DataDirectory&& other) noexcept;
    DataDirectory& operator=(DataDirectory&&) = delete;
    ~DataDirectory();  // gives the lock up

    [[nodiscard]] const StoreIdentity& identity() const { return identity_; }
    [[nodiscard]] bool owned() const { return lock_ >= 0; }
    [[nodiscard]] const std::filesystem::path& root() const { return root_; }
    [[nodiscard]] std::filesystem::path tables() const { return root_ / "tables.db"; }
    [[nodiscard]] std::filesystem::path keys() const { return root_ / "keys.db"; }

private:
    DataDirectory(std::filesystem::path root, StoreIdentity identity, int lock);

    std::filesystem::path root_;
    StoreIdentity identity_;
    int lock_ = -1;  // a file descriptor; -1 for one who only looks
};

// Makes the entries of a directory durable.
Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace huitong::store::sqlite
