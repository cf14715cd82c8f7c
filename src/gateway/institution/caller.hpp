// Whose message it is: everything about a request's Authorization that can be checked without a
// signature or MAC, and the proof of an answer.
#pragma once

#include <optional>

#include "gateway/door/authentication.hpp"
#include "gateway/institution/keys.hpp"
#include "gateway/institution/sessions.hpp"
#include "wire/institution/authorization.hpp"

namespace huitong::gateway::institution {

using wire::institution::Authorization;
using wire::json::Parsed;

inline constexpr std::size_t nonce_characters = 32;  // of what we send

struct Caller {
    Authorization authorization;
    const switching::Participant* participant = nullptr;  // of the directory, as is the key
    const switching::ParticipantKey* key = nullptr;       // of a signature
    LinkSessionPtr session;                               // of a MAC
};

// In this order: authorization_malformed, authorization_scheme, timestamp_skewed,
// participant_key_unknown (the participant, or its serial), link_session_unknown,
// authorization_scheme (it does not fit the session).
Parsed<Caller> identify(const http::Request& request, const engine::Directory& directory,
                        const SessionTable& sessions, Instant now);

// What the sender must have signed or MACed.
std::string proven_text(const http::Request& request, const Authorization& authorization);

// Adds the proof that an answer to this request is ours: a MAC when the session is given, else a
// signature, which costs one.
struct Prover {
    const LinkSession* session = nullptr;
    const OwnKey* key = nullptr;
};
void prove(http::Response& response, const Prover& prover, std::string_view request_nonce,
           Instant now);

}  // namespace huitong::gateway::institution
