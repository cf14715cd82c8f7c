// Sealing: what lies on disk and must stay secret is encrypted and bound to its place.
//
// The master key lives in a file of its own, outside the data directory's backups. It seals the
// platform's own secrets and wraps one SubjectKey per person; that key seals the person's data.
// Forgetting a wrapped SubjectKey therefore erases everything ever sealed under it.
//
// Layout of a sealed text:
//   1 byte   version: 1
//   1 byte   key id: tells apart the keys of a rotation; derived from the key, not secret
//   12 bytes nonce, random
//   n bytes  AES-256-GCM ciphertext
//   16 bytes tag
// Version, key id and context are authenticated. The context says what is sealed and for whom
// ("merchant/1900007291/apiv3-key"), so that a sealed text moved elsewhere does not open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr std::size_t sealing_key_bytes = 32;
inline constexpr std::size_t seal_overhead_bytes = 1 + 1 + 12 + 16;

// 32 bytes that seal; what MasterKey and SubjectKey have in common. Const functions may be called
// from many threads at once.
class SealingKey {
public:
    // Refuses with key_invalid unless there are 32 bytes.
    static Result<SealingKey> make(Secret bytes);
    static SealingKey generate();

    // The nonce is drawn anew each time, so equal plaintexts look different. A random nonce is
    // safe for four thousand million texts a key. Plaintexts end at gcm_message_bytes_max.
    [[nodiscard]] std::string seal(std::string_view context, std::string_view plaintext) const;
    // Refuses with key_invalid what another key sealed, otherwise with decryption_failed.
    [[nodiscard]] Result<Secret> open(std::string_view context, std::string_view sealed) const;

    [[nodiscard]] std::uint8_t id() const { return id_; }
    [[nodiscard]] const Secret& bytes() const { return bytes_; }

private:
    explicit SealingKey(Secret bytes);
    Secret bytes_;
    std::uint8_t id_ = 0;
};

// A person's data key. It exists in clear only in memory.
class SubjectKey {
public:
    static SubjectKey generate() { return SubjectKey(SealingKey::generate()); }

    [[nodiscard]] std::string seal(std::string_view context, std::string_view plaintext) const {
        return key_.seal(context, plaintext);
    }
    [[nodiscard]] Result<Secret> open(std::string_view context, std::string_view sealed) const {
        return key_.open(context, sealed);
    }

private:
    friend class MasterKey;
    explicit SubjectKey(SealingKey key) : key_(std::move(key)) {}
    SealingKey key_;
};

class MasterKey {
public:
    // The file holds 64 hexadecimal digits and a line feed. Refuses with key_file_exposed unless
    // it is ours alone (owner, mode 0600 or 0400), with key_file_unreadable when it is no such
    // file.
    static Result<MasterKey> load(const std::filesystem::path& file);
    // Makes a new key and its file, which appears complete and durable or not at all. Refuses with
    // key_file_exists rather than overwrite, with key_file_unreadable when the disk refuses.
    static Result<MasterKey> create(const std::filesystem::path& file);
    // For tests and for keys that come from elsewhere.
    explicit MasterKey(SealingKey key) : key_(std::move(key)) {}

    [[nodiscard]] std::string seal(std::string_view context, std::string_view plaintext) const {
        return key_.seal(context, plaintext);
    }
    [[nodiscard]] Result<Secret> open(std::string_view context, std::string_view sealed) const {
        return key_.open(context, sealed);
    }

    // 32 bytes for another purpose of ours, always the same: HMAC-SHA256 under this key.
    [[nodiscard]] Secret derive(std::string_view purpose) const;

    // `subject` names the person, such as the user's id; unwrapping needs the same name.
    [[nodiscard]] std::string wrap(std::string_view subject, const SubjectKey& key) const;
    [[nodiscard]] Result<SubjectKey> unwrap(std::string_view subject,
                                            std::string_view wrapped) const;

private:
    SealingKey key_;
};

}  // namespace huitong::crypto
