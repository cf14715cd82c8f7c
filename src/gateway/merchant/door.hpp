// The merchant door: WeChat Pay APIv3 as a merchant's program speaks it (wechatpay-v3 sections 1 to
// 5), from a whole HTTP request to a signed answer.
//
//     I/O thread    route, Authorization, clock, merchant, serial
//     pool          signature, nonce, shape, command ----> heart (decides, commits)
//     pool          answer in the contract's words, signature <---- heart's mailbox
//
// What always holds: every answer is signed, refusals and those of the HTTP layer included, with
// the key that the request names, else by the merchant's key mode; nothing is parsed deeper before
// the signature is right; 401 comes before 400 before 403 before 404, also for a path that does not
// exist; the answer is signed after the commit, never on the heart's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "gateway/door/heart_port.hpp"
#include "gateway/door/nonce_memory.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/door/pool_mailbox.hpp"
#include "gateway/http/server.hpp"
#include "gateway/merchant/caller.hpp"
#include "gateway/merchant/metrics.hpp"
#include "gateway/merchant/operations.hpp"
#include "gateway/merchant/rate_limit.hpp"
#include "wire/json/reader.hpp"

namespace huitong::gateway::merchant {

// The largest message of the contract, a refund with more than a thousand goods lines.
inline constexpr std::size_t body_bytes_max = wire::json::body_bytes_max;

struct Options {
    OperationOptions operations;
    RateLimitOptions rate_limit;
    Duration hold = seconds(10);  // of a till, for an answer that another institution has to give
    std::size_t nonces_max = 2'000'000;
    std::size_t in_flight_max = 20'000;  // requests between arrival and answer; beyond: overloaded
    // For whom nothing is known: how the key is named that such an answer is signed with.
    acquiring::KeyMode default_key_mode = acquiring::KeyMode::public_key;
    std::uint32_t signature_probe_every = 0;  // see door::SignatureProbe
};

// Calls `done` once, on any thread: when the payment is decided, or after `at_most`.
using WaitPort =
    std::function<void(PaymentId payment, Duration at_most, std::move_only_function<void()> done)>;

// What the door stands on; all of it must outlive the door.
struct Parts {
    door::HeartPort heart;
    engine::Clock& clock;
    door::WorkPool& pool;
    door::KeyRing& keys;
    const door::DoorSecrets& secrets;
    OwnerPort owner_of_code;
    WaitPort wait;
};

class MerchantDoor {
public:
    MerchantDoor(Parts parts, Options options);
    // Only after the HTTP server, the heart and the pool have stopped, in this order.
    ~MerchantDoor() = default;
    MerchantDoor(const MerchantDoor&) = delete;
    MerchantDoor& operator=(const MerchantDoor&) = delete;

    // Handler and error writer of an http::Server. The second signs on the calling thread: such
    // requests are rare, and their connections are about to be closed.
    void handle(http::Request&& request, http::Responder responder);
    http::Response refuse_broken(Error error, const http::Request& request);

    // Puts both into the options of a server, and the limit of bodies.
    void serve(http::ServerOptions& options);

    [[nodiscard]] const Metrics& metrics() const { return metrics_; }

private:
    struct Exchange;
    using ExchangePtr = std::shared_ptr<Exchange>;

    void authenticate(const ExchangePtr& exchange);
    [[nodiscard]] bool signature_holds(const Exchange& exchange, std::string_view text);
    void judge(const ExchangePtr& exchange);
    // Asks the heart, whose thread must not be kept: `then` runs on the pool.
    void submit(engine::Command command, std::function<void(engine::Request&)> then);
    void answer(const ExchangePtr& exchange, engine::Request& answered);
    void hold(const ExchangePtr& exchange, PaymentId payment);
    void finish_soon(const ExchangePtr& exchange, Reply reply);
    void finish(Exchange& exchange, const Reply& reply);
    http::Response to_response(const Reply& reply, const http::Request& request,
                               const acquiring::Merchant* merchant,
                               const engine::Directory& directory);
    void sign(http::Response& response, const door::SigningWish& wish,
              const engine::Directory& directory);

    Parts parts_;
    Options options_;
    Operations operations_;
    RateLimit rate_limit_;
    door::NonceMemory nonces_;
    door::SignatureProbe probe_;
    Metrics metrics_;
    door::PoolMailbox mailbox_;
};

}  // namespace huitong::gateway::merchant
