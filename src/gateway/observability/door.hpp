// The observability door: /metrics, /healthz, /readyz. Unauthenticated: bind it where only the
// house's own programs reach it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "gateway/http/server.hpp"
#include "gateway/observability/metrics_page.hpp"

namespace huitong::gateway::observability {

class ObservabilityDoor {
public:
    // Why the server should be sent no requests at present; empty when it may. Any thread.
    using Reasons = std::function<std::vector<std::string>()>;

    // The page must outlive the door.
    ObservabilityDoor(const MetricsPage& page, Reasons not_ready);

    // From now on /readyz says no: load balancers look away before the doors close.
    void drain() { draining_ = true; }

    [[nodiscard]] http::Response answer(const http::Request& request) const;
    void handle(http::Request&& request, http::Responder responder) const;
    [[nodiscard]] http::Handler handler() const;

private:
    [[nodiscard]] http::Response readiness() const;

    const MetricsPage& page_;
    Reasons not_ready_;
    std::atomic<bool> draining_{false};
};

}  // namespace huitong::gateway::observability
