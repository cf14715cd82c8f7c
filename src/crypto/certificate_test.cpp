#include "crypto/certificate.hpp"

#include <gtest/gtest.h>
#include <set>

#include "crypto/bytes.hpp"
#include "crypto/pem.hpp"

namespace huitong::crypto {
namespace {

const RsaPrivateKey& authority_key() {
    static const RsaPrivateKey made = RsaPrivateKey::generate();
    return made;
}
const RsaPrivateKey& merchant_key() {
    static const RsaPrivateKey made = RsaPrivateKey::generate();
    return made;
}

constexpr Instant start{1'700'000'000'000};
constexpr Instant end = start + days(365 * 5);

CertificateTerms terms_for(std::string name) {
    return {.common_name = std::move(name),
            .organisation = "Huitong",
            .not_before = start,
            .not_after = end,
            .serial = random_serial()};
}

Certificate authority() {
    CertificateTerms terms = terms_for("Huitong root");
    terms.authority = true;
    return *issue_self_signed(terms, authority_key());
}

// Made by the openssl program: P-256, serial number 0x0A1B and -5.
constexpr std::string_view serial_0a1b = R"(-----BEGIN CERTIFICATE-----
MIIBXjCCAQOgAwIBAgICChswCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeDAgFw0y
NjExMjIwNTQ4MjNaGA8yMTI2MTAyOTA1NDgyM1owDDEKMAgGA1UEAwwBeDBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABESxKWEJRSNYqwJ5ENR+vmJ9ndRuoqRQEiVo
6UM7zIUwn8bRNIkk1rNZOf9ZAMzLniiGBfEqx1UWABAJz4uDcc2jUzBRMB0GA1Ud
DgQWBBTfy8hxkKR5q3M+XpFUwLZK9tQ0rzAfBgNVHSMEGDAWgBTfy8hxkKR5q3M+
XpFUwLZK9tQ0rzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCw
D4ucR9KLbh9ETz0QuK13+FllCfhpV8AnHaD0r2pbiAIhALfbLEKNJEJdqVPDq4Oq
YJEQ+inRjDg1z/eWpxhe8jKH
-----END CERTIFICATE-----
)";
constexpr std::string_view serial_negative = R"(-----BEGIN CERTIFICATE-----
MIIBWzCCAQKgAwIBAgIB+zAKBggqhkjOPQQDAjAMMQowCAYDVQQDDAF4MCAXDTI2
MTEyMjA1NDgyM1oYDzIxMjYxMDI5MDU0ODIzWjAMMQowCAYDVQQDDAF4MFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAERLEpYQlFI1irAnkQ1H6+Yn2d1G6ipFASJWjp
QzvMhTCfxtE0iSTWs1k5/1kAzMueKIYF8SrHVRYAEAnPi4NxzaNTMFEwHQYDVR0O
BBYEFN/LyHGQpHmrcz5ekVTAtkr21DSvMB8GA1UdIwQYMBaAFN/LyHGQpHmrcz5e
kVTAtkr21DSvMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIge+S4
hF5Q9DXBrQhRoeg3mjwo1/3/18+QW2vn889HyfECIBm05UQTLq57AOMJ5uDYCtvJ
6VFF7pjm4DgfCM56HMxe
-----END CERTIFICATE-----
)";

TEST(Certificate, SaysWhatTheOpensslProgramSays) {
    const auto certificate = Certificate::parse(serial_0a1b);
    ASSERT_TRUE(certificate);
    EXPECT_EQ(certificate->serial(), "0A1B");
    EXPECT_EQ(certificate->common_name(), "x");
    EXPECT_EQ(certificate->not_before(), parse_rfc3339("2026-11-22T05:48:23Z"));
    EXPECT_EQ(certificate->not_after(), parse_rfc3339("2126-10-29T05:48:23Z"));
    EXPECT_EQ(certificate->public_key(), refuse(Error::key_invalid));  // P-256
    EXPECT_FALSE(certificate->issued_by(authority_key().public_key()));
}

TEST(Certificate, IsRefusedWhenMalformed) {
    const std::string der = authority().to_der();
    const std::string pem = authority().to_pem();
    for (const std::string& bad :
         {std::string(), std::string("certificate"), der + '\0', der.substr(1),
          der.substr(0, der.size() - 1), pem + pem, pem.substr(0, pem.size() - 10),
          std::string(serial_negative), to_pem("X509 CRL", der), std::string(100'000, 'A'),
          authority_key().public_key().to_pem()})
        EXPECT_FALSE(Certificate::parse(bad)) << bad.size();
    EXPECT_EQ(Certificate::parse("").error(), Error::certificate_invalid);
}

TEST(Certificate, ComesBackFromItsTextForms) {
    const Certificate made = authority();
    for (const std::string& text : {made.to_pem(), made.to_der()}) {
        const auto again = Certificate::parse(text);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->to_der(), made.to_der());
    }
}

