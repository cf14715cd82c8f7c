// Keys end: by their dates, or because they were revoked.
#pragma once

#include "base/instant.hpp"

namespace huitong::gateway::door {

// Not revoked, and within its dates. Of merchants', participants' and the platform's keys alike.
template <class Key>
[[nodiscard]] bool in_force(const Key& key, Instant now) {
    return !key.state.revoked && key.terms.not_before <= now && now <= key.terms.not_after;
}

}  // namespace huitong::gateway::door
