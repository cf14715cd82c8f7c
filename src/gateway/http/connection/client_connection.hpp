// One connection of a client to a host. Internal to this module.
//
//   resolving -> connecting -> handshaking -> talking -> idle -> talking ..
//                    ^ next address |               any -> closed
//
// Whatever ends it ends its exchange too, with an answer, an error, or a place in the table's
// queue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/connection/exchange.hpp"
#include "gateway/http/connection/io_thread.hpp"
#include "gateway/http/connection/response_parser.hpp"
#include "gateway/http/connection/transport.hpp"

namespace huitong::gateway::http {

class HostTable;

class ClientConnection final : public Actor, public ExchangeHolder {
public:
    ClientConnection(IoThread& thread, HostTable& table, std::string host_key)
        : thread_(thread), table_(table), host_key_(std::move(host_key)) {}

    // Resolves, connects and carries its first exchange.
    void start(std::unique_ptr<Exchange> exchange);
    // Carries one more; only when idle.
    void begin(std::unique_ptr<Exchange> exchange);
    // Closes; the exchange, if any, ends with the error.
    void end(Error error);

    void on_readable() override;
    void on_writable() override;
    void on_deadline() override { end(Error::shutting_down); }  // Idle for long enough.
    void on_stop() override { end(Error::shutting_down); }
    void on_exchange_deadline(Exchange& exchange) override;

    [[nodiscard]] const std::string& host_key() const { return host_key_; }

private:
    enum class State : std::uint8_t {
        resolving,
        connecting,
        handshaking,
        talking,
        idle,
        closed,
    };

    void resolved(Result<Addresses> addresses);
    void connect_next();
    void connected();
    void send_request();
    void flush();
    void take_bytes(std::string_view bytes);
    void take_end();
    void take_answer();
    void lost();
    void close();

    IoThread& thread_;
    HostTable& table_;  // Outlives its connections: it closes them first.
    std::string host_key_;
    std::unique_ptr<Exchange> exchange_;
    Addresses addresses_;  // Still to be tried, best last.
    std::optional<Transport> transport_;
    std::optional<ResponseParser> parser_;
    std::string early_;
    std::uint64_t id_ = 0;
    State state_ = State::resolving;
    bool reused_ = false;  // The exchange is not the connection's first.
};

}  // namespace huitong::gateway::http
