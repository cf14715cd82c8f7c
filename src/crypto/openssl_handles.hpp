// Private to this module's sources: OpenSSL's objects as owning pointers. No public header of ours
// includes it, so that the library can be exchanged in this folder alone.
#pragma once

#include <atomic>
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
#include <utility>

#include "base/ensure.hpp"

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

// Fetched once for the life of the process and never freed: looking an algorithm up by name costs
// as much as using it on a small message.
inline const EVP_CIPHER* fetched_cipher(const char* name) {
    const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
    ENSURE(cipher != nullptr);
    return cipher;
}

// The thread's context, which is reset after each use so that no key schedule stays behind. One at
// a time: whoever borrows it calls nobody who borrows it too.
class BorrowedContext {
public:
    BorrowedContext() : context_(of_thread()) {}
    ~BorrowedContext() { EVP_CIPHER_CTX_reset(context_); }
    BorrowedContext(const BorrowedContext&) = delete;
    BorrowedContext& operator=(const BorrowedContext&) = delete;
    [[nodiscard]] EVP_CIPHER_CTX* get() const { return context_; }

private:
    static EVP_CIPHER_CTX* of_thread() {
        thread_local const CipherContext context(EVP_CIPHER_CTX_new());
        return context.get();
    }
    EVP_CIPHER_CTX* context_;
};

// A prepared context for one operation, kept between calls because making one costs 3 us of the 24
// of an RSA verification. Threads that find it borrowed make their own.
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

// What stands behind a key of any family.
struct KeyImpl {
    explicit KeyImpl(KeyHandle handle) : key(std::move(handle)) {}

    KeyHandle key;  // never changed, so that OpenSSL's readers need no lock of ours
    SpareContext spare_verify;
    SpareContext spare_sign;
};

}  // namespace huitong::crypto
