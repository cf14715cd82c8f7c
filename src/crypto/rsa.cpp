#include "crypto/rsa.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <tuple>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/pem.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view public_label = "PUBLIC KEY";
constexpr std::string_view private_label = "PRIVATE KEY";

BignumHandle parameter(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
    return BignumHandle(number);
}

bool admissible(const EVP_PKEY* key) {
    if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < rsa_bits_min || bits > rsa_bits_max) return false;
    const BignumHandle modulus = parameter(key, OSSL_PKEY_PARAM_RSA_N);
    const BignumHandle exponent = parameter(key, OSSL_PKEY_PARAM_RSA_E);
    if (modulus == nullptr || exponent == nullptr || BN_is_odd(modulus.get()) == 0) return false;
    // A giant exponent would make each verification as dear as a signature.
    constexpr int exponent_bits_max = 64;
    return BN_is_odd(exponent.get()) == 1 && BN_is_one(exponent.get()) == 0 &&
           BN_num_bits(exponent.get()) <= exponent_bits_max;
}

// Parts longer than the modulus make no better key, but could keep the trial signature busy for
// seconds. Two primes are what everybody uses; OpenSSL would take more.
bool parts_in_bounds(const EVP_PKEY* key) {
    const auto in_bounds = [key](const char* name) {
        const BignumHandle part = parameter(key, name);
        return part != nullptr && BN_num_bits(part.get()) <= EVP_PKEY_get_bits(key);
    };
    return in_bounds(OSSL_PKEY_PARAM_RSA_D) && in_bounds(OSSL_PKEY_PARAM_RSA_FACTOR1) &&
           in_bounds(OSSL_PKEY_PARAM_RSA_FACTOR2) && in_bounds(OSSL_PKEY_PARAM_RSA_EXPONENT1) &&
           in_bounds(OSSL_PKEY_PARAM_RSA_EXPONENT2) &&
           in_bounds(OSSL_PKEY_PARAM_RSA_COEFFICIENT1) &&
           parameter(key, OSSL_PKEY_PARAM_RSA_FACTOR3) == nullptr;
}

// DER as it is, or the inside of PEM.
Result<Secret> der_of(std::string_view label, std::string_view pem_or_der) {
    if (pem_or_der.empty() || pem_or_der.size() > pem_bytes_max) return refuse(Error::key_invalid);
    if (!looks_like_pem(pem_or_der)) return Secret(pem_or_der);
    Result<Secret> der = from_pem(label, pem_or_der);
    if (!der) return refuse(Error::key_invalid);
    return der;
}

KeyHandle decode_public(std::string_view der) {
    const unsigned char* at = octets(der);
    KeyHandle key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    return at == octets(der) + der.size() ? std::move(key) : nullptr;
}

KeyHandle decode_private(std::string_view der) {
    const unsigned char* at = octets(der);
    const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
        d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    if (info == nullptr || at != octets(der) + der.size()) return nullptr;
    return KeyHandle(EVP_PKCS82PKEY(info.get()));
}

template <auto encode>
Secret encoded(const EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = encode(key, &der);
    ENSURE(size > 0);
    const OpensslMemory owner(der);
    Secret secret(as_text({der, static_cast<std::size_t>(size)}));
    OPENSSL_cleanse(der, static_cast<std::size_t>(size));
    return secret;
}

int encode_pkcs8(const EVP_PKEY* key, unsigned char** der) {
    const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key));
    ENSURE(info != nullptr);
    return i2d_PKCS8_PRIV_KEY_INFO(info.get(), der);
}

// A context bound to key and operation, with the padding and digest of the contract's signatures.
template <int (*start)(EVP_PKEY_CTX*)>
KeyContext signature_context(const KeyImpl& impl, const SpareContext& spare) {
    if (KeyContext context = spare.borrow()) return context;
    KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, impl.key.get(), nullptr));
    ENSURE(context != nullptr && start(context.get()) == 1);
    ENSURE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
    ENSURE(EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1);
    return context;
}

// Empty when OpenSSL refuses, which only an inconsistent key can bring about.
std::string try_sign(const KeyImpl& impl, std::string_view message) {
    const Digest256 digest = sha256(message);
    KeyContext context = signature_context<EVP_PKEY_sign_init>(impl, impl.spare_sign);
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(impl.key.get()));
    std::string signature(size, '\0');
    if (EVP_PKEY_sign(context.get(), octets(signature.data()), &size, digest.data(),
                      digest.size()) != 1)
        return {};
    ENSURE(size == signature.size());
    impl.spare_sign.give_back(std::move(context));
    return signature;
}

// Sets up OAEP with SHA-1 for both the label and MGF1, or PKCS#1 v1.5.
void set_padding(EVP_PKEY_CTX* context, int padding) {
    ENSURE(EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1);
    if (padding != RSA_PKCS1_OAEP_PADDING) return;
    ENSURE(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha1()) == 1);
    ENSURE(EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha1()) == 1);
}

Result<Secret> decrypt(const KeyImpl& impl, int padding, std::string_view ciphertext) {
    const ErrorQueueGuard errors;
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(impl.key.get()));
    if (ciphertext.size() != size) return refuse(Error::decryption_failed);
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, impl.key.get(), nullptr));
    ENSURE(context != nullptr && EVP_PKEY_decrypt_init(context.get()) == 1);
    set_padding(context.get(), padding);
    Secret plaintext = Secret::of_size(size);
    if (EVP_PKEY_decrypt(context.get(), octets(plaintext.writable().data()), &size,
                         octets(ciphertext), ciphertext.size()) != 1)
        return refuse(Error::decryption_failed);
    plaintext.shorten(size);
    return plaintext;
}

}  // namespace

