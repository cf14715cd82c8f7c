// Private to this module's sources: SM2 keys as DER.
//
//   public   SubjectPublicKeyInfo (RFC 5480): the curve, and the point as a bit string
//   private  ECPrivateKey (SEC 1, RFC 5915), alone or inside PKCS#8 (RFC 5958)
//
// Only the named curve is known: neither explicit parameters nor a key that names no curve.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr std::size_t scalar_bytes = 32;  // a private key, a coordinate
inline constexpr std::size_t point_bytes = 65;   // uncompressed

struct Sm2PrivateParts {
    Secret number;      // 32 bytes
    std::string point;  // as it stands in the file; empty where it was left out
};

// The bytes as they are, or the inside of the only PEM block, whose label must be one of those of
// unencrypted private keys (public keys). Both refuse with key_invalid.
Result<Secret> sm2_private_der(std::string_view pem_or_der);
Result<Secret> sm2_public_der(std::string_view pem_or_der);

// Both refuse with field_format. The view points into the DER.
Result<Sm2PrivateParts> parse_sm2_private(std::string_view der);
Result<std::string_view> parse_sm2_public(std::string_view der);

// PKCS#8, of 32 and 65 bytes.
Secret sm2_private_to_der(const Secret& number, std::string_view point);
std::string sm2_public_to_der(std::string_view point);

}  // namespace huitong::crypto
