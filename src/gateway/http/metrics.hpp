// What a door has done so far. Counters only grow, but for connections_open.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace huitong::gateway::http {

using Counter = std::atomic<std::uint64_t>;

struct Metrics {
    Counter connections_accepted{0};
    Counter connections_open{0};
    Counter connections_refused{0};             // Above a limit.
    Counter requests{0};                        // Handed to the handler.
    std::array<Counter, 6> answers_by_class{};  // [2]: answers with a 2xx status, and so on.
    Counter bytes_received{0};                  // As on the wire.
    Counter bytes_sent{0};
    Counter timeouts{0};            // Of any kind but idle.
    Counter requests_malformed{0};  // Answered by this layer: syntax, limits, version.
    Counter answers_dropped{0};     // The client had gone.
    Counter tls_handshakes_failed{0};
};

}  // namespace huitong::gateway::http
