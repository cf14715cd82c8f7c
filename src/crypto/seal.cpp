#include "crypto/seal.hpp"

#include "base/ensure.hpp"
#include "crypto/aead.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

constexpr char seal_version = 1;
constexpr std::size_t header_bytes = 2;
static_assert(seal_overhead_bytes == header_bytes + gcm_iv_bytes + gcm_tag_bytes);

// The header has a fixed length, so no two pairs of header and context look alike.
std::string authenticated(std::string_view header, std::string_view context) {
    return std::string(header).append(context);
}

// No context of ordinary data begins with a zero byte.
std::string wrapping_context(std::string_view subject) {
    return std::string("\0subject-key/", 13).append(subject);
}

}  // namespace

SealingKey::SealingKey(Secret bytes)
    : bytes_(std::move(bytes)), id_(hmac_sha256(bytes_, "huitong sealing key id")[0]) {}

Result<SealingKey> SealingKey::make(Secret bytes) {
    if (bytes.size() != sealing_key_bytes) return refuse(Error::key_invalid);
    return SealingKey(std::move(bytes));
}

SealingKey SealingKey::generate() {
    return SealingKey(random_secret(sealing_key_bytes));
}

std::string SealingKey::seal(std::string_view context, std::string_view plaintext) const {
    std::string sealed{seal_version, static_cast<char>(id_)};
    const std::string data = authenticated(sealed, context);
    const std::string nonce = random_bytes(gcm_iv_bytes);
    const auto ciphertext = aes_gcm_seal(bytes_, {.iv = nonce, .associated_data = data}, plaintext);
    ENSURE(ciphertext.has_value());  // Only a wrong length could refuse.
    return sealed.append(nonce).append(*ciphertext);
}

Result<Secret> SealingKey::open(std::string_view context, std::string_view sealed) const {
    if (sealed.size() < seal_overhead_bytes || sealed[0] != seal_version)
        return refuse(Error::decryption_failed);
    if (static_cast<std::uint8_t>(sealed[1]) != id_) return refuse(Error::key_invalid);
    const std::string data = authenticated(sealed.substr(0, header_bytes), context);
    return aes_gcm_open(bytes_,
                        {.iv = sealed.substr(header_bytes, gcm_iv_bytes), .associated_data = data},
                        sealed.substr(header_bytes + gcm_iv_bytes));
}

Secret MasterKey::derive(std::string_view purpose) const {
    const Digest256 mac = hmac_sha256(key_.bytes(), "huitong/derive/" + std::string(purpose));
    return Secret({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

std::string MasterKey::wrap(std::string_view subject, const SubjectKey& key) const {
    return seal(wrapping_context(subject), key.key_.bytes().expose());
}

Result<SubjectKey> MasterKey::unwrap(std::string_view subject, std::string_view wrapped) const {
    TRY(bytes, open(wrapping_context(subject), wrapped));
    TRY(key, SealingKey::make(std::move(bytes)));
    return SubjectKey(std::move(key));
}

}  // namespace huitong::crypto
