// Whom a certificate is believed (certificate.hpp).
#include <ctime>
#include <openssl/x509_vfy.h>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/certificate_impl.hpp"

namespace huitong::crypto {
namespace {

using StoreHandle = Handle<X509_STORE, X509_STORE_free>;
using StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_stack(STACK_OF(X509) * stack) {
    sk_X509_free(stack);  // Not what it holds.
}
using BorrowedCertificates = Handle<STACK_OF(X509), free_stack>;

BorrowedCertificates stack_of(std::span<const Certificate> certificates) {
    BorrowedCertificates stack(sk_X509_new_null());
    ENSURE(stack != nullptr);
    for (const Certificate& certificate : certificates)
        ENSURE(sk_X509_push(stack.get(), certificate.impl().certificate.get()) > 0);
    return stack;
}

}  // namespace

bool Certificate::allows(CertificateUse use) const {
    const ErrorQueueGuard errors;
    // All bits, when the extension is not there.
    const std::uint32_t bits = X509_get_key_usage(impl_->certificate.get());
    const bool signs = (bits & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
    const bool encrypts =
        (bits & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)) != 0;
    switch (use) {
        case CertificateUse::sign:
            return signs;
        case CertificateUse::encrypt:
            return encrypts;
        case CertificateUse::both:
            return signs && encrypts;
    }
    std::unreachable();
}

bool holds(const CertificateChain& chain, const Certificate& certificate) {
    // OpenSSL does not ask what the last key is for.
    if (chain.intermediates.size() > chain_certificates_max || !certificate.allows(chain.use))
        return false;
    const ErrorQueueGuard errors;
    const StoreHandle anchors(X509_STORE_new());
    const StoreContext context(X509_STORE_CTX_new());
    const BorrowedCertificates intermediates = stack_of(chain.intermediates);
    ENSURE(anchors != nullptr && context != nullptr);
    ENSURE(X509_STORE_add_cert(anchors.get(), chain.anchor.impl().certificate.get()) == 1);
    ENSURE(X509_STORE_CTX_init(context.get(), anchors.get(), certificate.impl().certificate.get(),
                               intermediates.get()) == 1);
    X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(chain.now.unix_seconds()));
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_CHECK_SS_SIGNATURE);
    return X509_verify_cert(context.get()) == 1;
}

}  // namespace huitong::crypto
