// What the registry keeps of a key that a merchant or an institution brings. Pure.
#pragma once

#include <string>

#include "gateway/operator/bodies.hpp"

namespace huitong::gateway::operator_door {

struct KeyFacts {
    std::string serial;  // canonical
    std::string public_key_pem;
    Instant not_before;
    Instant not_after;  // no_end: a bare key
};

// Refuses what cannot be read, a key that we do not accept, and a certificate outside its dates. A
// bare key counts from a day before `now`: clocks differ.
Parsed<KeyFacts> key_facts(const KeyBody& body, Instant now);

}  // namespace huitong::gateway::operator_door
