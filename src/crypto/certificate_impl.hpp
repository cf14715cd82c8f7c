// Private to this module's sources: what stands behind a certificate.
#pragma once

#include "crypto/certificate.hpp"
#include "crypto/openssl_handles.hpp"

namespace huitong::crypto {

// The fields are read once, at parsing, so that nothing can fail later.
struct CertificateImpl {
    CertificateHandle certificate;
    std::string serial;
    std::string common_name;
    Instant not_before;
    Instant not_after;
};

// Refuses with certificate_invalid when a field is not what RFC 5280 allows.
Result<Certificate> admit_certificate(CertificateHandle handle);

}  // namespace huitong::crypto
