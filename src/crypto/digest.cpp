#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {
namespace {

// Fetched once for the life of the process and never freed: looking an algorithm up by name costs
// as much as hashing a request.
const EVP_MD* fetched_digest(const char* name) {
    const EVP_MD* digest = EVP_MD_fetch(nullptr, name, nullptr);
    ENSURE(digest != nullptr);
    return digest;
}

const EVP_MD* sha1_algorithm() {
    static const EVP_MD* const digest = fetched_digest("SHA1");
    return digest;
}
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const digest = fetched_digest("SHA256");
    return digest;
}
const EVP_MD* sm3_algorithm() {
    static const EVP_MD* const digest = fetched_digest("SM3");
    return digest;
}

// A context stays bound to its algorithm: changing it would free and allocate state each time.
template <const EVP_MD* (*algorithm)(), class Digest>
Digest digest_of(std::string_view message) {
    thread_local const DigestContext context(EVP_MD_CTX_new());
    Digest digest;
    unsigned size = 0;
    ENSURE(EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1);
    ENSURE(EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1);
    ENSURE(EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1);
    ENSURE(size == digest.size());
    return digest;
}

MacContext hmac_context(DigestAlgorithm algorithm) {
    static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    ENSURE(hmac != nullptr);
    MacContext context(EVP_MAC_CTX_new(hmac));
    ENSURE(context != nullptr);
    std::string name = algorithm == DigestAlgorithm::sm3 ? "SM3" : "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    ENSURE(EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
    return context;
}

void set_key(EVP_MAC_CTX* context, const Secret& key) {
    // A null pointer would mean "the key of before".
    const unsigned char* bytes = octets(key.empty() ? std::string_view("") : key.expose());
    ENSURE(EVP_MAC_init(context, bytes, key.size(), nullptr) == 1);
}

Digest256 mac_of(EVP_MAC_CTX* context, std::string_view message) {
    Digest256 mac;
    std::size_t size = 0;
    ENSURE(EVP_MAC_update(context, octets(message), message.size()) == 1);
    ENSURE(EVP_MAC_final(context, mac.data(), &size, mac.size()) == 1);
    ENSURE(size == mac.size());
    return mac;
}

// A context is kept, bound to its algorithm: to name that costs more than to MAC a request.
template <DigestAlgorithm algorithm>
Digest256 hmac_of(const Secret& key, std::string_view message) {
    thread_local const MacContext context = hmac_context(algorithm);
    set_key(context.get(), key);
    return mac_of(context.get(), message);
}

}  // namespace

Digest160 sha1(std::string_view message) {
    return digest_of<sha1_algorithm, Digest160>(message);
}

Digest256 sha256(std::string_view message) {
    return digest_of<sha256_algorithm, Digest256>(message);
}

Digest256 sm3(std::string_view message) {
    return digest_of<sm3_algorithm, Digest256>(message);
}

Digest256 hmac_sha256(const Secret& key, std::string_view message) {
    return hmac_of<DigestAlgorithm::sha256>(key, message);
}

Digest256 hmac_sm3(const Secret& key, std::string_view message) {
    return hmac_of<DigestAlgorithm::sm3>(key, message);
}

struct RunningDigest::Impl {
    DigestContext context{EVP_MD_CTX_new()};
    const EVP_MD* algorithm;

    void start() { ENSURE(EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1); }
};

RunningDigest::RunningDigest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
    impl_->start();
}
RunningDigest::RunningDigest(RunningDigest&&) noexcept = default;
RunningDigest& RunningDigest::operator=(RunningDigest&&) noexcept = default;
RunningDigest::~RunningDigest() = default;

RunningDigest RunningDigest::sha256() {
    return RunningDigest(std::make_unique<Impl>(Impl{.algorithm = sha256_algorithm()}));
}

RunningDigest RunningDigest::sm3() {
    return RunningDigest(std::make_unique<Impl>(Impl{.algorithm = sm3_algorithm()}));
}

RunningDigest& RunningDigest::update(std::string_view part) {
    ENSURE(EVP_DigestUpdate(impl_->context.get(), part.data(), part.size()) == 1);
    return *this;
}

Digest256 RunningDigest::finish() {
    Digest256 digest;
    ENSURE(EVP_DigestFinal_ex(impl_->context.get(), digest.data(), nullptr) == 1);
    impl_->start();
    return digest;
}

struct Hmac::Impl {
    MacContext context;
};

Hmac::Hmac(DigestAlgorithm algorithm, const Secret& key)
    : impl_(std::make_unique<Impl>(Impl{.context = hmac_context(algorithm)})) {
    set_key(impl_->context.get(), key);
}
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;
Hmac::~Hmac() = default;

Digest256 Hmac::mac(std::string_view message) {
    // No key: the state after the key block is restored, not computed again.
    ENSURE(EVP_MAC_init(impl_->context.get(), nullptr, 0, nullptr) == 1);
    return mac_of(impl_->context.get(), message);
}

bool Hmac::verify(std::string_view message, std::string_view mac_to_check) {
    const Digest256 wanted = mac(message);
    return equal_in_constant_time(as_text(wanted), mac_to_check);
}

}  // namespace huitong::crypto
