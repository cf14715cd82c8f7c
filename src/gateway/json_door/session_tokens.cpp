#include "gateway/json_door/session_tokens.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace huitong::gateway::json_door {
namespace {

constexpr std::size_t claim_bytes = 8 + 4 + 8;
constexpr std::size_t mac_bytes = 16;
constexpr std::size_t token_characters = (claim_bytes + mac_bytes) / 3 * 4;
static_assert((claim_bytes + mac_bytes) % 3 == 0);
// A process has two doors with sessions; tests make more.
constexpr std::size_t digested_keys_max = 8;

std::atomic<std::uint64_t> instances{0};

struct DigestedKey {
    std::uint64_t instance;
    crypto::Hmac hmac;
};

crypto::Hmac& hmac_of(std::uint64_t instance, const crypto::Secret& key) {
    thread_local std::vector<DigestedKey> keys;
    for (DigestedKey& known : keys) {
        if (known.instance == instance) return known.hmac;
    }
    if (keys.size() >= digested_keys_max) keys.clear();
    keys.push_back(
        {.instance = instance, .hmac = crypto::Hmac(crypto::DigestAlgorithm::sha256, key)});
    return keys.back().hmac;
}

void append_number(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>((number >> shift) & 0xFFU);
}

std::uint64_t read_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8U | static_cast<unsigned char>(c);
    return number;
}

std::string claim_text(const SessionClaim& claim) {
    std::string text;
    text.reserve(claim_bytes + mac_bytes);
    append_number(text, claim.id, 8);
    append_number(text, claim.epoch, 4);
    append_number(text, static_cast<std::uint64_t>(claim.expires_at.ms), 8);
    return text;
}

}  // namespace

SessionTokens::SessionTokens(const crypto::Secret& session_key, std::string_view purpose)
    : key_(crypto::as_text(crypto::hmac_sha256(session_key, purpose))), instance_(++instances) {}

std::string SessionTokens::issue(const SessionClaim& claim) const {
    std::string text = claim_text(claim);
    const auto mac = hmac_of(instance_, key_).mac(text);
    text += crypto::as_text(mac).substr(0, mac_bytes);
    return crypto::to_base64url(text);
}

Result<SessionClaim> SessionTokens::open(std::string_view token, Instant now) const {
    if (token.size() != token_characters) return refuse(Error::session_invalid);
    const auto bytes = crypto::from_base64url(token);
    if (!bytes) return refuse(Error::session_invalid);
    const std::string_view text = std::string_view(*bytes).substr(0, claim_bytes);
    const auto mac = hmac_of(instance_, key_).mac(text);
    if (!crypto::equal_in_constant_time(crypto::as_text(mac).substr(0, mac_bytes),
                                        std::string_view(*bytes).substr(claim_bytes)))
        return refuse(Error::session_invalid);
    const SessionClaim claim{
        .id = read_number(text.substr(0, 8)),
        .epoch = static_cast<std::uint32_t>(read_number(text.substr(8, 4))),
        .expires_at = {static_cast<std::int64_t>(read_number(text.substr(12, 8)))}};
    if (now >= claim.expires_at) return refuse(Error::session_invalid);
    return claim;
}

Result<SessionClaim> SessionTokens::of(const http::Request& request, Instant now) const {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view header = request.header("Authorization");
    if (header.size() <= scheme.size() || !http::same_name(header.substr(0, scheme.size()), scheme))
        return refuse(Error::session_invalid);
    return open(header.substr(scheme.size()), now);
}

}  // namespace huitong::gateway::json_door
