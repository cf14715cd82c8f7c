// The statements of the institution door's scenarios (api/institution.yaml), parsed:
//
//     send METHOD PATH [WORD ..]        the body is sent as it is written
//       mac, mac-sha256      a MAC (HMAC-SM3 or HMAC-SHA256) under `session`, not a signature
//       bare                 without an Authorization header
//       clock=SECONDS        the timestamp is so far off
//       nonce=again          the nonce of the message before
//       proof=wrong          the last byte of signature or MAC is another one
//       proof=other-body     signature or MAC are right for another body
//       participant=  serial=  session=   another one than ours
//       spaces=N             a body of so many spaces
//     repeat                            the message before, byte for byte
//     expect STATUS [unproven] [within N s]
//                            unproven: the answer carries no proof; else one of the request's kind
//                            within: until then the message is sent again, newly proven, while the
//                            answer is PROCESSING, USERPAYING, 429 or 5xx, or does not come
//     wait N s
//
// `{{new session_key}}` is a fresh session key, encrypted for whom we test.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "apps/conform/words.hpp"

namespace huitong::apps::conform {

struct JsonSend {
    enum class By : std::uint8_t { signature, hmac_sm3, hmac_sha256, nothing };
    enum class Proof : std::uint8_t { right, wrong, other_body };

    std::string method;
    std::string path;  // below the door's prefix
    std::string body;
    By by = By::signature;
    Proof proof = Proof::right;
    std::int64_t skew_s = 0;
    bool nonce_again = false;
    std::string participant;  // empty: ours; likewise the next two
    std::string serial;
    std::string session;
    std::size_t spaces = 0;

    [[nodiscard]] bool by_mac() const { return by == By::hmac_sm3 || by == By::hmac_sha256; }
};
struct JsonExpect {
    int status = 200;
    bool unproven = false;
    Duration within;      // 0: the first answer counts
    std::string pattern;  // empty: any body
};
struct Repeat {};
struct Wait {
    Duration time;
};

struct JsonStep {
    Statement statement;
    std::variant<JsonSend, JsonExpect, Repeat, Wait> act;
};
using JsonScript = std::vector<JsonStep>;

// Names the first statement that is none, and placeholders that nothing has made known.
Read<JsonScript> json_script(const Scenario& scenario);

}  // namespace huitong::apps::conform