Result<RsaPublicKey> RsaPublicKey::load(std::string_view pem_or_der) {
    const ErrorQueueGuard errors;
    TRY(der, der_of(public_label, pem_or_der));
    KeyHandle key = decode_public(der.expose());
    if (!admissible(key.get())) return refuse(Error::key_invalid);
    return RsaPublicKey(std::make_shared<const KeyImpl>(std::move(key)));
}

bool RsaPublicKey::verify(std::string_view message, std::string_view signature) const {
    const Digest256 digest = sha256(message);
    KeyContext context = signature_context<EVP_PKEY_verify_init>(*key_, key_->spare_verify);
    const bool valid = EVP_PKEY_verify(context.get(), octets(signature), signature.size(),
                                       digest.data(), digest.size()) == 1;
    if (!valid) ERR_clear_error();
    key_->spare_verify.give_back(std::move(context));
    return valid;
}

std::optional<SignedDigest> RsaPublicKey::signed_digest(std::string_view signature) const {
    // DigestInfo of SHA-256 up to its 32 bytes (RFC 8017, 9.2, note 1).
    constexpr std::string_view sha256_info(
        "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 19);
    const ErrorQueueGuard errors;
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_->key.get(), nullptr));
    ENSURE(context != nullptr && EVP_PKEY_verify_recover_init(context.get()) == 1);
    set_padding(context.get(), RSA_PKCS1_PADDING);
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get()));
    std::string info(size, '\0');
    if (EVP_PKEY_verify_recover(context.get(), octets(info.data()), &size, octets(signature),
                                signature.size()) != 1)
        return std::nullopt;
    info.resize(size);
    const bool known = info.size() == sha256_info.size() + std::tuple_size_v<Digest256> &&
                       info.starts_with(sha256_info);
    return SignedDigest{known, known ? info.substr(sha256_info.size()) : std::string{}};
}

Result<std::string> RsaPublicKey::encrypt_oaep_sha1(std::string_view plaintext) const {
    const ErrorQueueGuard errors;
    constexpr std::size_t overhead = 2 * std::tuple_size_v<Digest160> + 2;  // RFC 8017, 7.1.1
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get()));
    if (plaintext.size() > size - overhead) return refuse(Error::field_range);
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_->key.get(), nullptr));
    ENSURE(context != nullptr && EVP_PKEY_encrypt_init(context.get()) == 1);
    set_padding(context.get(), RSA_PKCS1_OAEP_PADDING);
    std::string ciphertext(size, '\0');
    if (EVP_PKEY_encrypt(context.get(), octets(ciphertext.data()), &size, octets(plaintext),
                         plaintext.size()) != 1)
        return refuse(Error::key_invalid);
    return ciphertext;
}

std::string RsaPublicKey::to_der() const {
    return std::string(encoded<i2d_PUBKEY>(key_->key.get()).expose());
}

std::string RsaPublicKey::to_pem() const {
    return crypto::to_pem(public_label, to_der());
}

int RsaPublicKey::bits() const {
    return EVP_PKEY_get_bits(key_->key.get());
}

bool operator==(const RsaPublicKey& a, const RsaPublicKey& b) {
    return EVP_PKEY_eq(a.key_->key.get(), b.key_->key.get()) == 1;
}

Result<RsaPrivateKey> RsaPrivateKey::load(std::string_view pem_or_der) {
    const ErrorQueueGuard errors;
    TRY(der, der_of(private_label, pem_or_der));
    KeyHandle key = decode_private(der.expose());
    if (!admissible(key.get()) || !parts_in_bounds(key.get())) return refuse(Error::key_invalid);
    RsaPrivateKey loaded(std::make_shared<const KeyImpl>(std::move(key)));
    constexpr std::string_view trial = "the parts of this key belong together";
    if (!loaded.public_key().verify(trial, try_sign(loaded.impl(), trial)))
        return refuse(Error::key_invalid);
    return loaded;
}

RsaPrivateKey RsaPrivateKey::generate(int bits) {
    ENSURE(bits >= rsa_bits_min && bits <= rsa_bits_max);
    KeyHandle key(EVP_RSA_gen(static_cast<unsigned>(bits)));
    ENSURE(key != nullptr);
    return RsaPrivateKey(std::make_shared<const KeyImpl>(std::move(key)));
}

std::string RsaPrivateKey::sign(std::string_view message) const {
    std::string signature = try_sign(*key_, message);
    ENSURE(!signature.empty());  // load() proved that this key signs.
    return signature;
}

Result<Secret> RsaPrivateKey::decrypt_oaep_sha1(std::string_view ciphertext) const {
    return decrypt(*key_, RSA_PKCS1_OAEP_PADDING, ciphertext);
}

Result<Secret> RsaPrivateKey::decrypt_pkcs1v15(std::string_view ciphertext) const {
    return decrypt(*key_, RSA_PKCS1_PADDING, ciphertext);
}

RsaPublicKey RsaPrivateKey::public_key() const {
    // A key of its own: the public part is handed around more freely than the secret should be.
    KeyHandle key = decode_public(encoded<i2d_PUBKEY>(key_->key.get()).expose());
    ENSURE(key != nullptr);
    return RsaPublicKey(std::make_shared<const KeyImpl>(std::move(key)));
}

Secret RsaPrivateKey::to_der() const {
    return encoded<encode_pkcs8>(key_->key.get());
}

Secret RsaPrivateKey::to_pem() const {
    return Secret::take(crypto::to_pem(private_label, to_der().expose()));
}

}  // namespace huitong::crypto
