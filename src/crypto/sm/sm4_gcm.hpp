// Private to this module's sources: SM4-GCM for an OpenSSL whose EVP has none, as 3.0. libcrypto's
// Galois field arithmetic (openssl/modes.h) is put together with its SM4 key stream. Called through
// aead.hpp, which has checked key and lengths.
#pragma once

#include "crypto/aead.hpp"

namespace huitong::crypto {

std::string compose_sm4_gcm_seal(const Secret& key, const GcmContext& gcm,
                                 std::string_view plaintext);
// `ciphertext_and_tag` holds at least a tag. Refuses with decryption_failed.
Result<Secret> compose_sm4_gcm_open(const Secret& key, const GcmContext& gcm,
                                    std::string_view ciphertext_and_tag);

}  // namespace huitong::crypto
