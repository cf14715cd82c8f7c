// Proven messages to one institution over its channels: signs on by itself, moves on to the next
// channel when one can't be reached, and takes no answer that is not proven.
//
//     call -> a channel whose breaker admits it -> its session (signing on first, if there is none)
//          -> MAC, http::Client -> the answer's MAC -> done
//
// A message may arrive twice: every operation of the contract can be repeated safely.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/door/work_pool.hpp"
#include "gateway/http/client.hpp"
#include "gateway/institution/keys.hpp"
#include "gateway/institution/link/channel.hpp"
#include "gateway/links/status.hpp"

namespace huitong::gateway::institution {

struct PeerOptions {
    ParticipantId peer;                 // whose keys verify its answers
    std::string code;                   // by which the peer knows us
    std::vector<std::string> channels;  // base URLs, tried in this order; at least one
    Scheme mac = Scheme::hmac_sm3;
    BreakerOptions breaker;
    std::size_t waiting_max = 10'000;  // for a session; beyond: overloaded
    Duration sign_on_timeout = seconds(5);
};

// All of it must outlive the client. The HTTP client decides on TLS, client certificates and how
// many connections a host gets: at least as many as there are to be requests under way.
struct PeerParts {
    http::Client& http;
    engine::Clock& clock;
    door::WorkPool& pool;  // signatures
    OwnKeys& keys;
    std::function<std::shared_ptr<const engine::Directory>()> directory;
};

class PeerClient : public std::enable_shared_from_this<PeerClient> {
public:
    // Refuses with url_malformed a channel that is no URL, and with field_missing none at all.
    static Result<std::shared_ptr<PeerClient>> make(PeerParts parts, PeerOptions options);

    // From any thread; never blocks.
    void call(PeerCall call);
    // A commit or reversal of ours got a no for good.
    void note_refusal();
    [[nodiscard]] links::LinkStatus status() const;

private:
    PeerClient(PeerParts parts, PeerOptions options);

    struct Sent;  // a message as it went out
    using SentPtr = std::shared_ptr<Sent>;

    // peer_client.cpp: over which channel
    void try_channels(const PeerCallPtr& call);
    void transmit(const PeerCallPtr& call, LinkSessionPtr session);
    void dispatch(const SentPtr& sent);
    [[nodiscard]] std::string authorization(const Sent& sent, std::string_view target) const;
    void received(const SentPtr& sent, Result<http::Answer> answer);
    void judge(const SentPtr& sent, const http::Answer& answer);
    void next_channel(const PeerCallPtr& call, Error error);
    void answered(const Sent& sent);
    void failed(std::size_t channel, Error error);

    // peer_session.cpp: signing on; proof of what came
    void await_session(const PeerCallPtr& call);
    Result<void> sign_on(std::size_t channel);
    void signed_on(std::size_t channel, Result<LinkSession> session);
    void forget_session(std::size_t channel, const LinkSessionPtr& session);
    [[nodiscard]] Result<void> verify(const Sent& sent, const http::Answer& answer);

    PeerParts parts_;
    PeerOptions options_;
    PeerKeys peer_keys_;

    mutable std::mutex mutex_;
    std::vector<Channel> channels_;
    links::LinkStatistics statistics_;
    links::LinkStatus totals_;  // channels and figures are not kept here
};

}  // namespace huitong::gateway::institution
