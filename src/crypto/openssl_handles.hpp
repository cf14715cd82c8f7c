// Private to this module's sources: OpenSSL's objects as owning pointers. No public header of ours
// includes it, so that the library can be exchanged in this folder alone.
#pragma once

#include <cstddef>
#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>
#include <string_view>

namespace huitong::crypto {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
inline void free_with_openssl(void* memory) noexcept {
    OPENSSL_free(memory);
}

template <class T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

using BignumHandle = Handle<BIGNUM, BN_clear_free>;
using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using MacContext = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using CertificateHandle = Handle<X509, X509_free>;
using OpensslMemory = Handle<unsigned char, free_with_openssl>;

inline const unsigned char* octets(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(char* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

// OpenSSL keeps failures in a queue of the thread; a refusal of ours must not leave its details to
// the next one who looks there (TLS does).
class ErrorQueueGuard {
public:
    ErrorQueueGuard() = default;
    ~ErrorQueueGuard() { ERR_clear_error(); }
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

}  // namespace huitong::crypto
