// PIN blocks: ISO 9564-1 format 0, which binds the PIN to the account number. A clear PIN and a
// clear block are secrets; outside this module only the encrypted block travels.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/card/block_cipher.hpp"

namespace huitong::crypto {

inline constexpr std::size_t pin_block_bytes = 8;
inline constexpr std::size_t pin_digits_min = 4;
inline constexpr std::size_t pin_digits_max = 12;

// 0, length, PIN, filled with F; XOR 0000 and the twelve digits before the account number's check
// digit. Refuses with field_format: a PIN of 4 to 12 digits, a number of 13 to 19.
Result<Secret> pin_block(const Secret& pin, std::string_view account_number);
// The PIN of a clear block. Refuses with field_format when the block is of another format, or of
// another account: then what comes out is no PIN.
Result<Secret> pin_of_block(const Secret& block, std::string_view account_number);

// Under the PIN key, which is DES or triple DES; key_invalid for SM4, whose PIN data has a form of
// its own that is not public (iso8583.md section 11). Blocks are 8 bytes: else field_format.
Result<std::string> encrypt_pin_block(BlockCipher& pin_key, const Secret& block);
Result<Secret> decrypt_pin_block(BlockCipher& pin_key, std::string_view encrypted);

}  // namespace huitong::crypto
