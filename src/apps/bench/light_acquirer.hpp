// An acquirer that speaks ISO 8583 and remembers nothing: the door and the link that Huitong itself
// has, for benchmarks of a switch. It only asks.
#pragma once

#include <memory>
#include <string>

#include "apps/processes/peering.hpp"
#include "gateway/iso8583/door.hpp"

namespace huitong::apps::bench {

class LightAcquirer {
public:
    // `folder` takes its master key. Refuses with what crypto::MasterKey::create lists.
    static Result<std::unique_ptr<LightAcquirer>> make(const std::string& folder);
    ~LightAcquirer();

    // What an operator registers of it.
    [[nodiscard]] static PeerInstitution as_peer();
    // Dials the switch at HOST:PORT; waits until it has signed on and has a key: peer_timeout.
    Result<void> meet(const std::string& institution_code, const std::string& address);
    [[nodiscard]] std::shared_ptr<gateway::links::Link> link() { return door_->link(the_switch); }

private:
    explicit LightAcquirer(crypto::MasterKey master);

    static constexpr ParticipantId the_switch{1};

    crypto::MasterKey master_;
    engine::SystemClock clock_;
    gateway::http::IoThreads io_{1};
    gateway::links::Waiters waiters_;
    std::shared_ptr<engine::Directory> directory_ = std::make_shared<engine::Directory>();
    std::unique_ptr<gateway::iso8583::Iso8583Door> door_;
};

}  // namespace huitong::apps::bench
