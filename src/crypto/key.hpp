// Keys of either family, RSA or SM2, for all who sign and verify with whatever key a party has. The
// schemes are the two of the merchant contract (wechatpay-v3 1.1, 2.6, 2.7):
//
//          signature                                   encryption
//   rsa    SHA-256 with PKCS#1 v1.5                    OAEP with SHA-1
//   sm2    SM3 with the default user id, as DER        ASN.1 of C1, C3, C2
//
// Who needs another scheme of a family asks for the key itself. Keys are immutable values that are
// cheap to copy; every const function may be called from many threads at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.hpp"
#include "crypto/rsa.hpp"
#include "crypto/secret.hpp"
#include "crypto/sm/sm2.hpp"

namespace huitong::crypto {

enum class KeyAlgorithm : std::uint8_t { rsa, sm2 };

class PublicKey {
public:
    // NOLINTBEGIN(google-explicit-constructor): an RSA key is a key.
    PublicKey(RsaPublicKey key) : key_(std::move(key)) {}
    PublicKey(Sm2PublicKey key) : key_(std::move(key)) {}
    // NOLINTEND(google-explicit-constructor)
    // SubjectPublicKeyInfo, which names its family, as PEM or DER. Refuses with key_invalid.
    static Result<PublicKey> load(std::string_view pem_or_der);

    [[nodiscard]] KeyAlgorithm algorithm() const;
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;
    // Refuses with field_range what is too long, and for SM2 an empty text.
    [[nodiscard]] Result<std::string> encrypt(std::string_view plaintext) const;

    [[nodiscard]] std::string to_pem() const;
    [[nodiscard]] std::string to_der() const;
    // Null when it is of the other family.
    [[nodiscard]] const RsaPublicKey* rsa() const { return std::get_if<RsaPublicKey>(&key_); }
    [[nodiscard]] const Sm2PublicKey* sm2() const { return std::get_if<Sm2PublicKey>(&key_); }
    friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.key_ == b.key_; }

    // For this module's sources.
    [[nodiscard]] const KeyImpl& impl() const;

private:
    std::variant<RsaPublicKey, Sm2PublicKey> key_;
};

class PrivateKey {
public:
    // NOLINTBEGIN(google-explicit-constructor): as above.
    PrivateKey(RsaPrivateKey key) : key_(std::move(key)) {}
    PrivateKey(Sm2PrivateKey key) : key_(std::move(key)) {}
    // NOLINTEND(google-explicit-constructor)
    // PKCS#8, which names its family, or what else Sm2PrivateKey takes, as PEM or DER and not
    // encrypted. Refuses with key_invalid.
    static Result<PrivateKey> load(std::string_view pem_or_der);
    // RSA of 2048 bits takes a tenth of a second or so.
    static PrivateKey generate(KeyAlgorithm algorithm);

    [[nodiscard]] KeyAlgorithm algorithm() const;
    [[nodiscard]] std::string sign(std::string_view message) const;
    // Refuses with decryption_failed.
    [[nodiscard]] Result<Secret> decrypt(std::string_view ciphertext) const;

    [[nodiscard]] PublicKey public_key() const;
    [[nodiscard]] Secret to_pem() const;
    [[nodiscard]] Secret to_der() const;
    // Null when it is of the other family.
    [[nodiscard]] const RsaPrivateKey* rsa() const { return std::get_if<RsaPrivateKey>(&key_); }
    [[nodiscard]] const Sm2PrivateKey* sm2() const { return std::get_if<Sm2PrivateKey>(&key_); }

    // For this module's sources.
    [[nodiscard]] const KeyImpl& impl() const;

private:
    std::variant<RsaPrivateKey, Sm2PrivateKey> key_;
};

}  // namespace huitong::crypto
