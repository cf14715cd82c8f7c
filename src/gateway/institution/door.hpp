// The institution door: wallets, acquirers and switches ask here over JSON (api/institution.yaml),
// from a whole HTTP request to a proven answer.
//
//     I/O thread   route, Authorization, clock, participant
//                  a MAC: checked here; nonce, body, command ------> heart (decides, commits)
//     crypto pool  a signature: checked here; then the same
//     heart's      the answer in JSON and its MAC, one wake-up a batch <---- its mailbox
//     crypto pool  the answer's signature, when the request was signed
//
// What always holds: nothing is parsed deeper before the proof is right; a request's proof and its
// answer's are of one kind; a refusal for want of proof (401), and what HTTP itself refuses,
// carries none, so that strangers get no signatures from us. A request that waits for another
// institution holds its connection for at most Options::hold.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "gateway/door/heart_port.hpp"
#include "gateway/door/plates.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/http/server.hpp"
#include "gateway/institution/keys.hpp"
#include "gateway/institution/metrics.hpp"
#include "gateway/institution/resolver.hpp"

namespace huitong::gateway::institution {

inline constexpr std::string_view path_prefix = "/institution/v1";
inline constexpr std::size_t body_bytes_max = std::size_t{64} * 1024;  // 500 commits fit

struct Options {
    Duration hold = seconds(4);          // for an answer that another institution has to give
    std::size_t nonces_max = 4'000'000;  // about 40 bytes each
    std::size_t sessions_per_participant_max = 64;
    std::size_t in_flight_max = 20'000;  // requests between arrival and answer; beyond: overloaded
};

// As gateway::links::Waiters::wait: called once, on any thread; nothing: the time is up.
using PaymentDecided = std::move_only_function<void(std::optional<switching::Payment>)>;
using WaitPort = std::function<void(PaymentId, Duration at_most, PaymentDecided)>;

// What the door stands on; all of it must outlive the door.
struct Parts {
    door::HeartPort heart;
    engine::Clock& clock;
    door::WorkPool& pool;  // signatures
    OwnKeys& keys;
    const ResolveTokens& tokens;
    ResolvePort resolve;  // such as a Resolver's
    Recognise recognise;  // of payer codes
    WaitPort wait;
    const door::Plates& plates;  // of merchants hosted here
};

class InstitutionDoor {
public:
    InstitutionDoor(Parts parts, Options options);
    // Only after the HTTP server, the heart and the pool have stopped, in this order.
    ~InstitutionDoor();
    InstitutionDoor(const InstitutionDoor&) = delete;
    InstitutionDoor& operator=(const InstitutionDoor&) = delete;

    // Takes paths below path_prefix.
    void handle(http::Request&& request, http::Responder responder);
    [[nodiscard]] http::Handler handler();
    // Puts handler, error writer and the limit of bodies into the options of a server.
    void serve(http::ServerOptions& options);

    [[nodiscard]] const Metrics& metrics() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::institution
