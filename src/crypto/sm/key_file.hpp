// Private keys that a party sends under a password.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/secret.hpp"
#include "crypto/sm/sm2.hpp"

namespace huitong::crypto {

// A file that asks for more would keep a processor busy for seconds.
inline constexpr std::uint32_t pbkdf2_rounds_max = 2'000'000;

// PKCS#8 under PBES2 (RFC 8018), as PEM ("ENCRYPTED PRIVATE KEY") or DER: PBKDF2 with HMAC over
// SHA-1, SHA-2 or SM3, then AES or SM4 in CBC mode. Gives the DER inside, for PrivateKey::load.
// Refuses with key_invalid a file of another kind or with more rounds than given, with
// decryption_failed a wrong password.
Result<Secret> open_encrypted_pkcs8(std::string_view pem_or_der, const Secret& password,
                                    std::uint32_t rounds_max = pbkdf2_rounds_max);

struct KeyAndCertificate {
    Sm2PrivateKey key;
    Certificate certificate;
};

// The `.sm2` container of CFCA, base64 of (sm-crypto 6)
//
//   SEQUENCE { INTEGER 1,
//              SEQUENCE { data, SM4, OCTET STRING private number under the password },
//              SEQUENCE { data, OCTET STRING certificate } }
//
// Refuses with key_invalid, also when key and certificate do not belong together, with
// certificate_invalid, and with decryption_failed after a wrong password.
Result<KeyAndCertificate> open_cfca_key_file(std::string_view base64, const Secret& password);

}  // namespace huitong::crypto
