// A message of a PeerClient as it went out. Included by its sources only.
#pragma once

#include <chrono>

#include "gateway/institution/link/peer_client.hpp"

namespace huitong::gateway::institution {

struct PeerClient::Sent {
    PeerCallPtr call;
    LinkSessionPtr session;  // null: it was signed
    std::string nonce;
    std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
};

}  // namespace huitong::gateway::institution
