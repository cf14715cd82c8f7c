#include "crypto/password.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::uint32_t log2_n_max = 21;  // 256 MiB at r = 1

bool within_limits(ScryptCost cost) {
    if (cost.log2_n < 1 || cost.log2_n > log2_n_max || cost.r < 1 || cost.r > 64) return false;
    const std::uint64_t memory = (std::uint64_t{128} << cost.log2_n) * cost.r;
    // RFC 7914 section 2: N must be less than 2^(16 r).
    return memory <= scrypt_memory_bytes_max && cost.p >= 1 && cost.p <= scrypt_p_max &&
           cost.log2_n < 16 * cost.r;
}

Digest256 derive(const Secret& password, std::string_view salt, ScryptCost cost) {
    // OpenSSL's own limit is 32 MiB, just too little for the default cost.
    constexpr std::uint64_t working_bytes = std::uint64_t{1} << 20;
    Digest256 hash;
    const int done =
        EVP_PBE_scrypt(password.empty() ? "" : password.expose().data(), password.size(),
                       octets(salt), salt.size(), std::uint64_t{1} << cost.log2_n, cost.r, cost.p,
                       scrypt_memory_bytes_max + working_bytes, hash.data(), hash.size());
    ENSURE(done == 1);
    return hash;
}

// "name=NUMBER" without sign or leading zeros.
Result<std::uint32_t> parse_parameter(std::string_view text, std::string_view name) {
    if (!text.starts_with(name)) return refuse(Error::field_format);
    text.remove_prefix(name.size());
    if (text.starts_with('0')) return refuse(Error::field_format);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return refuse(Error::field_format);
    return number;
}

// Exactly as many parts as the array has.
template <std::size_t N>
Result<std::array<std::string_view, N>> split(std::string_view text, char separator) {
    std::array<std::string_view, N> parts;
    for (std::size_t i = 0; i + 1 < N; ++i) {
        const std::size_t end = text.find(separator);
        if (end == std::string_view::npos) return refuse(Error::field_format);
        parts[i] = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    if (text.contains(separator)) return refuse(Error::field_format);
    parts[N - 1] = text;
    return parts;
}

Result<ScryptCost> parse_cost(std::string_view text) {
    TRY(parts, split<3>(text, ','));
    TRY(log2_n, parse_parameter(parts[0], "ln="));
    TRY(r, parse_parameter(parts[1], "r="));
    TRY(p, parse_parameter(parts[2], "p="));
    const ScryptCost cost{.log2_n = log2_n, .r = r, .p = p};
    if (!within_limits(cost)) return refuse(Error::field_range);
    return cost;
}

}  // namespace

Result<PasswordRecord> parse_password_record(std::string_view text) {
    TRY(parts, split<4>(text, '$'));
    if (parts[0] != "scrypt") return refuse(Error::field_format);
    TRY(cost, parse_cost(parts[1]));
    TRY(salt, from_base64url(parts[2]));
    TRY(hash, from_base64url(parts[3]));
    PasswordRecord record{.cost = cost, .salt = std::move(salt), .hash = {}};
    if (record.salt.size() != salt_bytes || hash.size() != record.hash.size())
        return refuse(Error::field_format);
    std::ranges::copy(as_bytes(hash), record.hash.begin());
    return record;
}

Result<std::string> record_password(const Secret& password, ScryptCost cost) {
    if (!within_limits(cost)) return refuse(Error::field_range);
    const std::string salt = random_bytes(salt_bytes);
    const Digest256 hash = derive(password, salt, cost);
    return fmt::format("scrypt$ln={},r={},p={}${}${}", cost.log2_n, cost.r, cost.p,
                       to_base64url(salt), to_base64url(as_text(hash)));
}

Result<bool> password_matches(const Secret& password, std::string_view text) {
    TRY(record, parse_password_record(text));
    const Digest256 hash = derive(password, record.salt, record.cost);
    return equal_in_constant_time(as_text(hash), as_text(record.hash));
}

}  // namespace huitong::crypto
