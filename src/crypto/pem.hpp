// PEM armour (RFC 7468) around DER, read strictly: exactly one block of the wanted kind, plain
// base64 inside. Text before the block is allowed, as tools print a key's attributes there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

// No key or certificate of ours comes near this; longer input is refused before it is read.
inline constexpr std::size_t pem_bytes_max = 64 * 1024;

// Whether the text should be read as PEM rather than DER.
bool looks_like_pem(std::string_view text);

// The DER inside the only block, which must carry the label, such as "PRIVATE KEY". Refuses with
// field_format.
Result<Secret> from_pem(std::string_view label, std::string_view text);

// Base64 without armour, as it comes out of a file or a web page: line ends and blanks between its
// digits count for nothing. Refuses with field_format.
Result<Secret> from_pasted_base64(std::string_view text);

// Lines of 64 characters, each ended by \n.
std::string to_pem(std::string_view label, std::string_view der);

}  // namespace huitong::crypto
