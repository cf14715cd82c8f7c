// One address of an institution as its link sees it: how it fares, and the session that was begun
// there. Sessions are the channel's own: another address may be another process.
//
// Guarded by the link's lock.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/institution/link/breaker.hpp"
#include "gateway/institution/sessions.hpp"

namespace huitong::gateway::institution {

// What the other side said, and proved.
struct PeerAnswer {
    int status = 0;
    std::string body;
};
// Called once, on any thread. Errors: peer_unreachable, peer_timeout, peer_refused, mac_mismatch,
// signature_mismatch, overloaded and what http::Client lists.
using PeerAnswered = std::move_only_function<void(Result<PeerAnswer>)>;

// A message on its way, perhaps over one channel after another.
struct PeerCall {
    std::string method = "POST";
    std::string path;  // below path_prefix
    std::string body;
    Duration timeout = seconds(5);
    bool signed_only = false;
    bool one_channel = false;  // this one or none
    PeerAnswered done;

    std::size_t channel = 0;               // the one that is tried
    bool signed_on_again = false;          // the session was unknown, once
    Error last = Error::peer_unreachable;  // why the channel before it did not do
};
using PeerCallPtr = std::shared_ptr<PeerCall>;

struct Channel {
    explicit Channel(std::string address, BreakerOptions options)
        : url(std::move(address)), breaker(options) {}

    std::string url;  // without a slash at its end
    Breaker breaker;
    LinkSessionPtr session;
    bool signing_on = false;
    std::deque<PeerCallPtr> waiting;  // for the session

    // A session that will last long enough for a message to arrive.
    [[nodiscard]] LinkSessionPtr usable_session(Instant now) const {
        const bool lasts = session != nullptr && now + minutes(1) < session->expires_at;
        return lasts ? session : nullptr;
    }
};

}  // namespace huitong::gateway::institution
