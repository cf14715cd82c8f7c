// The answer of GET /v3/certificates (wechatpay-v3 2.4). The PEM texts arrive here encrypted.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "crypto/key.hpp"

namespace huitong::wire::wechatpay {

// How resources are encrypted (2.5): as the family of keys has it.
inline constexpr std::string_view aes_256_gcm = "AEAD_AES_256_GCM";
inline constexpr std::string_view sm4_gcm = "AEAD_SM4_GCM";
constexpr std::string_view aead_of(crypto::KeyAlgorithm algorithm) {
    return algorithm == crypto::KeyAlgorithm::sm2 ? sm4_gcm : aes_256_gcm;
}
// What the PEM text of a certificate is sealed with as associated data.
inline constexpr std::string_view certificate_associated_data = "certificate";

// No member may be empty: one SDK drops such entries.
struct CertificateView {
    std::string_view serial;  // upper hexadecimal
    Instant effective_time;
    Instant expire_time;
    std::string_view nonce;                                      // 12 characters
    std::string_view ciphertext_base64;                          // of the PEM text, tag included
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa;  // of the certificate's key
};

std::string certificates_body(std::span<const CertificateView> certificates);

}  // namespace huitong::wire::wechatpay
