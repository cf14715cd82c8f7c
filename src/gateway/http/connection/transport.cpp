#include "gateway/http/connection/transport.hpp"

#include <cerrno>
#include <sys/socket.h>

namespace huitong::gateway::http {
namespace {

constexpr std::size_t read_bytes_max = 64 * 1024;

bool try_again(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Transport::Transport(IoThread& thread, int descriptor, std::unique_ptr<TlsChannel> tls)
    : thread_(thread), watch_(thread, descriptor), tls_(std::move(tls)) {}

Transport::Received Transport::receive() {
    std::string& wire = thread_.wire_scratch;
    wire.resize(read_bytes_max);
    const auto count = ::recv(watch_.descriptor(), wire.data(), wire.size(), 0);
    if (count < 0) return {try_again(errno) ? Status::open : Status::failed, {}, 0};
    if (count == 0) return {Status::ended, {}, 0};
    const auto size = static_cast<std::size_t>(count);
    const std::string_view bytes(wire.data(), size);
    if (tls_ == nullptr) return {Status::open, bytes, size};

    thread_.plain_scratch.clear();
    const auto status = tls_->receive(bytes, thread_.plain_scratch, out_);
    if (status == TlsStatus::failed) return {Status::failed, {}, size};
    const auto how = status == TlsStatus::ended ? Status::ended : Status::open;
    return {how, thread_.plain_scratch, size};
}

Transport::Status Transport::start_handshake() {
    if (tls_ == nullptr) return Status::open;
    std::string none;
    return tls_->receive({}, none, out_) == TlsStatus::open ? Status::open : Status::failed;
}

Transport::Status Transport::write(std::string_view plain) {
    if (tls_ == nullptr) {
        out_.append(plain);
        return Status::open;
    }
    return tls_->send(plain, out_) == TlsStatus::open ? Status::open : Status::failed;
}

Transport::Status Transport::flush(std::uint64_t& wire_bytes) {
    while (pending() > 0) {
        const auto count =
            ::send(watch_.descriptor(), out_.data() + sent_, pending(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return try_again(errno) ? Status::open : Status::failed;
        sent_ += static_cast<std::size_t>(count);
        wire_bytes += static_cast<std::uint64_t>(count);
    }
    out_.clear();
    sent_ = 0;
    if (out_.capacity() > idle_capacity_max) std::string().swap(out_);
    return Status::open;
}

void Transport::finish() {
    if (tls_ != nullptr) {
        tls_->finish(out_);
        std::uint64_t ignored = 0;
        flush(ignored);  // A courtesy: if the kernel does not take it, the peer does without.
    }
    ::shutdown(watch_.descriptor(), SHUT_WR);
}

void Transport::close() {
    watch_.close();
    std::string().swap(out_);
    sent_ = 0;
}

}  // namespace huitong::gateway::http
