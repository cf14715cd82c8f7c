// Accepts lines and deals them out to the I/O threads in turn.
#pragma once

#include <functional>
#include <memory>

#include "gateway/http/io_threads.hpp"
#include "gateway/iso8583/lines/line.hpp"

namespace huitong::gateway::iso8583 {

class LineListener final : public http::Actor {
public:
    struct Parts {
        http::IoThreads& threads;
        LineOwner& owner;
        const wire::iso8583::Dialect& dialect;
        LineOptions options;
        std::function<bool(const http::Address&)> admits;  // else closed at once
        std::size_t lines_max;                             // likewise what is beyond
        std::shared_ptr<std::atomic<std::size_t>> lines;   // accepted and not closed
    };
    // Listens on a numeric address; port 0 takes any free one. The port, or listen_failed.
    static Result<std::uint16_t> start(Parts parts, const std::string& address, std::uint16_t port);

    void on_readable() override;
    void on_deadline() override { on_readable(); }
    void on_stop() override { watch_.close(); }

private:
    LineListener(Parts parts, http::IoThread& thread, http::SocketDescriptor socket);
    void admit(http::SocketDescriptor socket, http::Address from);

    Parts parts_;
    http::IoThread& thread_;
    http::Watch watch_;
    std::size_t next_thread_ = 0;
};

}  // namespace huitong::gateway::iso8583
