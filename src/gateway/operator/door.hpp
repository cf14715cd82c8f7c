// The operator door: registers who takes part and looks into every record (api/operator.yaml).
//
//     I/O thread   route, session (against the directory), body, command ---> heart
//     lists        answers, tables, personal data, ports: whatever may block
//     passwords    scrypt, then the command
//
// What always holds: nothing but a log-in is done without a session that is right and has not
// ended; with a one-time password only its change is done; every command names the operator.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "engine/heart.hpp"
#include "gateway/door/heart_port.hpp"
#include "gateway/door/secrets.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/http/server.hpp"
#include "gateway/json_door/passwords.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/operator/ports.hpp"

namespace huitong::gateway::operator_door {

inline constexpr std::string_view path_prefix = "/operator/v1";
inline constexpr std::size_t body_bytes_max = 64 * 1024;

struct Options {
    Duration session_life = hours(8);
    json_door::PasswordOptions passwords;
    std::size_t lists_waiting_max = 256;       // beyond: overloaded
    std::chrono::milliseconds list_wait{200};  // how long a list waits for the tables
    // Of new users and merchants that name none; not named: the oldest participant with the role.
    ParticipantId institution;
};

// What the door stands on; all of it must outlive the door.
struct Parts {
    door::HeartPort heart;
    engine::Clock& clock;
    engine::Tables& tables;
    // The last committed sequence, as HeartCounters::committed; and as Heart::wait_stored.
    std::function<Sequence()> committed;
    std::function<bool(Sequence, std::chrono::milliseconds)> wait_stored;
    const crypto::MasterKey& master;
    const door::DoorSecrets& secrets;
    json_door::VaultPort vault;
    Ports ports;
    door::WorkPool& passwords;  // scrypt: low urgency
    door::WorkPool& lists;      // tables, vault and ports: may block
};

class OperatorDoor {
public:
    OperatorDoor(Parts parts, Options options);
    // Only after the HTTP server, the heart and the pools have stopped, in this order.
    ~OperatorDoor();
    OperatorDoor(const OperatorDoor&) = delete;
    OperatorDoor& operator=(const OperatorDoor&) = delete;

    // Takes paths below path_prefix.
    void handle(http::Request&& request, http::Responder responder);
    [[nodiscard]] http::Handler handler();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::operator_door
