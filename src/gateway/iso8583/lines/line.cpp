#include "gateway/iso8583/lines/line.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace huitong::gateway::iso8583 {
namespace {

constexpr std::string_view beat = "0000";

}  // namespace

Line::Line(Parts parts, http::Address peer, bool dialled)
    : parts_(parts),
      peer_(peer),
      dialled_(dialled),
      mailbox_(parts.thread.mailbox()),
      reader_(parts.dialect) {}

LinePtr Line::accept(Parts parts, http::SocketDescriptor accepted, http::Address from) {
    const LinePtr line(new Line(parts, from, false));
    line->id_ = parts.thread.add(line);
    line->transport_.emplace(parts.thread, accepted.release(), nullptr);
    line->open();
    return line;
}

LinePtr Line::dial(Parts parts, http::SocketAddress to) {
    const LinePtr line(new Line(parts, to.address(), true));
    line->id_ = parts.thread.add(line);
    line->connect(to);
    return line;
}

void Line::connect(http::SocketAddress to) {
    http::SocketDescriptor socket(
        ::socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // What fails at once is told later, like all else, when the dialler knows the line.
    parts_.thread.set_timer(*this, parts_.thread.now_ms() + parts_.options.connect_timeout.ms);
    if (socket.value() < 0) return;
    const int on = 1;
    ::setsockopt(socket.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool refused = ::connect(socket.value(), to.get(), to.size) != 0 && errno != EINPROGRESS;
    if (refused) return parts_.thread.set_timer(*this, parts_.thread.now_ms());
    transport_.emplace(parts_.thread, socket.release(), nullptr);
    transport_->want_writable(*this);
}

void Line::open() {
    state_ = State::open;
    heard_ms_ = said_ms_ = parts_.thread.now_ms();
    set_deadline();
    transport_->want_readable(*this);
    parts_.owner.opened(self());
}

void Line::send(std::string frame) {
    if (http::IoThread::current() == &parts_.thread) return write(frame);
    mailbox_->post(
        [line = self(), frame = std::move(frame)](http::IoThread*) { line->write(frame); });
}

void Line::shut() {
    mailbox_->post([line = self()](http::IoThread*) { line->close(); });
}

void Line::write(std::string_view frame) {
    if (state_ != State::open) return;
    if (transport_->pending() + frame.size() > parts_.options.unsent_bytes_max) return close();
    said_ms_ = parts_.thread.now_ms();
    const bool written = transport_->write(frame) == http::Transport::Status::open;
    if (!written) return close();
    flush();
}

void Line::flush() {
    std::uint64_t sent = 0;
    if (transport_->flush(sent) == http::Transport::Status::failed) return close();
    if (transport_->pending() > 0) transport_->want_writable(*this);
}

void Line::on_writable() {
    if (state_ == State::closed) return;
    if (state_ == State::open) return flush();
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(transport_->descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return close();
    open();
}

void Line::on_readable() {
    if (state_ != State::open) return;
    const auto received = transport_->receive();
    if (!received.bytes.empty()) heard_ms_ = parts_.thread.now_ms();
    const auto see = [this](std::string_view frame) {
        parts_.owner.received(self(), frame);
        return state_ == State::open;
    };
    // The thread's memory that holds the bytes is not read into again before this returns.
    const bool lost = !reader_.feed(received.bytes, see);
    if (lost || received.status != http::Transport::Status::open) return close();
    if (state_ == State::open) transport_->want_readable(*this);
}

void Line::set_deadline() {
    const LineOptions& options = parts_.options;
    parts_.thread.set_timer(
        *this, std::min(heard_ms_ + options.dead_after.ms, said_ms_ + options.beat_after.ms));
}

void Line::on_deadline() {
    if (state_ != State::open) return close();
    const std::int64_t now = parts_.thread.now_ms();
    if (now - heard_ms_ >= parts_.options.dead_after.ms) return close();
    if (now - said_ms_ >= parts_.options.beat_after.ms) write(beat);
    if (state_ == State::open) set_deadline();
}

void Line::close() {
    if (state_ == State::closed) return;
    const LinePtr line = self();
    state_ = State::closed;
    cancel();
    // Before the socket ends: who sees that and dials anew finds nothing of this line.
    parts_.owner.closed(line);
    transport_.reset();  // Somebody may keep the line beyond its thread.
    parts_.thread.drop(id_);
}

}  // namespace huitong::gateway::iso8583
