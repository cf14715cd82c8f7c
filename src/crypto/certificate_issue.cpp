// Building and signing certificates (certificate.hpp).
#include <algorithm>
#include <openssl/asn1.h>
#include <utility>

#include "base/ensure.hpp"
#include "crypto/certificate_impl.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t name_chars_max = 64;  // RFC 5280, appendix A.1: ub-common-name
constexpr std::size_t alternative_names_max = 64;
constexpr std::size_t dns_name_chars_max = 253;

using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using GeneralNames = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;

bool add_part(X509_NAME* name, int kind, const std::string& text) {
    return X509_NAME_add_entry_by_NID(name, kind, MBSTRING_UTF8, octets(text),
                                      static_cast<int>(text.size()), -1, 0) == 1;
}

bool terms_fit(const CertificateTerms& terms) {
    const auto plain = [](const std::string& text) { return !text.contains('\0'); };
    return !terms.common_name.empty() && terms.common_name.size() <= 4 * name_chars_max &&
           terms.organisation.size() <= 4 * name_chars_max && plain(terms.common_name) &&
           plain(terms.organisation) && terms.not_before < terms.not_after &&
           terms.dns_names.size() + terms.ip_addresses.size() <= alternative_names_max;
}

// OpenSSL itself enforces the 64 characters and that the bytes are UTF-8.
NameHandle subject_name(const CertificateTerms& terms) {
    NameHandle name(X509_NAME_new());
    ENSURE(name != nullptr);
    const bool built = (terms.organisation.empty() ||
                        add_part(name.get(), NID_organizationName, terms.organisation)) &&
                       add_part(name.get(), NID_commonName, terms.common_name);
    return built ? std::move(name) : nullptr;
}

bool set_serial(X509* certificate, const CertificateSerial& serial) {
    const BignumHandle number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    return number != nullptr && !BN_is_zero(number.get()) &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_span(X509* certificate, const CertificateTerms& terms) {
    return ASN1_TIME_adj(X509_getm_notBefore(certificate), terms.not_before.unix_seconds(), 0, 0) !=
               nullptr &&
           ASN1_TIME_adj(X509_getm_notAfter(certificate), terms.not_after.unix_seconds(), 0, 0) !=
               nullptr;
}

struct NamedIssuer {
    const X509* certificate;  // the one being built, when self-signed
    const X509_NAME* name;
    const PrivateKey& key;
};

// The text is ours, never the caller's, so it cannot smuggle in OpenSSL's configuration syntax.
bool add_extension(X509* certificate, const NamedIssuer& issuer, int kind, const char* text) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, const_cast<X509*>(issuer.certificate), certificate, nullptr, nullptr,
                   0);
    const Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, text));
    return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_dns_name(GENERAL_NAMES* names, const std::string& text) {
    const auto visible_ascii = [](char c) { return c > ' ' && c <= '~'; };
    if (text.empty() || text.size() > dns_name_chars_max ||
        !std::ranges::all_of(text, visible_ascii))
        return false;
    ASN1_IA5STRING* value = ASN1_IA5STRING_new();
    GENERAL_NAME* name = GENERAL_NAME_new();
    ENSURE(value != nullptr && name != nullptr);
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
    ENSURE(sk_GENERAL_NAME_push(names, name) > 0);  // From here `names` owns it.
    return ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) == 1;
}

bool add_ip_address(GENERAL_NAMES* names, const std::string& text) {
    if (text.contains('\0')) return false;
    ASN1_OCTET_STRING* value = a2i_IPADDRESS(text.c_str());
    if (value == nullptr) return false;
    GENERAL_NAME* name = GENERAL_NAME_new();
    ENSURE(name != nullptr);
    GENERAL_NAME_set0_value(name, GEN_IPADD, value);
    ENSURE(sk_GENERAL_NAME_push(names, name) > 0);
    return true;
}

