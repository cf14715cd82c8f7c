#include "gateway/http/connection/listener.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "gateway/http/address.hpp"
#include "gateway/http/connection/session.hpp"

namespace huitong::gateway::http {
namespace {

constexpr int accepts_per_event = 64;  // Then the connections that exist get their turn.
constexpr std::int64_t retry_ms = 100;

// A connection on its way to its thread. If the thread ends first, nothing leaks.
struct Admitted {
    Admitted(std::shared_ptr<Door> entered, SocketDescriptor accepted, std::string from)
        : door(std::move(entered)), descriptor(std::move(accepted)), address(std::move(from)) {}
    Admitted(Admitted&&) noexcept = default;
    Admitted& operator=(Admitted&&) = delete;
    ~Admitted() {
        if (door != nullptr) door->leave(address);
    }

    std::shared_ptr<Door> door;
    SocketDescriptor descriptor;
    std::string address;
};

}  // namespace

SocketDescriptor::~SocketDescriptor() {
    close();
}

void SocketDescriptor::close() {
    if (value_ >= 0) ::close(std::exchange(value_, -1));
}

int SocketDescriptor::release() {
    return std::exchange(value_, -1);
}

Result<Bound> listen_on(const std::string& address, std::uint16_t port) {
    const auto parsed = Address::parse(address);
    if (!parsed) return refuse(Error::listen_failed);
    const int family = parsed->family();
    SocketDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.value() < 0) return refuse(Error::listen_failed);
    const int on = 1;
    ::setsockopt(socket.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) {
        ::setsockopt(socket.value(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    const SocketAddress bound = parsed->with_port(port);
    if (::bind(socket.value(), bound.get(), bound.size) != 0 ||
        ::listen(socket.value(), SOMAXCONN) != 0) {
        return refuse(Error::listen_failed);
    }
    SocketAddress actual{};
    actual.size = sizeof actual.storage;
    ::getsockname(socket.value(), actual.get(), &actual.size);
    return Bound{.descriptor = std::move(socket), .port = actual.port()};
}

Listener::Listener(IoThread& thread, std::unique_ptr<ListeningSocket> socket)
    : thread_(thread),
      door_(socket->door),
      socket_(std::move(socket)),
      watch_(thread, socket_->descriptor.release()) {}

void Listener::start(IoThread& thread, std::unique_ptr<ListeningSocket> socket) {
    const std::shared_ptr<Listener> listener(new Listener(thread, std::move(socket)));
    listener->id_ = thread.add(listener);
    listener->watch_.want_readable(*listener);
}

void Listener::on_readable() {
    for (int i = 0; i < accepts_per_event; ++i) {
        SocketAddress peer{};
        peer.size = sizeof peer.storage;
        SocketDescriptor accepted(
            ::accept4(watch_.descriptor(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (accepted.value() < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK) break;
            if (errno == ECONNABORTED || errno == EINTR) continue;
            // No descriptors or memory left: trying at once would only burn the CPU.
            return thread_.set_timer(*this, thread_.now_ms() + retry_ms);
        }
        const Address from = peer.address();
        admit(std::move(accepted), from.to_string(), from.is_loopback());
    }
    watch_.want_readable(*this);
}

void Listener::admit(SocketDescriptor descriptor, const std::string& address, bool loopback) {
    ++door_->metrics.connections_accepted;
    if (!door_->enter(address, loopback)) {
        ++door_->metrics.connections_refused;
        return;
    }
    const int on = 1;
    ::setsockopt(descriptor.value(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    IoThreads& threads = door_->threads;
    IoThread& target = threads.at(next_thread_++ % threads.count());
    if (&target == &thread_) return Session::start(target, door_, descriptor.release(), address);
    target.mailbox()->post(
        [admitted = Admitted(door_, std::move(descriptor), address)](IoThread* thread) mutable {
            Session::start(*thread, std::exchange(admitted.door, nullptr),
                           admitted.descriptor.release(), admitted.address);
        });
}

void Listener::on_deadline() {
    on_readable();
}

void Listener::on_stop() {
    close();
}

void Listener::close() {
    const auto self = shared_from_this();
    cancel();
    watch_.close();
    socket_.reset();  // Last: whoever waits for it finds the port closed.
    thread_.drop(id_);
}

}  // namespace huitong::gateway::http
