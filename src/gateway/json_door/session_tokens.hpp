// Sessions without a table of sessions: the token itself says whose it is, of which epoch and until
// when, under a MAC.
//
//     base64url( id 8 bytes | epoch 4 | expiry in ms 8 | HMAC-SHA256 of these, cut to 16 )
//
// Whether the epoch is still the user's is for the state to say; logging out raises it. Any thread:
// each keeps the digested key, so that a check costs one short HMAC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "gateway/http/message.hpp"

namespace huitong::gateway::json_door {

struct SessionClaim {
    std::uint64_t id = 0;  // of the user or operator
    std::uint32_t epoch = 0;
    Instant expires_at;

    friend bool operator==(const SessionClaim&, const SessionClaim&) = default;
};

class SessionTokens {
public:
    // A token of one purpose ("wallet", "operator") is none of another.
    SessionTokens(const crypto::Secret& session_key, std::string_view purpose);

    [[nodiscard]] std::string issue(const SessionClaim& claim) const;
    // Refuses with session_invalid.
    [[nodiscard]] Result<SessionClaim> open(std::string_view token, Instant now) const;
    // The token of `Authorization: Bearer ..`; session_invalid also when there is none.
    [[nodiscard]] Result<SessionClaim> of(const http::Request& request, Instant now) const;

private:
    crypto::Secret key_;
    std::uint64_t instance_;  // names this object in the threads' caches
};

}  // namespace huitong::gateway::json_door
