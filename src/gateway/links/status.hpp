// How a link fares, whatever protocol it speaks: for the operator's pages and the metrics.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "gateway/links/statistics.hpp"

namespace huitong::gateway::links {

enum class LinkState : std::uint8_t {
    idle,  // not used since the start: a JSON link signs on with its first message
    up,    // signed on, and answered last
    down,
};

struct ChannelStatus {
    std::string address;  // that we call; of a line that came to us, where it came from
    bool up = false;      // a line is open; over JSON: calls are not held back
};

struct LinkStatus {
    ParticipantId institution;
    LinkState state = LinkState::idle;
    std::optional<Instant> since;  // it is so; nothing: since the start
    std::vector<ChannelStatus> channels;
    std::optional<Instant> key_since;  // of the key of our MACs; nothing: there is none
    LinkFigures figures;               // of the last minutes
    std::uint64_t calls = 0;           // messages of ours
    std::uint64_t failures = 0;        // of them without a proven, definite answer
    std::uint64_t sign_ons = 0;
    std::uint64_t late = 0;        // answers that nobody waits for
    std::uint64_t mac_alarms = 0;  // messages with a wrong MAC or signature
    std::uint64_t refused = 0;  // commits and reversals that got a no: for an operator to look at
    std::string last_error;     // its name; empty: there was none
    Instant last_error_at;

    void become(LinkState now_state, Instant now) {
        if (state == now_state) return;
        state = now_state;
        since = now;
    }
};

}  // namespace huitong::gateway::links
