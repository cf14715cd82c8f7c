// The answer of GET /v3/certificates (wechatpay-v3 2.4). The PEM texts arrive here encrypted.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/instant.hpp"

namespace huitong::wire::wechatpay {

inline constexpr std::string_view aes_256_gcm = "AEAD_AES_256_GCM";
// What the PEM text of a certificate is sealed with as associated data.
inline constexpr std::string_view certificate_associated_data = "certificate";

// No member may be empty: one SDK drops such entries.
struct CertificateView {
    std::string_view serial;  // upper hexadecimal
    Instant effective_time;
    Instant expire_time;
    std::string_view nonce;              // 12 characters
    std::string_view ciphertext_base64;  // of the PEM text, tag included
};

std::string certificates_body(std::span<const CertificateView> certificates);

}  // namespace huitong::wire::wechatpay
