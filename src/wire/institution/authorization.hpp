// How a message between institutions proves whose it is (api/institution.yaml, "Proof"): the
// Authorization header of a request, the Huitong headers of an answer, and the two texts that are
// signed or MACed. Nothing here knows a key: who verifies, verifies over exactly these bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::wire::institution {

// A signature by a key of the sender, or a MAC under a session key that both know.
enum class Scheme : std::uint8_t { sm2_sm3, rsa_sha256, hmac_sm3, hmac_sha256 };

constexpr bool is_mac(Scheme scheme) {
    return scheme == Scheme::hmac_sm3 || scheme == Scheme::hmac_sha256;
}
// The digest of the family: SM3, else SHA-256.
constexpr bool uses_sm3(Scheme scheme) {
    return scheme == Scheme::sm2_sm3 || scheme == Scheme::hmac_sm3;
}
// "HUITONG-SM2-SM3", ..
std::string_view to_text(Scheme scheme);
// Refuses with authorization_scheme.
Result<Scheme> scheme_of(std::string_view text);

// What both kinds of message carry.
struct Proof {
    std::string key;             // serial of the signing key in hexadecimal, or the session's name
    std::int64_t timestamp = 0;  // Unix seconds
    std::string nonce;           // 1 to 64 of 0-9 A-Z a-z -
    std::string bytes;           // signature (SM2: as DER) or MAC, decoded

    friend bool operator==(const Proof&, const Proof&) = default;
};

struct Authorization {
    Scheme scheme = Scheme::sm2_sm3;
    std::string participant;  // 1 to 32 characters: the sender's code at the receiver
    Proof proof;

    friend bool operator==(const Authorization&, const Authorization&) = default;
};

// Refuses with authorization_scheme (another scheme) or authorization_malformed. `header` is the
// value as received; empty when the header is absent.
Result<Authorization> parse_authorization(std::string_view header);
std::string to_header(const Authorization& authorization);

// The names of an answer's headers, in the order of Proof.
inline constexpr std::string_view serial_header = "Huitong-Serial";
inline constexpr std::string_view session_header = "Huitong-Session";
inline constexpr std::string_view timestamp_header = "Huitong-Timestamp";
inline constexpr std::string_view nonce_header = "Huitong-Nonce";
inline constexpr std::string_view signature_header = "Huitong-Signature";
inline constexpr std::string_view mac_header = "Huitong-Mac";

// The values of these headers as received; empty when absent.
struct ProofHeaders {
    std::string_view key;
    std::string_view timestamp;
    std::string_view nonce;
    std::string_view proof;
};
// Refuses with authorization_malformed.
Result<Proof> parse_proof(Scheme scheme, const ProofHeaders& headers);

// What the sender of a request signs: five lines. `target` and `body` are the bytes as sent.
struct RequestText {
    std::string_view method;  // upper case
    std::string_view target;  // path and ?query
    std::int64_t timestamp = 0;
    std::string_view nonce;
    std::string_view body;
};
std::string text_of(Scheme scheme, const RequestText& request);

// What the answer's sender signs: the request's nonce binds it to this very request.
struct AnswerText {
    int status = 200;
    std::string_view request_nonce;
    std::int64_t timestamp = 0;
    std::string_view nonce;
    std::string_view body;
};
std::string text_of(Scheme scheme, const AnswerText& answer);

}  // namespace huitong::wire::institution
