// Making, loading and writing SM2 keys (sm2.hpp).
#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>
#include <span>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/pem.hpp"
#include "crypto/random.hpp"
#include "crypto/sm/sm2.hpp"
#include "crypto/sm/sm2_encoding.hpp"

namespace huitong::crypto {
namespace {

constexpr char uncompressed = '\x04';

using PointHandle = Handle<EC_POINT, EC_POINT_free>;
using Coordinates = std::array<std::uint8_t, 2 * scalar_bytes>;

const EC_GROUP* curve() {
    static const EC_GROUP* const group = EC_GROUP_new_by_curve_name(NID_sm2);
    ENSURE(group != nullptr);
    return group;
}

Coordinates coordinates_of(const EC_POINT* point) {
    std::array<std::uint8_t, point_bytes> bytes{};
    ENSURE(EC_POINT_point2oct(curve(), point, POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                              bytes.size(), nullptr) == bytes.size());
    Coordinates coordinates{};
    std::ranges::copy(std::span(bytes).subspan(1), coordinates.begin());
    return coordinates;
}

// OpenSSL proves that the point lies on the curve; as the cofactor is 1, it is then of full order.
// The point at infinity and the hybrid form, which it would take, have other first bytes.
Result<Coordinates> decode_point(std::string_view bytes) {
    const bool whole = bytes.size() == point_bytes && bytes.starts_with(uncompressed);
    const bool compressed = bytes.size() == 1 + scalar_bytes &&
                            (bytes.starts_with('\x02') || bytes.starts_with('\x03'));
    if (!whole && !compressed) return refuse(Error::key_invalid);
    const ErrorQueueGuard errors;
    const PointHandle point(EC_POINT_new(curve()));
    ENSURE(point != nullptr);
    if (EC_POINT_oct2point(curve(), point.get(), octets(bytes), bytes.size(), nullptr) != 1)
        return refuse(Error::key_invalid);
    return coordinates_of(point.get());
}

// Null when the number is not from 1 to n - 2: beyond, 1 + d would have no inverse.
BignumHandle decode_number(const Secret& bytes) {
    if (bytes.size() != scalar_bytes) return nullptr;
    BignumHandle number(BN_bin2bn(octets(bytes.expose()), scalar_bytes, nullptr));
    const BignumHandle end(BN_dup(EC_GROUP_get0_order(curve())));
    ENSURE(number != nullptr && end != nullptr && BN_sub_word(end.get(), 1) == 1);
    if (BN_is_zero(number.get()) || BN_cmp(number.get(), end.get()) >= 0) return nullptr;
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

Coordinates public_point_of(const BIGNUM* number) {
    const PointHandle point(EC_POINT_new(curve()));
    ENSURE(point != nullptr);
    ENSURE(EC_POINT_mul(curve(), point.get(), number, nullptr, nullptr, nullptr) == 1);
    return coordinates_of(point.get());
}

std::string point_text(const Coordinates& coordinates) {
    return std::string(1, uncompressed).append(as_text(coordinates));
}

// `number` is null for a public key. The parts were checked, so that only memory can fail.
std::shared_ptr<const KeyImpl> make_key(const Coordinates& coordinates, const BIGNUM* number) {
    char group[] = "SM2";
    std::string point = point_text(coordinates);
    Secret native = Secret::of_size(scalar_bytes);
    unsigned char* const secret = octets(native.writable().data());
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
    if (number != nullptr) {
        ENSURE(BN_bn2nativepad(number, secret, scalar_bytes) == scalar_bytes);
        parameters[2] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, secret, scalar_bytes);
    }
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, group, nullptr));
    EVP_PKEY* key = nullptr;
    ENSURE(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
    ENSURE(EVP_PKEY_fromdata(context.get(), &key,
                             number != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                             parameters) == 1);
    return std::make_shared<const KeyImpl>(KeyHandle(key));
}

}  // namespace

Result<Sm2PublicKey> Sm2PublicKey::load(std::string_view pem_or_der) {
    TRY(der, sm2_public_der(pem_or_der));
    const auto point = parse_sm2_public(der.expose());
    return point ? from_point(*point) : refuse(Error::key_invalid);
}

Result<Sm2PublicKey> Sm2PublicKey::from_point(std::string_view bytes) {
    TRY(coordinates, decode_point(bytes));
    return Sm2PublicKey(make_key(coordinates, nullptr), coordinates);
}

Result<Sm2PublicKey> Sm2PublicKey::from_coordinates(std::string_view bytes) {
    if (bytes.size() != 2 * scalar_bytes) return refuse(Error::key_invalid);
    return from_point(std::string(1, uncompressed).append(bytes));
}

std::string Sm2PublicKey::point() const {
    return point_text(coordinates_);
}

std::string Sm2PublicKey::to_der() const {
    return sm2_public_to_der(point());
}

std::string Sm2PublicKey::to_pem() const {
    return crypto::to_pem("PUBLIC KEY", to_der());
}

Result<Sm2PrivateKey> Sm2PrivateKey::load(std::string_view pem_or_der) {
    TRY(der, sm2_private_der(pem_or_der));
    const auto parts = parse_sm2_private(der.expose());
    if (!parts) return refuse(Error::key_invalid);
    TRY(key, from_number(parts->number));
    if (parts->point.empty()) return key;
    TRY(beside, Sm2PublicKey::from_point(parts->point));
    if (beside != key.public_key()) return refuse(Error::key_invalid);
    return key;
}

Result<Sm2PrivateKey> Sm2PrivateKey::from_number(const Secret& bytes) {
    const BignumHandle number = decode_number(bytes);
    if (number == nullptr) return refuse(Error::key_invalid);
    const Coordinates coordinates = public_point_of(number.get());
    // The public part has a key of its own: it is handed around more freely than the secret.
    TRY(public_key, Sm2PublicKey::from_coordinates(as_text(coordinates)));
    return Sm2PrivateKey(make_key(coordinates, number.get()), public_key);
}

Sm2PrivateKey Sm2PrivateKey::generate() {
    // Numbers out of range, one in four billion, are drawn again, so that all others are as likely.
    Result<Sm2PrivateKey> key = from_number(random_secret(scalar_bytes));
    while (!key) key = from_number(random_secret(scalar_bytes));
    return *std::move(key);
}

Secret Sm2PrivateKey::number() const {
    BIGNUM* raw = nullptr;
    ENSURE(EVP_PKEY_get_bn_param(key_->key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &raw) == 1);
    const BignumHandle number(raw);
    Secret bytes = Secret::of_size(scalar_bytes);
    ENSURE(BN_bn2binpad(raw, octets(bytes.writable().data()), scalar_bytes) == scalar_bytes);
    return bytes;
}

Secret Sm2PrivateKey::to_der() const {
    return sm2_private_to_der(number(), public_key_.point());
}

Secret Sm2PrivateKey::to_pem() const {
    return Secret::take(crypto::to_pem("PRIVATE KEY", to_der().expose()));
}

}  // namespace huitong::crypto
