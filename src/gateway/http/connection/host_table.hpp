// The hosts that one I/O thread calls: their connections, and the calls that wait for one. A host
// belongs to one thread only, so its limits need no lock. Internal to this module.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/http/connection/exchange.hpp"
#include "gateway/http/connection/io_thread.hpp"

namespace huitong::gateway::http {

class ClientConnection;

// What the tables of a client have in common; constant.
struct ClientShared {
    explicit ClientShared(ClientOptions client_options)
        : options(std::move(client_options)), resolver(options.resolve) {}

    ClientOptions options;
    std::shared_ptr<const TlsContext> tls;
    Resolver resolver;
};

class HostTable final : public Actor, public ExchangeHolder {
public:
    HostTable(IoThread& thread, std::shared_ptr<ClientShared> shared)
        : thread_(thread), shared_(std::move(shared)) {}

    void start() { id_ = thread_.add(shared_from_this()); }
    // Ends every call with shutting_down and closes every connection.
    void shut();
    void on_stop() override { shut(); }

    void submit(std::unique_ptr<Exchange> exchange);
    void on_exchange_deadline(Exchange& exchange) override;

    // From a connection: it is free for another call. True if it got one or may wait for one;
    // false: it must close.
    bool reuse(ClientConnection& connection);
    // From a connection that closes, whatever it was doing.
    void closed(ClientConnection& connection);
    // The peer had closed the connection that was reused; on a new one, ahead of all others.
    void repeat(std::unique_ptr<Exchange> exchange);

    [[nodiscard]] ClientShared& shared() { return *shared_; }

private:
    struct Host {
        std::deque<std::unique_ptr<Exchange>> queue;
        std::vector<ClientConnection*> connections;
        std::vector<ClientConnection*> idle;  // The last one was used last.
    };

    void connect(Host& host, std::unique_ptr<Exchange> exchange);
    void serve(Host& host);
    void attend_soon(const std::string& host_key);
    void attend(const std::string& host_key);

    IoThread& thread_;
    std::shared_ptr<ClientShared> shared_;
    std::map<std::string, Host> hosts_;
    std::size_t idle_count_ = 0;
    std::uint64_t id_ = 0;
    bool shut_ = false;
};

}  // namespace huitong::gateway::http
