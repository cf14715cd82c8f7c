// An institution that agrees to everything: the door and the link that Huitong itself has, over a
// heart that remembers nothing. So a switch between two of them gets nearly the whole machine, and
// hears exactly what it would hear from two Huitongs.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "apps/processes/peering.hpp"
#include "gateway/http/server.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/institution/link/json_link.hpp"

namespace huitong::apps::bench {

// Any user's, as far as it is concerned.
inline const std::string light_payer_code = "280000000000000001";

class LightInstitution {
public:
    // Refuses with what http::Server::start and http::Client::make list.
    static Result<std::unique_ptr<LightInstitution>> make(std::string code);
    ~LightInstitution();

    // What an operator registers of it.
    [[nodiscard]] PeerInstitution as_peer() const;
    // The one that it is linked to, as JSON; before anything is said.
    Result<void> meet(const PeerInstitution& peer);
    [[nodiscard]] gateway::institution::JsonLink& link() { return *link_; }

private:
    explicit LightInstitution(std::string code);

    void answer(std::vector<engine::RequestPtr> requests);
    [[nodiscard]] Result<engine::Answer> answer_to(const engine::Command& command);
    [[nodiscard]] gateway::door::HeartPort heart();
    [[nodiscard]] gateway::institution::Parts door_parts();

    std::string code_;
    engine::SystemClock clock_;
    gateway::http::IoThreads io_{1};
    gateway::door::WorkPool pool_{
        {.name = "crypto", .threads = 1}
    };
    gateway::door::DoorSecrets secrets_ = gateway::door::DoorSecrets::generate();
    gateway::institution::ResolveTokens tokens_{secrets_};
    gateway::door::Plates plates_{secrets_.code_key};
    gateway::institution::OwnKeys keys_;
    std::shared_ptr<engine::Directory> directory_ = std::make_shared<engine::Directory>();
    std::atomic<std::uint64_t> last_payment_{1};
    std::unique_ptr<gateway::http::Client> client_;
    std::unique_ptr<gateway::institution::InstitutionDoor> door_;
    std::unique_ptr<gateway::http::Server> server_;
    std::unique_ptr<gateway::institution::JsonLink> link_;
};

}  // namespace huitong::apps::bench
