// AES and SM4 in Galois/counter mode with a 12-byte IV and a 16-byte tag behind the ciphertext:
// what the merchant contract calls AEAD_AES_256_GCM and AEAD_SM4_GCM (wechatpay-v3 2.5), and with a
// 16-byte key AES-128-GCM.
//
// An IV must never be used twice under one key: whoever seals draws it at random or counts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr std::size_t gcm_iv_bytes = 12;
inline constexpr std::size_t gcm_tag_bytes = 16;
// GCM's own limit is 64 GiB; nothing of ours comes near this one.
inline constexpr std::size_t gcm_message_bytes_max = std::size_t{1} << 30;

struct GcmContext {
    std::string_view iv;                    // 12 bytes
    std::string_view associated_data = {};  // authenticated but not encrypted; may be empty
};

// Ciphertext and tag. Refuses with key_invalid (not 16 or 32 bytes) or field_range (IV, lengths).
Result<std::string> aes_gcm_seal(const Secret& key, const GcmContext& context,
                                 std::string_view plaintext);

// The plaintext, only if key, IV, associated data, ciphertext and tag all belong together. Refuses
// with key_invalid or, for whatever else, decryption_failed: an attacker learns nothing from why.
Result<Secret> aes_gcm_open(const Secret& key, const GcmContext& context,
                            std::string_view ciphertext_and_tag);

// The same with SM4 (RFC 8998), whose only key length is 16 bytes. Its tables make it slower, and
// its time may tell who shares the processor's cache something of the key (sm-crypto 8).
inline constexpr std::size_t sm4_gcm_key_bytes = 16;
Result<std::string> sm4_gcm_seal(const Secret& key, const GcmContext& context,
                                 std::string_view plaintext);
Result<Secret> sm4_gcm_open(const Secret& key, const GcmContext& context,
                            std::string_view ciphertext_and_tag);
// The SM4 key that the merchant contract makes from an APIv3 key: the first half of its SM3 digest.
Secret sm4_key_of(const Secret& apiv3_key);

}  // namespace huitong::crypto
