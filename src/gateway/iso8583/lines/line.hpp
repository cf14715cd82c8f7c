// One connection to another institution: frames in, frames out, beats on an idle line.
//
//   connecting -> open -> closed       (dialled; an accepted line is open at once)
//
// A line lives on one I/O thread and takes no lock. A peer that sends nothing for `dead_after`, or
// does not take what it is sent, is dropped: it holds no thread and a bounded piece of memory.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.hpp"
#include "gateway/http/address.hpp"
#include "gateway/http/connection/io_thread.hpp"
#include "gateway/http/connection/listener.hpp"
#include "gateway/http/connection/transport.hpp"
#include "gateway/iso8583/lines/frame_reader.hpp"

namespace huitong::gateway::iso8583 {

struct LineOptions {
    Duration beat_after = seconds(30);  // of silence on our side (iso8583.md section 8)
    Duration dead_after = seconds(90);  // of silence on the other
    Duration connect_timeout = seconds(10);
    std::size_t unsent_bytes_max = 1024 * 1024;
};

class Line;
using LinePtr = std::shared_ptr<Line>;

// Whose line it is; outlives the I/O threads. Called on the line's thread.
class LineOwner {
public:
    virtual ~LineOwner() = default;
    virtual void opened(const LinePtr& line) = 0;
    virtual void received(const LinePtr& line, std::string_view frame) = 0;
    // Once, for a line that opened or was dialled; it is of no use afterwards.
    virtual void closed(const LinePtr& line) = 0;
};

class Line final : public http::Actor {
public:
    struct Parts {
        http::IoThread& thread;
        LineOwner& owner;
        const wire::iso8583::Dialect& dialect;
        LineOptions options;
    };
    // Both on the thread that will own it. `accepted` is connected and does not block.
    static LinePtr accept(Parts parts, http::SocketDescriptor accepted, http::Address from);
    static LinePtr dial(Parts parts, http::SocketAddress to);

    // From any thread; nothing happens on a line that is closed.
    void send(std::string frame);
    void shut();

    [[nodiscard]] bool dialled() const { return dialled_; }
    [[nodiscard]] const http::Address& peer() const { return peer_; }

    // The institution that it serves, once that is known: a line never serves two. On its thread.
    void serve(std::string institution) { institution_ = std::move(institution); }
    [[nodiscard]] const std::string& institution() const { return institution_; }

    void on_readable() override;
    void on_writable() override;
    void on_deadline() override;
    void on_stop() override { close(); }

private:
    enum class State : std::uint8_t { connecting, open, closed };

    Line(Parts parts, http::Address peer, bool dialled);
    void connect(http::SocketAddress to);
    void open();
    void write(std::string_view frame);
    void flush();
    void set_deadline();
    void close();
    LinePtr self() { return std::static_pointer_cast<Line>(shared_from_this()); }

    Parts parts_;
    http::Address peer_;
    bool dialled_;
    std::string institution_;
    std::shared_ptr<http::Mailbox> mailbox_;
    std::optional<http::Transport> transport_;  // while connecting or open
    FrameReader reader_;
    std::uint64_t id_ = 0;
    std::int64_t heard_ms_ = 0;
    std::int64_t said_ms_ = 0;
    State state_ = State::connecting;
};

}  // namespace huitong::gateway::iso8583
