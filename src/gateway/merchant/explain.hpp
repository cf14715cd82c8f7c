// Why does this request's signature fail? The most asked question of this field, answered from the
// request and the directory alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/heart.hpp"

namespace huitong::gateway::merchant {

// A request as it was sent; body and target byte for byte.
struct RequestParts {
    std::string method;
    std::string target;         // path and ?query
    std::string authorization;  // the header's value
    std::string body;
};

struct Explanation {
    std::optional<Error> outcome;  // what the door answers; none: the signature is right
    std::string mchid;             // what the header says, as far as it could be read
    std::string serial;
    std::string string_to_sign;                      // as we see it; empty if the header is broken
    std::string body_sha256;                         // hexadecimal
    std::optional<std::int64_t> clock_difference_s;  // our clock less the timestamp
    std::vector<std::string> findings;               // sentences, the likeliest mistake first
};

// Tries, beside the right one, the texts that clients sign by mistake, and the merchant's other
// keys. Says nothing secret: it names keys by their serials. For operators and the merchant itself;
// costs up to some hundred verifications.
Explanation explain_signature(const RequestParts& request, const engine::Directory& directory,
                              Instant now);

}  // namespace huitong::gateway::merchant
