// What all connections of one server share. Internal to this module.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/http/server.hpp"

namespace huitong::gateway::http {

struct Door {
    // Options are complete: handler, error writer and clock are set. Constant after the start.
    Door(IoThreads& io_threads, ServerOptions door_options)
        : threads(io_threads), options(std::move(door_options)) {}

    // Takes a place for one more connection from that address, or says no.
    bool enter(const std::string& address, bool loopback);
    // Gives the place back. The last thing a connection does.
    void leave(const std::string& address);
    // Counts the listening socket, so that nobody is told that all is over while it still accepts.
    void open();
    void shut();
    // True once it neither listens nor has a connection left; false after the timeout.
    bool wait_until_empty(Duration timeout);

    // Null without TLS. A connection keeps the one it began with.
    [[nodiscard]] std::shared_ptr<const TlsContext> tls() const;
    void set_tls(std::shared_ptr<const TlsContext> context);

    IoThreads& threads;
    const ServerOptions options;
    Metrics metrics;
    std::atomic<bool> draining{false};
    std::uint16_t port = 0;

private:
    [[nodiscard]] bool empty() const { return connections_ == 0 && listeners_ == 0; }

    mutable std::mutex mutex_;
    std::condition_variable emptied_;
    std::size_t listeners_ = 0;
    std::size_t connections_ = 0;
    std::map<std::string, std::size_t> by_address_;
    std::shared_ptr<const TlsContext> tls_;
};

}  // namespace huitong::gateway::http
