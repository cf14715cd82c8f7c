// Sessions and keys between institutions: sign-on, sign-off, key change (api/institution.yaml).
// Bytes <-> values; a parser refuses with the first defect.
#pragma once

#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "wire/institution/authorization.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::wire::institution {

using json::Parsed;

// Begins a session: a fresh key, which only the receiver can read.
struct SignOn {
    Scheme mac = Scheme::hmac_sm3;  // one of the two MACs
    std::string key_serial;         // the receiver's key under which the session key is encrypted
    std::string encrypted_key;      // SM2: ASN.1 of C1, C3, C2; RSA: OAEP with SHA-1

    friend bool operator==(const SignOn&, const SignOn&) = default;
};
Parsed<SignOn> parse_sign_on(std::string_view body);
std::string to_json(const SignOn& sign_on);

struct SessionOpened {
    std::string session;
    Instant expires_at;

    friend bool operator==(const SessionOpened&, const SessionOpened&) = default;
};
Parsed<SessionOpened> parse_session_opened(std::string_view body);
std::string to_json(const SessionOpened& opened);

// A sign-off has no content: {}.
Parsed<bool> parse_empty(std::string_view body);
inline constexpr std::string_view empty_json = "{}";

struct SessionsEnded {
    std::int64_t count = 0;

    friend bool operator==(const SessionsEnded&, const SessionsEnded&) = default;
};
Parsed<SessionsEnded> parse_sessions_ended(std::string_view body);
std::string to_json(SessionsEnded ended);

// Announces the sender's next key; also the answer, which repeats what is kept.
struct NextKey {
    std::string serial;  // hexadecimal, upper case
    std::string public_key_pem;
    Instant not_before;
    Instant not_after;

    friend bool operator==(const NextKey&, const NextKey&) = default;
};
Parsed<NextKey> parse_next_key(std::string_view body);
std::string to_json(const NextKey& key);

}  // namespace huitong::wire::institution
