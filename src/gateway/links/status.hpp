// How a link fares, for the operator's pages and the metrics.
#pragma once

#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace huitong::gateway::links {

struct LinkStatus {
    ParticipantId institution;
    std::size_t channels_up = 0;  // connections that are open
    bool signed_on = false;
    std::optional<Instant> key_since;              // of the key in use; nothing: there is none
    std::uint64_t sent = 0;                        // requests of ours
    std::uint64_t answered = 0;                    // definitely
    std::uint64_t unanswered = 0;                  // lost, late, or without a definite answer
    std::uint64_t late = 0;                        // answers to what nobody waits for, dropped
    std::uint64_t mac_alarms = 0;                  // messages with a wrong MAC
    std::uint64_t recent_success_ppm = 1'000'000;  // of the last requests
    std::int64_t recent_latency_ms = 0;            // mean, of the last that were answered
    std::string last_error;                        // its name; empty: there was none
    Instant last_error_at;
};

}  // namespace huitong::gateway::links
