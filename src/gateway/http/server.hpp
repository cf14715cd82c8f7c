// A door's HTTP/1.1 server: an address that is listened on, its limits, and the handler that is
// given whole requests.
//
// What it promises the handler: only well-formed requests within the limits arrive, one at a time
// for each connection, in order. What it promises the client: every error, also one that this layer
// makes itself, comes in the door's own form (ErrorWriter). A slow or broken client holds no
// thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "gateway/http/io_threads.hpp"
#include "gateway/http/message.hpp"
#include "gateway/http/metrics.hpp"
#include "gateway/http/responder.hpp"
#include "gateway/http/tls.hpp"

namespace huitong::gateway::http {

// Called on an I/O thread, so it must not block; with several I/O threads, by all of them.
using Handler = std::function<void(Request&&, Responder)>;

// The body of an error that arose before the handler saw the request. The request holds what was
// read of it, perhaps nothing. Called on an I/O thread.
using ErrorWriter = std::function<Response(Error, const Request&)>;

struct Limits {
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 1024 * 1024;
    Duration header_timeout = seconds(10);  // From a request's first byte; also for the handshake.
    Duration body_timeout = seconds(30);
    std::size_t body_bytes_per_second_min = 512;  // Judged after body_grace.
    Duration body_grace = seconds(5);
    Duration idle_timeout = seconds(75);  // Clients with pools reuse connections idle for 8 s.
    Duration write_timeout = seconds(30);
    Duration linger_timeout = seconds(2);  // Reading on after an error, so that it is received.
    std::size_t connections_max = 10'000;
    std::size_t connections_per_address_max = 1'000;
    bool loopback_unlimited_per_address = true;  // Proxies and tests come from there.
};

struct ServerOptions {
    std::string address = "127.0.0.1";  // Numeric, IPv4 or IPv6.
    std::uint16_t port = 0;             // 0: any free one, see Server::port.
    std::optional<TlsOptions> tls;
    bool allow_plain_http = false;  // Without TLS only loopback addresses are served, but for this.
    Limits limits;
    Handler handler;
    ErrorWriter error_writer;        // None: {"code":..,"message":..} of the error table.
    std::function<Instant()> clock;  // None: the system's.
};

struct Door;

class Server {
public:
    // Listens at once. Refuses with plain_http_forbidden, listen_failed, tls_config_invalid.
    static Result<std::unique_ptr<Server>> start(IoThreads& threads, ServerOptions options);
    // Closes what is left, like drain() with no time; returns when no handler can be called again.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const Metrics& metrics() const;

    // Reads certificate, key and CA files again; new connections use them, old ones go on. On an
    // error the old ones stay in force.
    Result<void> reload_tls();

    // No new connections; idle ones are closed, each other one after its answer.
    void stop_accepting();
    // stop_accepting, then waits until every connection has ended or the time is over, when the
    // rest is closed. True if all ended by themselves. Not to be called from an I/O thread.
    bool drain(Duration timeout);

private:
    explicit Server(std::shared_ptr<Door> door);

    std::shared_ptr<Door> door_;  // Shared with its connections.
};

}  // namespace huitong::gateway::http
