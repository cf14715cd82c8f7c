// SM2: signatures over SM3 digests (GB/T 32918.2) and public-key encryption (.4) on the national
// curve (.5), beside the RSA keys of rsa.hpp. crypto::PublicKey and PrivateKey hold either.
//
// Keys are immutable values. A copy refers to the same key and costs nothing; every const function
// may be called from many threads at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/secret.hpp"
#include "crypto/sm/sm2_forms.hpp"

namespace huitong::crypto {

struct KeyImpl;

// Names the signer inside the digest that is signed. Certificates and nearly all channels use the
// default; an empty one is a user id like any other.
class Sm2UserId {
public:
    Sm2UserId() = default;
    // Refuses with field_range what is longer than its 16-bit length in bits can say: 8,191 bytes.
    static Result<Sm2UserId> make(std::string_view bytes);

    [[nodiscard]] std::string_view bytes() const { return bytes_; }

private:
    std::string bytes_ = "1234567812345678";
};

// What stands for the message in the digest: some partners sign a digest of it in its place.
enum class Sm2Prehash : std::uint8_t {
    none,
    sm3_bytes,
    sm3_hex,  // 64 lower-case digits
};

// How a channel signs (sm-crypto 3). The default is that of WeChat Pay (wechatpay-v3 2.7).
struct Sm2Scheme {
    Sm2UserId user_id;
    Sm2SignatureForm form = Sm2SignatureForm::der;
    Sm2Prehash prehash = Sm2Prehash::none;
    bool with_z = true;  // false: user id and key stay out of the digest, against the standard
};

inline constexpr std::size_t sm2_plaintext_bytes_max = std::size_t{1} << 20;

class Sm2PublicKey {
public:
    // SubjectPublicKeyInfo as PEM ("PUBLIC KEY") or DER. All three refuse with key_invalid what is
    // malformed or no point of the curve.
    static Result<Sm2PublicKey> load(std::string_view pem_or_der);
    // 04 and both coordinates, or 02 or 03 and x.
    static Result<Sm2PublicKey> from_point(std::string_view bytes);
    // 64 bytes without the 04, for channels whose configuration says so.
    static Result<Sm2PublicKey> from_coordinates(std::string_view bytes);

    // 350 us or so, as for a signature.
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature,
                              const Sm2Scheme& scheme = {}) const;
    // One byte or more: an empty text cannot be encrypted. Refuses with field_range.
    [[nodiscard]] Result<std::string> encrypt(
        std::string_view plaintext, Sm2CiphertextForm form = Sm2CiphertextForm::asn1) const;

    // Z: the digest of user id, curve and key that is hashed before the message.
    [[nodiscard]] Digest256 z(const Sm2UserId& user_id = {}) const;
    // 65 bytes: 04 and both coordinates.
    [[nodiscard]] std::string point() const;
    [[nodiscard]] std::string to_pem() const;
    [[nodiscard]] std::string to_der() const;
    friend bool operator==(const Sm2PublicKey& a, const Sm2PublicKey& b) {
        return a.coordinates_ == b.coordinates_;
    }

    // For this module's sources.
    [[nodiscard]] const KeyImpl& impl() const { return *key_; }

private:
    using Coordinates = std::array<std::uint8_t, 64>;
    Sm2PublicKey(std::shared_ptr<const KeyImpl> key, const Coordinates& coordinates)
        : key_(std::move(key)), coordinates_(coordinates) {}

    std::shared_ptr<const KeyImpl> key_;
    Coordinates coordinates_;
};

class Sm2PrivateKey {
public:
    // PKCS#8 ("PRIVATE KEY") or SEC 1 ("EC PRIVATE KEY", "SM2 PRIVATE KEY") as PEM or DER, not
    // encrypted: for those see key_file.hpp. Refuses with key_invalid, also when a public point
    // stands beside a number that is not its own.
    static Result<Sm2PrivateKey> load(std::string_view pem_or_der);
    // 32 bytes, most significant first: 1 to n - 2. Refuses with key_invalid.
    static Result<Sm2PrivateKey> from_number(const Secret& number);
    static Sm2PrivateKey generate();

    // 70 to 72 bytes as DER, rarely fewer; 64 raw. About 350 us, so it belongs on a pool.
    [[nodiscard]] std::string sign(std::string_view message, const Sm2Scheme& scheme = {}) const;
    // Refuses with decryption_failed, whatever the reason.
    [[nodiscard]] Result<Secret> decrypt(std::string_view ciphertext,
                                         Sm2CiphertextForm form = Sm2CiphertextForm::asn1) const;

    [[nodiscard]] Sm2PublicKey public_key() const { return public_key_; }
    [[nodiscard]] Secret number() const;
    // PKCS#8.
    [[nodiscard]] Secret to_pem() const;
    [[nodiscard]] Secret to_der() const;

    // For this module's sources.
    [[nodiscard]] const KeyImpl& impl() const { return *key_; }

private:
    Sm2PrivateKey(std::shared_ptr<const KeyImpl> key, Sm2PublicKey public_key)
        : key_(std::move(key)), public_key_(std::move(public_key)) {}

    std::shared_ptr<const KeyImpl> key_;
    Sm2PublicKey public_key_;
};

}  // namespace huitong::crypto
