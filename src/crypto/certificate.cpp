#include "crypto/certificate.hpp"

#include <ctime>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/certificate_impl.hpp"
#include "crypto/pem.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view label = "CERTIFICATE";
constexpr std::size_t serial_bytes_max = 20;  // RFC 5280, 4.1.2.2

Result<std::string> serial_of(const X509* certificate) {
    const ASN1_INTEGER* number = X509_get0_serialNumber(certificate);
    const BignumHandle serial(ASN1_INTEGER_to_BN(number, nullptr));
    if (serial == nullptr || BN_is_negative(serial.get()) || BN_is_zero(serial.get()) ||
        static_cast<std::size_t>(BN_num_bytes(serial.get())) > serial_bytes_max)
        return refuse(Error::certificate_invalid);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(serial.get())), '\0');
    BN_bn2bin(serial.get(), octets(bytes.data()));
    return to_hex_upper(bytes);
}

Result<Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    // A null pointer would mean "now" to OpenSSL.
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1)
        return refuse(Error::certificate_invalid);
    return Instant{static_cast<std::int64_t>(timegm(&parts)) * 1000};
}

Result<std::string> common_name_of(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return std::string();
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    const OpensslMemory owner(text);
    if (size < 0) return refuse(Error::certificate_invalid);
    std::string name(as_text({text, static_cast<std::size_t>(size)}));
    // A name that ends early for C programs is an old trick to be taken for somebody else.
    if (name.contains('\0')) return refuse(Error::certificate_invalid);
    return name;
}

// OpenSSL would verify the signature under the empty user id, and say nothing about it.
void set_user_id(X509* certificate) {
    if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3) return;
    const Sm2UserId user_id;
    ASN1_OCTET_STRING* text = ASN1_OCTET_STRING_new();
    ENSURE(text != nullptr);
    X509_set0_distinguishing_id(certificate, text);  // From here the certificate owns it.
    ENSURE(ASN1_OCTET_STRING_set(text, octets(user_id.bytes()),
                                 static_cast<int>(user_id.bytes().size())) == 1);
}

}  // namespace

Result<Certificate> admit_certificate(CertificateHandle handle) {
    if (handle == nullptr) return refuse(Error::certificate_invalid);
    set_user_id(handle.get());
    TRY(serial, serial_of(handle.get()));
    TRY(common_name, common_name_of(handle.get()));
    TRY(not_before, instant_of(X509_get0_notBefore(handle.get())));
    TRY(not_after, instant_of(X509_get0_notAfter(handle.get())));
    return Certificate(std::make_shared<const CertificateImpl>(std::move(handle), serial,
                                                               common_name, not_before, not_after));
}

Result<Certificate> Certificate::parse(std::string_view pem_or_der) {
    const ErrorQueueGuard errors;
    if (pem_or_der.empty() || pem_or_der.size() > pem_bytes_max)
        return refuse(Error::certificate_invalid);
    Result<Secret> unpacked;
    if (looks_like_pem(pem_or_der)) {
        unpacked = from_pem(label, pem_or_der);
        if (!unpacked) return refuse(Error::certificate_invalid);
        pem_or_der = unpacked->expose();
    }
    const unsigned char* at = octets(pem_or_der);
    CertificateHandle handle(d2i_X509(nullptr, &at, static_cast<long>(pem_or_der.size())));
    if (at != octets(pem_or_der) + pem_or_der.size()) return refuse(Error::certificate_invalid);
    return admit_certificate(std::move(handle));
}

const std::string& Certificate::serial() const {
    return impl_->serial;
}
Instant Certificate::not_before() const {
    return impl_->not_before;
}
Instant Certificate::not_after() const {
    return impl_->not_after;
}
bool Certificate::valid_at(Instant now) const {
    // The last second belongs to the span with all its milliseconds.
    return impl_->not_before <= now && now < impl_->not_after + seconds(1);
}
const std::string& Certificate::common_name() const {
    return impl_->common_name;
}

Result<PublicKey> Certificate::public_key() const {
    const ErrorQueueGuard errors;
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(impl_->certificate.get()), &der);
    const OpensslMemory owner(der);
    if (size <= 0) return refuse(Error::key_invalid);
    return PublicKey::load(as_text({der, static_cast<std::size_t>(size)}));
}

bool Certificate::issued_by(const PublicKey& issuer) const {
    const ErrorQueueGuard errors;
    return X509_verify(impl_->certificate.get(), issuer.impl().key.get()) == 1;
}

std::string Certificate::to_der() const {
    unsigned char* der = nullptr;
    const int size = i2d_X509(impl_->certificate.get(), &der);
    ENSURE(size > 0);
    const OpensslMemory owner(der);
    return std::string(as_text({der, static_cast<std::size_t>(size)}));
}

std::string Certificate::to_pem() const {
    return crypto::to_pem(label, to_der());
}

Result<std::string> canonical_serial(std::string_view hex) {
    while (hex.starts_with('0')) hex.remove_prefix(1);
    if (hex.empty() || hex.size() > 2 * serial_bytes_max) return refuse(Error::field_format);
    std::string even(hex.size() % 2, '0');
    TRY(bytes, from_hex(even.append(hex)));
    return to_hex_upper(bytes);
}

CertificateSerial random_serial() {
    CertificateSerial serial{};
    fill_random(serial);
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3f) | 0x40);  // 0x40 to 0x7f
    return serial;
}

}  // namespace huitong::crypto
