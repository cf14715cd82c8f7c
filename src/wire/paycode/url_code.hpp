// Payment codes that are URLs (emv-qr section 7): printable ASCII of at most 512 characters. The
// server never opens a scanned URL; it asks the scheme with the text.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/bytes.hpp"

namespace huitong::wire::paycode {

// https://qr.95516.com/00010000/0111...; views into the text that was parsed.
struct UnionPayUrl {
    std::string_view institution;  // 8 digits
    std::string_view order;        // up to 32 digits, or a path with its query

    friend bool operator==(const UnionPayUrl&, const UnionPayUrl&) = default;
};
// Refuses with field_format anything else; scheme and host in either case.
Result<UnionPayUrl> parse_unionpay_url(std::string_view text);

// Ours: https://{host}/q/{code}. The code is 128 random bits as 22 base62 digits, so it cannot be
// guessed, and a check digit (Luhn's, modulo 62), so that one typed wrongly is told from one that
// does not exist.
std::string own_url(std::string_view host, const crypto::Block128& code);
// Refuses with field_format what own_url cannot have printed for this host.
Result<crypto::Block128> parse_own_url(std::string_view host, std::string_view text);

}  // namespace huitong::wire::paycode
