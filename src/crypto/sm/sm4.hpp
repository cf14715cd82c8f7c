// SM4 (GB/T 32907-2016): blocks and keys of 16 bytes, in the modes that partners ask for. For new
// purposes take sm4_gcm_seal of aead.hpp: none of the modes here notices a changed ciphertext, so
// whoever uses one adds a MAC over the ciphertext and checks it before anything is decrypted.
//
// Every key of another size than 16 bytes is refused with key_invalid. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr std::size_t sm4_block_bytes = 16;
inline constexpr std::size_t sm4_key_bytes = 16;
// Of one call of ours; no message comes near it.
inline constexpr std::size_t sm4_message_bytes_max = std::size_t{1} << 30;

enum class Sm4Padding : std::uint8_t {
    none,   // whole blocks only
    pkcs7,  // 1 to 16 bytes that each say how many they are
};

// Each block for itself, so equal blocks show: to wrap keys, and for partners who insist. Sealing
// refuses with field_range, opening with decryption_failed: from padding and length an attacker
// learns nothing more.
Result<std::string> sm4_ecb_encrypt(const Secret& key, Sm4Padding padding,
                                    std::string_view plaintext);
Result<Secret> sm4_ecb_decrypt(const Secret& key, Sm4Padding padding, std::string_view ciphertext);

// The same in a chain that begins with an IV of 16 bytes, unpredictable for each message.
struct Sm4Chain {
    std::string_view iv;
    Sm4Padding padding = Sm4Padding::pkcs7;
};
Result<std::string> sm4_cbc_encrypt(const Secret& key, Sm4Chain chain, std::string_view plaintext);
Result<Secret> sm4_cbc_decrypt(const Secret& key, Sm4Chain chain, std::string_view ciphertext);

// Adds the key stream of a 16-byte big-endian counter, of which no value may serve twice under one
// key. The way there is the way back. Refuses with field_range a counter of another size.
Result<Secret> sm4_ctr(const Secret& key, std::string_view counter, std::string_view text);

// CMAC (NIST SP 800-38B) over SM4. Not the chained MACs of card messages.
Result<Block128> sm4_cmac(const Secret& key, std::string_view message);

}  // namespace huitong::crypto
