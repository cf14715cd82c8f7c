// Says to an institution door what scenarios tell it to, well-proven or not, and judges the answers
// and their proof (api/institution.yaml). One thread uses it.
#pragma once

#include <memory>
#include <string>

#include "apps/conform/player.hpp"
#include "base/result.hpp"
#include "crypto/key.hpp"
#include "engine/heart.hpp"
#include "gateway/http/tls.hpp"

namespace huitong::apps::conform {

// Whom we test, and who we are to it.
struct JsonTarget {
    std::string url;  // up to "/institution/v1", without a slash at its end
    gateway::http::TlsTrust trust;
    std::string us;  // our code there
    std::string serial;
    crypto::PrivateKey key;
    std::string peer_serial;
    crypto::PublicKey peer_key;
    Duration patience = seconds(30);  // for one answer
};

class JsonPlayer final : public Player {
public:
    // Refuses with tls_config_invalid. The clock outlives the player.
    static Result<std::unique_ptr<JsonPlayer>> make(JsonTarget target, engine::Clock& clock);
    ~JsonPlayer() override;

    Read<void> check(const Scenario& scenario) override;
    std::optional<Failure> play(const Scenario& scenario, const Texts& parameters) override;

private:
    class Impl;
    explicit JsonPlayer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::apps::conform
