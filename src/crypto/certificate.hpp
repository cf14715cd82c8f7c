// X.509 certificates: the platform's, the merchants', and those of TLS listeners. Keys of either
// family, signed with SHA-256 and RSA or with SM3 and SM2 under the default user id, which is that
// of all certificates (sm-crypto 3). A party under national rules has two, to sign and to encrypt
// with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "crypto/key.hpp"

namespace huitong::crypto {

struct CertificateImpl;

// What its key may be used for (RFC 5280, 4.2.1.3).
enum class CertificateUse : std::uint8_t { sign, encrypt, both };

// A parsed certificate: an immutable value, cheap to copy, shareable between threads. Being parsed
// says nothing about who issued it: ask issued_by() and valid_at().
class Certificate {
public:
    // PEM ("CERTIFICATE", exactly one) or DER. Refuses with certificate_invalid.
    static Result<Certificate> parse(std::string_view pem_or_der);

    // Upper-case hexadecimal, always an even number of digits, as OpenSSL, Go, PHP and Node print
    // it. Java drops a leading zero digit: compare what others send by canonical_serial().
    [[nodiscard]] const std::string& serial() const;
    [[nodiscard]] Instant not_before() const;
    [[nodiscard]] Instant not_after() const;
    // Both ends belong to the span (RFC 5280, 4.1.2.5).
    [[nodiscard]] bool valid_at(Instant now) const;
    // The first common name of the subject as UTF-8; empty when it has none.
    [[nodiscard]] const std::string& common_name() const;
    // Refuses with key_invalid when it is no key that we accept.
    [[nodiscard]] Result<PublicKey> public_key() const;
    // Whether the certificate carries a valid signature of this key.
    [[nodiscard]] bool issued_by(const PublicKey& issuer) const;
    // Whether its key usage, if it has one, says so.
    [[nodiscard]] bool allows(CertificateUse use) const;

    [[nodiscard]] std::string to_pem() const;
    [[nodiscard]] std::string to_der() const;

    // For this module's sources.
    explicit Certificate(std::shared_ptr<const CertificateImpl> impl) : impl_(std::move(impl)) {}
    [[nodiscard]] const CertificateImpl& impl() const { return *impl_; }

private:
    std::shared_ptr<const CertificateImpl> impl_;
};

// Who vouches for a certificate, and for what.
struct CertificateChain {
    std::span<const Certificate> intermediates;  // in any order; others may be among them
    const Certificate& anchor;                   // self-signed, and trusted for a reason of its own
    CertificateUse use;
    Instant now;
};
inline constexpr std::size_t chain_certificates_max = 8;

// Whether the signatures lead from the certificate to the anchor, all of them in force and of those
// who may issue (RFC 5280, 6.1), and the certificate allows the use. Nobody is asked for
// revocation.
bool holds(const CertificateChain& chain, const Certificate& certificate);

// One spelling for a serial number in hexadecimal, whichever library printed it: upper case, no
// leading zero bytes, two digits a byte. Refuses with field_format what is none (at most 20 bytes).
Result<std::string> canonical_serial(std::string_view hex);

using CertificateSerial = std::array<std::uint8_t, 16>;
// Random, positive, and without a leading zero digit, so that every library prints it alike.
CertificateSerial random_serial();

// What a new certificate says.
struct CertificateTerms {
    std::string common_name;   // 1 to 64 characters
    std::string organisation;  // at most 64 characters; may be empty
    Instant not_before;
    Instant not_after;
    CertificateSerial serial;
    bool authority = false;                      // may it issue certificates itself
    CertificateUse use = CertificateUse::both;   // unless it is an authority
    std::vector<std::string> dns_names = {};     // for TLS
    std::vector<std::string> ip_addresses = {};  // for TLS, in text form
};

// Who signs: the issuer's certificate gives its name, the key must be that certificate's.
struct CertificateIssuer {
    const Certificate& certificate;
    PrivateKey key;
};

// X.509 version 3. Subject and issuer may be of different families. Both refuse with
// certificate_invalid when the terms cannot stand in a certificate or key and certificate of the
// issuer do not belong together.
Result<Certificate> issue_certificate(const CertificateTerms& terms, const PublicKey& subject,
                                      const CertificateIssuer& issuer);
Result<Certificate> issue_self_signed(const CertificateTerms& terms, const PrivateKey& key);

}  // namespace huitong::crypto
