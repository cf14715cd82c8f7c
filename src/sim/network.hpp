// The three institutions and the links between them: wallet - switch - acquirer. What travels is
// what the protocols carry; each message and each answer may be lost, doubled, late or refused.
#pragma once

#include <array>
#include <map>

#include "sim/node.hpp"

namespace huitong::sim {

enum class Place : std::uint8_t { wallet, middle, acquirer };
inline constexpr std::array places{Place::wallet, Place::middle, Place::acquirer};

// One institution's message to another, as a link writes it.
struct Message {
    gateway::links::Duty duty = gateway::links::Duty::none;
    switching::PaymentKind kind = switching::PaymentKind::mpm;
    std::string key;
    Money amount;
    std::string code;
};

class Network {
public:
    Network(std::uint64_t seed, Bug bug);

    [[nodiscard]] Node& at(Place place) { return *nodes_[static_cast<std::size_t>(place)]; }
    // The participant that `of` is in the books of `here`; the switch is everybody's neighbour.
    [[nodiscard]] ParticipantId neighbour(Place here, Place of) const {
        return known_.at({here, of});
    }
    // The house's own institution at a place.
    [[nodiscard]] ParticipantId house(Place place) const { return known_.at({place, place}); }
    [[nodiscard]] bool speaks_iso(Place a, Place b) const;

    // Asks and waits, on a network without faults: to set up.
    engine::Answer must(Place place, engine::Command command);
    // Everything that is planned until then.
    void run_for(Duration span);
    // From now on nothing goes wrong.
    void heal() { faults_ = Faults::none(); }

    Events events{Instant{1'790'000'000'000}};
    Prng prng;

private:
    void meet();
    void link(Place here, Place there);
    void send(Place from, const gateway::links::Work::Task& task);
    void carry(Place to, std::function<void()> what);
    void receive(Place here, Place from, const Message& message,
                 const std::function<void(Result<LegAnswer>)>& reply);
    void on_request(Place here, Place from, const Message& message,
                    const std::function<void(Result<LegAnswer>)>& reply);
    void tick();

    Faults drawn_;
    Faults faults_ = Faults::none();
    Bug bug_;
    std::array<bool, 2> iso_{};  // wallet - switch, switch - acquirer
    std::array<std::unique_ptr<Node>, 3> nodes_;
    std::map<std::pair<Place, Place>, ParticipantId> known_;

    friend class Simulation;
};

}  // namespace huitong::sim