bool add_alternative_names(X509* certificate, const CertificateTerms& terms) {
    if (terms.dns_names.empty() && terms.ip_addresses.empty()) return true;
    const GeneralNames names(sk_GENERAL_NAME_new_null());
    ENSURE(names != nullptr);
    for (const std::string& text : terms.dns_names)
        if (!add_dns_name(names.get(), text)) return false;
    for (const std::string& text : terms.ip_addresses)
        if (!add_ip_address(names.get(), text)) return false;
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0,
                             X509V3_ADD_DEFAULT) == 1;
}

const char* key_usage_of(const CertificateTerms& terms) {
    if (terms.authority) return "critical,keyCertSign,cRLSign";
    switch (terms.use) {
        case CertificateUse::sign:
            return "critical,digitalSignature,nonRepudiation";
        case CertificateUse::encrypt:
            return "critical,keyEncipherment,dataEncipherment,keyAgreement";
        case CertificateUse::both:
            return "critical,digitalSignature,keyEncipherment";
    }
    std::unreachable();
}

// The authority key identifier is `always` there: of a self-signed certificate OpenSSL would leave
// an empty one, at which some X.509 readers stop (wechatpay-node-v3's does).
bool add_extensions(X509* certificate, const CertificateTerms& terms, const NamedIssuer& issuer) {
    const char* constraints = terms.authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
    return add_extension(certificate, issuer, NID_basic_constraints, constraints) &&
           add_extension(certificate, issuer, NID_key_usage, key_usage_of(terms)) &&
           add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
           add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always") &&
           add_alternative_names(certificate, terms);
}

// SM2 signs under a user id, which OpenSSL leaves empty unless it is told.
bool sign(X509* certificate, const PrivateKey& key) {
    const bool sm2 = key.algorithm() == KeyAlgorithm::sm2;
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;  // The context owns it.
    ENSURE(context != nullptr);
    ENSURE(EVP_DigestSignInit_ex(context.get(), &options, sm2 ? "SM3" : "SHA256", nullptr, nullptr,
                                 key.impl().key.get(), nullptr) == 1);
    const Sm2UserId user_id;
    ENSURE(!sm2 || EVP_PKEY_CTX_set1_id(options, user_id.bytes().data(),
                                        static_cast<int>(user_id.bytes().size())) == 1);
    return X509_sign_ctx(certificate, context.get()) > 0;
}

Result<Certificate> build(const CertificateTerms& terms, const PublicKey& subject,
                          const NamedIssuer& named) {
    const ErrorQueueGuard errors;
    if (!terms_fit(terms)) return refuse(Error::certificate_invalid);
    const NameHandle name = subject_name(terms);
    if (name == nullptr) return refuse(Error::certificate_invalid);
    CertificateHandle certificate(X509_new());
    ENSURE(certificate != nullptr);
    X509* const raw = certificate.get();
    const bool self_signed = named.certificate == nullptr;
    const NamedIssuer issuer = self_signed ? NamedIssuer{raw, name.get(), named.key} : named;

    const bool built = X509_set_version(raw, X509_VERSION_3) == 1 &&
                       set_serial(raw, terms.serial) && set_span(raw, terms) &&
                       X509_set_subject_name(raw, name.get()) == 1 &&
                       X509_set_issuer_name(raw, issuer.name) == 1 &&
                       X509_set_pubkey(raw, subject.impl().key.get()) == 1 &&
                       add_extensions(raw, terms, issuer) && sign(raw, issuer.key);
    if (!built) return refuse(Error::certificate_invalid);
    return admit_certificate(std::move(certificate));
}

}  // namespace

Result<Certificate> issue_certificate(const CertificateTerms& terms, const PublicKey& subject,
                                      const CertificateIssuer& issuer) {
    if (issuer.certificate.public_key() != issuer.key.public_key())
        return refuse(Error::certificate_invalid);
    const X509* certificate = issuer.certificate.impl().certificate.get();
    return build(terms, subject, {certificate, X509_get_subject_name(certificate), issuer.key});
}

Result<Certificate> issue_self_signed(const CertificateTerms& terms, const PrivateKey& key) {
    return build(terms, key.public_key(), {nullptr, nullptr, key});
}

}  // namespace huitong::crypto
