// How SM2 signatures and ciphertexts are written (GB/T 35276, sm-crypto 3 and 4). The form is part
// of a channel's configuration and is never guessed from the bytes: a length proves nothing, and a
// guess that fits hides a wrong configuration.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::crypto {

// A coordinate or scalar: 32 bytes, most significant first.
using Sm2Number = std::array<std::uint8_t, 32>;

enum class Sm2SignatureForm : std::uint8_t {
    der,  // SEQUENCE { INTEGER r, INTEGER s }
    raw,  // r and s of 32 bytes each
};

struct Sm2Signature {
    Sm2Number r;
    Sm2Number s;
};

// Refuses with field_format what is not exactly of this form. Says nothing about the range of the
// numbers: verifying does.
Result<Sm2Signature> parse_sm2_signature(Sm2SignatureForm form, std::string_view bytes);
std::string to_bytes(const Sm2Signature& signature, Sm2SignatureForm form);

enum class Sm2CiphertextForm : std::uint8_t {
    asn1,         // SEQUENCE { INTEGER x, INTEGER y, OCTET STRING C3, OCTET STRING C2 }
    c1c3c2,       // 04, x, y, C3, C2: the order since 2012
    c1c2c3,       // 04, x, y, C2, C3: the order of the draft of 2010
    c1c3c2_bare,  // the same two without the 04
    c1c2c3_bare,
};

struct Sm2Ciphertext {
    Sm2Number x;  // C1, the sender's point
    Sm2Number y;
    Sm2Number digest;  // C3, which proves that C1 and C2 belong together
    std::string text;  // C2, as long as the plaintext
};

// Refuses with field_format what is not exactly of this form, or has an empty C2.
Result<Sm2Ciphertext> parse_sm2_ciphertext(Sm2CiphertextForm form, std::string_view bytes);
std::string to_bytes(const Sm2Ciphertext& ciphertext, Sm2CiphertextForm form);

}  // namespace huitong::crypto
