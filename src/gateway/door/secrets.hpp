// The doors' own secrets. They live outside the journal; losing one ends all codes, openids or
// sessions made under it.
#pragma once

#include "crypto/random.hpp"
#include "crypto/secret.hpp"

namespace huitong::gateway::door {

inline constexpr std::size_t door_secret_bytes = 32;

struct DoorSecrets {
    crypto::Secret code_key;     // codes that a payer scans, packages of h5 links
    crypto::Secret openid_key;   // users as merchants know them
    crypto::Secret session_key;  // wallet and operator sessions

    static DoorSecrets generate() {
        return {.code_key = crypto::random_secret(door_secret_bytes),
                .openid_key = crypto::random_secret(door_secret_bytes),
                .session_key = crypto::random_secret(door_secret_bytes)};
    }
};

}  // namespace huitong::gateway::door
