// Says over a line of the network dialect what scenarios tell it to, right or wrong, as a member of
// whom we test, and judges what comes (docs/formats/iso8583-bridge.md). One thread uses it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "apps/conform/player.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "engine/heart.hpp"

namespace huitong::apps::conform {

// Whom we test, and who we are to it.
struct Iso8583Target {
    std::string host;
    std::uint16_t port = 0;
    std::string us;  // institution codes, 8 to 11 digits
    std::string peer;
    crypto::Secret master;            // the member master key, 8 or 16 bytes
    Duration patience = seconds(30);  // for one answer
};

class Iso8583Player final : public Player {
public:
    // The clock outlives the player.
    Iso8583Player(Iso8583Target target, engine::Clock& clock);
    ~Iso8583Player() override;

    Read<void> check(const Scenario& scenario) override;
    std::optional<Failure> play(const Scenario& scenario, const Texts& parameters) override;

private:
    // What `{{new name}}` makes.
    std::string fresh(std::string_view name);

    Iso8583Target target_;
    engine::Clock& clock_;
    std::uint32_t last_stan_;
};

}  // namespace huitong::apps::conform
