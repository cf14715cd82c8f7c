// Private to this module's sources: what stands behind an RSA key.
#pragma once

#include <atomic>

#include "base/result.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/rsa.hpp"

namespace huitong::crypto {

// A prepared context for one operation, kept between calls because making one costs 3 us of the 24
// of a verification. Threads that find it borrowed make their own.
class SpareContext {
public:
    SpareContext() = default;
    ~SpareContext() { EVP_PKEY_CTX_free(spare_.load()); }
    SpareContext(const SpareContext&) = delete;
    SpareContext& operator=(const SpareContext&) = delete;

    // Null when there is none.
    [[nodiscard]] KeyContext borrow() const { return KeyContext(spare_.exchange(nullptr)); }
    void give_back(KeyContext context) const {
        EVP_PKEY_CTX_free(spare_.exchange(context.release()));
    }

private:
    mutable std::atomic<EVP_PKEY_CTX*> spare_ = nullptr;
};

struct RsaKeyImpl {
    explicit RsaKeyImpl(KeyHandle handle) : key(std::move(handle)) {}

    KeyHandle key;  // never changed, so that OpenSSL's readers need no lock of ours
    SpareContext spare_verify;
    SpareContext spare_sign;
};

// The one gate for keys from outside: algorithm, length, exponent. Refuses with key_invalid.
Result<RsaPublicKey> admit_public_key(KeyHandle key);

}  // namespace huitong::crypto