TEST(IssueCertificate, SignsWhatTheTermsSay) {
    const Certificate root = authority();
    CertificateTerms terms = terms_for("商户 1900007291");
    terms.dns_names = {"localhost"};
    terms.ip_addresses = {"127.0.0.1", "::1"};
    const auto issued = issue_certificate(terms, merchant_key().public_key(),
                                          {.certificate = root, .key = authority_key()});
    ASSERT_TRUE(issued);
    EXPECT_EQ(issued->serial(), to_hex_upper(as_text(terms.serial)));
    EXPECT_EQ(issued->common_name(), "商户 1900007291");
    EXPECT_EQ(issued->not_before(), start);
    EXPECT_EQ(issued->not_after(), end);
    EXPECT_EQ(issued->public_key(), merchant_key().public_key());
    EXPECT_TRUE(issued->issued_by(authority_key().public_key()));
    EXPECT_FALSE(issued->issued_by(merchant_key().public_key()));
    EXPECT_TRUE(root.issued_by(authority_key().public_key()));
}

// wechatpay-node-v3 stops at a certificate that names its issuer's key by nothing.
TEST(IssueCertificate, NamesTheKeyOfASelfSignedIssuer) {
    const auto issued = issue_self_signed(terms_for("root"), authority_key());
    ASSERT_TRUE(issued);
    const std::string der = issued->to_der();
    const std::string identifier = "\x06\x03\x55\x1d\x23\x04";  // OBJECT, 2.5.29.35, OCTET STRING
    const std::size_t at = der.find(identifier);
    ASSERT_NE(at, std::string::npos);
    // 24 bytes: SEQUENCE of 22, [0] of 20, the SHA-1 of the key.
    EXPECT_EQ(der.substr(at + identifier.size(), 5), "\x18\x30\x16\x80\x14");
}

TEST(IssueCertificate, KeepsBothEndsOfItsSpan) {
    const Certificate root = authority();
    EXPECT_FALSE(root.valid_at(start - milliseconds(1)));
    EXPECT_TRUE(root.valid_at(start));
    EXPECT_TRUE(root.valid_at(end + milliseconds(999)));
    EXPECT_FALSE(root.valid_at(end + seconds(1)));
}

TEST(IssueCertificate, RefusesTermsThatCannotStand) {
    const auto refused = [](auto change) {
        CertificateTerms terms = terms_for("name");
        change(terms);
        const auto issued = issue_self_signed(terms, authority_key());
        return !issued && issued.error() == Error::certificate_invalid;
    };
    using Terms = CertificateTerms;
    EXPECT_FALSE(refused([](Terms&) {}));
    EXPECT_TRUE(refused([](Terms& t) { t.common_name = ""; }));
    EXPECT_TRUE(refused([](Terms& t) { t.common_name = std::string(65, 'x'); }));
    EXPECT_TRUE(refused([](Terms& t) { t.common_name = std::string(100'000, 'x'); }));
    EXPECT_TRUE(refused([](Terms& t) { t.common_name = std::string("a\0b", 3); }));
    EXPECT_TRUE(refused([](Terms& t) { t.common_name = "\xff\xfe"; }));
    EXPECT_TRUE(refused([](Terms& t) { t.organisation = std::string(65, 'x'); }));
    EXPECT_TRUE(refused([](Terms& t) { t.not_after = t.not_before; }));
    EXPECT_TRUE(refused([](Terms& t) { t.not_after = {std::int64_t{1} << 60}; }));
    EXPECT_TRUE(refused([](Terms& t) { t.serial = {}; }));
    EXPECT_TRUE(refused([](Terms& t) { t.dns_names = {""}; }));
    EXPECT_TRUE(refused([](Terms& t) { t.dns_names = {"b\xc3\xa9"}; }));
    EXPECT_TRUE(refused([](Terms& t) { t.dns_names.assign(65, "a"); }));
    EXPECT_TRUE(refused([](Terms& t) { t.ip_addresses = {"127.0.0"}; }));
}

TEST(IssueCertificate, RefusesAnIssuerWithAnotherKey) {
    const Certificate root = authority();
    const auto issued = issue_certificate(terms_for("x"), merchant_key().public_key(),
                                          {.certificate = root, .key = merchant_key()});
    ASSERT_FALSE(issued);
    EXPECT_EQ(issued.error(), Error::certificate_invalid);
}

TEST(Serial, HasOneSpelling) {
    EXPECT_EQ(canonical_serial("a1b"), "0A1B");  // Java drops the zero.
    EXPECT_EQ(canonical_serial("0A1B"), "0A1B");
    EXPECT_EQ(canonical_serial("00000a1b"), "0A1B");
    EXPECT_EQ(canonical_serial("5f1c72e2a8931b72a2e13af8dee92471eb397115"),
              "5F1C72E2A8931B72A2E13AF8DEE92471EB397115");
    for (const std::string_view bad : {"", "0", "000", "0x1", "PUB_KEY_ID_0114232134912410",
                                       "15F1C72E2A8931B72A2E13AF8DEE92471EB397115", "1 2"})
        EXPECT_EQ(canonical_serial(bad), refuse(Error::field_format)) << bad;
}

TEST(Serial, IsRandomPositiveAndPrintedAlikeByAll) {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i) {
        const std::string digits = to_hex_upper(as_text(random_serial()));
        ASSERT_GE(digits[0], '4');
        ASSERT_LE(digits[0], '7');
        seen.insert(digits);
    }
    EXPECT_EQ(seen.size(), 1'000U);
}

}  // namespace
}  // namespace huitong::crypto
