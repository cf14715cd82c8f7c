// Passwords: kept as scrypt records (RFC 7914), compared in constant time.
//
// A record carries its own cost, so that the default can rise while old records still verify:
//   scrypt$ln=15,r=8,p=1$SALT$HASH    salt 16 bytes and hash 32 bytes in base64url
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

// N = 2^log2_n. Memory is 128 * N * r bytes (32 MiB by default), time 128 * N * r * p.
struct ScryptCost {
    std::uint32_t log2_n = 15;
    std::uint32_t r = 8;
    std::uint32_t p = 1;

    friend bool operator==(ScryptCost, ScryptCost) = default;
};

// 256 MiB: what one verification may take at most, whatever a record says.
inline constexpr std::uint64_t scrypt_memory_bytes_max = std::uint64_t{256} << 20;
inline constexpr std::uint32_t scrypt_p_max = 16;

// For tests of other things: a millisecond instead of a tenth of a second.
inline constexpr ScryptCost scrypt_cost_for_tests{.log2_n = 4, .r = 1, .p = 1};

struct PasswordRecord {
    ScryptCost cost;
    std::string salt;
    Digest256 hash;
};

// Refuses with field_format what is malformed, with field_range a cost past the limits.
Result<PasswordRecord> parse_password_record(std::string_view text);

// A new record with a fresh salt. Refuses with field_range a cost past the limits.
Result<std::string> record_password(const Secret& password, ScryptCost cost = {});

// Whether the password is the record's. Refuses as parse_password_record() does. It takes as long
// as the record's cost says (about 60 ms by default): not for an I/O thread.
Result<bool> password_matches(const Secret& password, std::string_view record);

}  // namespace huitong::crypto
