// Unguessable bytes from the system's generator. Any thread; correct after fork, which is why
// nothing is kept in a buffer of ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "crypto/secret.hpp"

namespace huitong::crypto {

void fill_random(std::span<std::uint8_t> bytes);
std::string random_bytes(std::size_t count);
Secret random_secret(std::size_t count);
// Characters of 0-9 A-Z a-z, each equally likely; nonces are 32 of them.
std::string random_alnum(std::size_t count);
// Decimal digits, each equally likely.
std::string random_digits(std::size_t count);
// Lower-case hexadecimal digits.
std::string random_hex(std::size_t count);

}  // namespace huitong::crypto
