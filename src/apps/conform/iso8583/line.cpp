#include "apps/conform/iso8583/line.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/http/resolver.hpp"

namespace huitong::apps::conform {
namespace {

timeval timeval_of(Duration time) {
    return {.tv_sec = time.ms / 1000, .tv_usec = time.ms % 1000 * 1000};
}

int milliseconds_until(TestLine::Deadline until) {
    using namespace std::chrono;
    const auto left = ceil<std::chrono::milliseconds>(until - steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

Result<void> TestLine::connect(const std::string& host, std::uint16_t port, Duration patience) {
    close();
    ended_ = false;
    TRY(addresses, gateway::http::resolve_by_system(host));
    for (const auto& address : addresses) {
        socket_ = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket_ < 0) continue;
        // Also bounds how long connect() waits (socket(7)).
        const timeval time = timeval_of(patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
        const auto to = address.with_port(port);
        if (::connect(socket_, to.get(), to.size) == 0) return {};
        close();
    }
    return refuse(Error::peer_unreachable);
}

void TestLine::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    frames_.clear();
    partial_.clear();
}

bool TestLine::finish(Deadline until) {
    if (socket_ < 0) return true;
    ::shutdown(socket_, SHUT_WR);
    while (!ended_ && std::chrono::steady_clock::now() < until) read_some(until);
    const bool ended = ended_;
    close();
    return ended;
}

bool TestLine::send(std::string_view bytes) {
    while (!bytes.empty() && socket_ >= 0) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return bytes.empty();
}

std::optional<std::string> TestLine::receive(Deadline until) {
    while (frames_.empty() && !ended() && std::chrono::steady_clock::now() < until)
        read_some(until);
    if (frames_.empty()) return std::nullopt;
    std::string frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
}

void TestLine::read_some(Deadline until) {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, milliseconds_until(until)) <= 0) return;
    std::array<char, 4096> bytes{};
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) return;
    if (got > 0) partial_.append(bytes.data(), static_cast<std::size_t>(got));
    ended_ = got <= 0 || !split();
}

bool TestLine::split() {
    using Kind = wire::iso8583::FrameFront::Kind;
    for (;;) {
        const auto front = look_at_front(dialect_, partial_);
        if (!front) return false;
        if (front->kind == Kind::partial) return true;
        if (front->kind == Kind::complete) frames_.push_back(partial_.substr(0, front->bytes));
        partial_.erase(0, front->bytes);
    }
}

}  // namespace huitong::apps::conform
