#include "crypto/sm/key_file.hpp"

#include "crypto/digest.hpp"
#include "crypto/pem.hpp"
#include "crypto/sm/der.hpp"
#include "crypto/sm/sm4.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view sm2_data = "\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x01";
constexpr std::string_view sm4 = "\x2a\x81\x1c\xcf\x55\x01\x68";
constexpr std::string_view sm4_cbc = "\x2a\x81\x1c\xcf\x55\x01\x68\x02";

struct CfcaParts {
    std::string_view sealed_number;
    std::string_view certificate;
};

Result<CfcaParts> parse_cfca(std::string_view der) {
    TRY(items, only_item(DerTag::sequence, der));
    TRY(version, items.take_small_number(1));
    TRY(key, items.enter(DerTag::sequence));
    TRY(certificate, items.enter(DerTag::sequence));
    CHECK(items.expect_end());
    CHECK(key.expect_object(sm2_data));
    TRY(cipher, key.take(DerTag::object));
    TRY(sealed_number, key.take(DerTag::octet_string));
    CHECK(key.expect_end());
    CHECK(certificate.expect_object(sm2_data));
    TRY(certificate_der, certificate.take(DerTag::octet_string));
    CHECK(certificate.expect_end());
    if (version != 1 || (cipher != sm4 && cipher != sm4_cbc)) return refuse(Error::field_format);
    return CfcaParts{sealed_number, certificate_der};
}

// IV and key are the halves of the first 32 bytes of SM2's key derivation from the password.
Result<Secret> open_cfca_number(std::string_view sealed, const Secret& password) {
    constexpr std::string_view counter("\0\0\0\1", 4);
    Digest256 derived = RunningDigest::sm3().update(password.expose()).update(counter).finish();
    const Secret halves = Secret::take(derived);
    const Secret key(halves.expose().substr(sm4_key_bytes));
    return sm4_cbc_decrypt(key, {.iv = halves.expose().substr(0, sm4_key_bytes)}, sealed);
}

}  // namespace

Result<KeyAndCertificate> open_cfca_key_file(std::string_view base64, const Secret& password) {
    if (base64.size() > pem_bytes_max) return refuse(Error::key_invalid);
    const auto der = from_pasted_base64(base64);
    if (!der) return refuse(Error::key_invalid);
    const auto parts = parse_cfca(der->expose());
    if (!parts) return refuse(Error::key_invalid);
    TRY(certificate, Certificate::parse(parts->certificate));
    TRY(number, open_cfca_number(parts->sealed_number, password));
    TRY(key, Sm2PrivateKey::from_number(number));
    const auto certified = certificate.public_key();
    if (certified != PublicKey(key.public_key())) return refuse(Error::key_invalid);
    return KeyAndCertificate{key, certificate};
}

}  // namespace huitong::crypto
