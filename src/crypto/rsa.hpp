// RSA keys of 2048 to 4096 bits: the signatures of the merchant contract (RSASSA-PKCS1-v1_5 with
// SHA-256, wechatpay-v3 1.1) and its encrypted fields (OAEP with SHA-1 and MGF1-SHA-1, 1.6).
//
// Keys are immutable values. A copy refers to the same key and costs nothing; every const function
// may be called from many threads at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr int rsa_bits_min = 2048;
inline constexpr int rsa_bits_max = 4096;

struct KeyImpl;

struct SignedDigest {
    bool sha256 = false;  // false: of another digest algorithm, such as SHA-1
    std::string bytes;    // of the digest when it is SHA-256
};

class RsaPublicKey {
public:
    // SubjectPublicKeyInfo as PEM ("PUBLIC KEY") or DER. Refuses with key_invalid what is
    // malformed, of another algorithm, too short, too long, or has an exponent that nobody uses in
    // earnest.
    static Result<RsaPublicKey> load(std::string_view pem_or_der);

    // SHA-256 with PKCS#1 v1.5; 20 us for 2048 bits.
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;
    // What a PKCS#1 v1.5 signature of this key was made over: tells a wrong text from a wrong key.
    // Nothing when the signature is of another key or padding. Not a check: that is verify().
    [[nodiscard]] std::optional<SignedDigest> signed_digest(std::string_view signature) const;
    // At most key bytes - 42. Refuses with field_range what is longer.
    [[nodiscard]] Result<std::string> encrypt_oaep_sha1(std::string_view plaintext) const;

    [[nodiscard]] std::string to_pem() const;
    [[nodiscard]] std::string to_der() const;
    [[nodiscard]] int bits() const;
    friend bool operator==(const RsaPublicKey& a, const RsaPublicKey& b);

    // For this module's sources.
    explicit RsaPublicKey(std::shared_ptr<const KeyImpl> key) : key_(std::move(key)) {}
    [[nodiscard]] const KeyImpl& impl() const { return *key_; }

private:
    std::shared_ptr<const KeyImpl> key_;
};

class RsaPrivateKey {
public:
    // PKCS#8 as PEM ("PRIVATE KEY", not encrypted) or DER. Refuses with key_invalid; a key whose
    // parts do not belong together is found here by a trial signature.
    static Result<RsaPrivateKey> load(std::string_view pem_or_der);
    // Takes a tenth of a second or so.
    static RsaPrivateKey generate(int bits = rsa_bits_min);

    // As long as the modulus: 256 bytes for 2048 bits. About 370 us, so it belongs on a pool.
    [[nodiscard]] std::string sign(std::string_view message) const;
    // Both refuse with decryption_failed. PKCS#1 v1.5 is for the contract's old interfaces only; a
    // caller must not let an outsider tell its refusals from other ones (Bleichenbacher).
    [[nodiscard]] Result<Secret> decrypt_oaep_sha1(std::string_view ciphertext) const;
    [[nodiscard]] Result<Secret> decrypt_pkcs1v15(std::string_view ciphertext) const;

    [[nodiscard]] RsaPublicKey public_key() const;
    [[nodiscard]] Secret to_pem() const;
    [[nodiscard]] Secret to_der() const;

    // For this module's sources.
    explicit RsaPrivateKey(std::shared_ptr<const KeyImpl> key) : key_(std::move(key)) {}
    [[nodiscard]] const KeyImpl& impl() const { return *key_; }

private:
    std::shared_ptr<const KeyImpl> key_;
};

}  // namespace huitong::crypto
