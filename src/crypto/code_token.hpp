// Tokens that carry a 64-bit id and cannot be guessed: the path of a code_url, an openid.
//
// A token is one AES-128 block of
//   8 bytes  id, big endian
//   8 bytes  tag of the purpose: the first half of SHA-256(purpose)
// printed as 22 base62 digits. Nothing is stored and equal ids have equal tokens; a text that we
// did not make opens with chance 2^-64, and a token of one purpose is none of another.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

inline constexpr std::size_t code_token_key_bytes = 16;

// Const functions may be called from many threads at once.
class CodeTokens {
public:
    // Refuses with key_invalid unless the key has code_token_key_bytes. The purpose is a word of
    // ours, such as "code_url" or "openid/wx0123456789abcdef".
    static Result<CodeTokens> make(Secret key, std::string_view purpose);

    [[nodiscard]] std::string token_of(std::uint64_t id) const;
    // Refuses with field_format what is not 22 base62 digits, with decryption_failed what is not a
    // token of this key and purpose.
    [[nodiscard]] Result<std::uint64_t> open(std::string_view token) const;

private:
    using Tag = std::array<std::uint8_t, 8>;

    CodeTokens(Secret key, Tag tag);
    Secret key_;
    Tag tag_;
};

}  // namespace huitong::crypto
