#include "gateway/iso8583/lines/line_listener.hpp"

#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace huitong::gateway::iso8583 {
namespace {

constexpr int accepts_per_event = 64;
constexpr std::int64_t accept_retry_ms = 100;

}  // namespace

LineListener::LineListener(Parts parts, http::IoThread& thread, http::SocketDescriptor socket)
    : parts_(std::move(parts)), thread_(thread), watch_(thread, socket.release()) {}

Result<std::uint16_t> LineListener::start(Parts parts, const std::string& address,
                                          std::uint16_t port) {
    TRY(bound, http::listen_on(address, port));
    http::IoThread& thread = parts.threads.at(0);
    thread.mailbox()->post(
        [parts = std::move(parts), socket = std::move(bound.descriptor)](auto* on) mutable {
            const std::shared_ptr<LineListener> listener(
                new LineListener(std::move(parts), *on, std::move(socket)));
            on->add(listener);
            listener->watch_.want_readable(*listener);
        });
    return bound.port;
}

void LineListener::on_readable() {
    for (int i = 0; i < accepts_per_event; ++i) {
        http::SocketAddress from{.storage = {}, .size = sizeof(sockaddr_storage)};
        http::SocketDescriptor socket(
            ::accept4(watch_.descriptor(), from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.value() >= 0) {
            admit(std::move(socket), from.address().unmapped());
            continue;
        }
        if (errno == ECONNABORTED || errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) break;
        // No descriptors or memory left: trying at once would only burn the CPU.
        return thread_.set_timer(*this, thread_.now_ms() + accept_retry_ms);
    }
    watch_.want_readable(*this);
}

void LineListener::admit(http::SocketDescriptor socket, http::Address from) {
    if (!parts_.admits(from) || *parts_.lines >= parts_.lines_max) return;  // Its end closes it.
    ++*parts_.lines;
    const int on = 1;
    ::setsockopt(socket.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    http::IoThread& target = parts_.threads.at(next_thread_++ % parts_.threads.count());
    target.mailbox()->post([parts = parts_, socket = std::move(socket),
                            from](auto* thread) mutable {
        Line::accept({*thread, parts.owner, parts.dialect, parts.options}, std::move(socket), from);
    });
}

}  // namespace huitong::gateway::iso8583
