#include "gateway/http/connection/client_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "gateway/http/connection/host_table.hpp"

namespace huitong::gateway::http {

void ClientConnection::start(std::unique_ptr<Exchange> exchange) {
    id_ = thread_.add(shared_from_this());
    exchange_ = std::move(exchange);
    exchange_->holder = this;
    if (const auto address = Address::parse(exchange_->url.host)) {
        return resolved(Addresses{*address});
    }
    // By number, not by pointer: the answer may come after this connection has ended.
    const auto done = [mailbox = thread_.mailbox(), id = id_](Result<Addresses> addresses) {
        mailbox->post([id, addresses = std::move(addresses)](IoThread* thread) mutable {
            Actor* const found = thread->find(id);
            if (found == nullptr) return;
            const auto self = found->shared_from_this();
            static_cast<ClientConnection*>(found)->resolved(std::move(addresses));
        });
    };
    table_.shared().resolver.resolve(exchange_->url.host, done);
}

void ClientConnection::resolved(Result<Addresses> addresses) {
    if (state_ != State::resolving) return;
    if (!addresses) return end(addresses.error());
    addresses_ = std::move(*addresses);
    if (!table_.shared().options.allow_private_addresses) {
        std::erase_if(addresses_, [](const Address& address) { return !address.is_public(); });
        if (addresses_.empty()) return end(Error::address_forbidden);
    }
    std::ranges::reverse(addresses_);
    connect_next();
}

void ClientConnection::connect_next() {
    while (!addresses_.empty()) {
        const Address address = addresses_.back();
        addresses_.pop_back();
        const int socket =
            ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (socket < 0) continue;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const SocketAddress to = address.with_port(exchange_->url.port);
        if (::connect(socket, to.get(), to.size) != 0 && errno != EINPROGRESS) {
            ::close(socket);
            continue;
        }
        const auto& tls = table_.shared().tls;
        const Url& url = exchange_->url;
        transport_.emplace(thread_, socket,
                           url.tls ? TlsChannel::connect(*tls, url.host) : nullptr);
        state_ = State::connecting;
        return transport_->want_writable(*this);
    }
    end(Error::peer_unreachable);
}

void ClientConnection::on_writable() {
    if (state_ == State::closed) return;
    if (state_ == State::connecting) return connected();
    flush();
}

void ClientConnection::connected() {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(transport_->descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return connect_next();
    if (transport_->tls() == nullptr) return send_request();
    state_ = State::handshaking;
    if (transport_->start_handshake() == Transport::Status::failed) return connect_next();
    flush();
}

void ClientConnection::begin(std::unique_ptr<Exchange> exchange) {
    const auto self = shared_from_this();  // The table holds no reference.
    cancel();
    exchange_ = std::move(exchange);
    exchange_->holder = this;
    reused_ = true;
    send_request();
}

void ClientConnection::send_request() {
    const CallLimits& limits = exchange_->limits;
    parser_.emplace(MessageLimits{.header_bytes_max = limits.answer_header_bytes_max,
                                  .body_bytes_max = limits.answer_bytes_max},
                    exchange_->to_head);
    state_ = State::talking;
    if (transport_->write(exchange_->bytes) == Transport::Status::failed) return lost();
    flush();
}

// Sends what waits; always listens, for an answer may come before all was sent.
void ClientConnection::flush() {
    std::uint64_t sent = 0;
    if (transport_->flush(sent) == Transport::Status::failed) return lost();
    if (transport_->pending() > 0) transport_->want_writable(*this);
    transport_->want_readable(*this);
}

void ClientConnection::on_readable() {
    if (state_ == State::closed) return;
    const bool was_idle = state_ == State::idle;
    const auto received = transport_->receive();
    const bool ended = received.status == Transport::Status::ended;
    if (received.status == Transport::Status::failed) return lost();
    // A free connection has nothing to say; TLS may still bring session tickets.
    if (was_idle && (ended || !received.bytes.empty())) return close();
    if (state_ == State::handshaking && transport_->ready()) send_request();
    if (state_ == State::talking) take_bytes(received.bytes);
    if (ended) return take_end();
    if (state_ != State::closed) flush();
}

// The peer sends no more. What it sent has been taken, and may have been an answer already.
void ClientConnection::take_end() {
    if (state_ == State::closed) return;
    if (state_ == State::idle) return close();
    if (state_ != State::talking) return lost();
    parser_->finish();
    if (!parser_->complete()) return lost();
    take_answer();
}

void ClientConnection::take_bytes(std::string_view bytes) {
    std::string all = std::exchange(early_, {});
    all.append(bytes);
    const auto used = parser_->feed(all);
    if (const auto error = parser_->error()) return end(*error);
    early_ = all.substr(used);
    if (parser_->complete()) take_answer();
}

void ClientConnection::take_answer() {
    const bool keep = parser_->keep_alive() && early_.empty() && transport_->pending() == 0;
    const auto exchange = std::exchange(exchange_, nullptr);
    Answer answer = parser_->take();
    state_ = State::idle;
    if (keep) {
        thread_.set_timer(*this, thread_.now_ms() + table_.shared().options.idle_timeout.ms);
        if (!table_.reuse(*this)) close();
    } else {
        close();
    }
    exchange->finish(std::move(answer));  // Last: the completion may do anything.
}

// The connection broke or the peer closed it without an answer.
void ClientConnection::lost() {
    if (state_ == State::handshaking) {
        std::uint64_t ignored = 0;
        transport_->flush(ignored);  // An alert that says why.
        const bool refused = transport_->tls()->certificate_refused();
        return end(refused ? Error::peer_certificate_invalid : Error::peer_unreachable);
    }
    const bool unanswered = state_ == State::talking && !parser_->started();
    if (unanswered && reused_ && !exchange_->repeated) {
        auto exchange = std::move(exchange_);
        close();
        return table_.repeat(std::move(exchange));
    }
    const bool malformed = state_ == State::talking && parser_->error().has_value();
    end(malformed ? *parser_->error() : Error::peer_unreachable);
}

void ClientConnection::on_exchange_deadline(Exchange&) {
    end(Error::peer_timeout);
}

void ClientConnection::end(Error error) {
    const auto self = shared_from_this();
    const auto exchange = std::move(exchange_);
    close();
    if (exchange != nullptr) exchange->finish(refuse(error));
}

void ClientConnection::close() {
    if (state_ == State::closed) return;
    const auto self = shared_from_this();
    state_ = State::closed;
    cancel();
    if (transport_) transport_->close();
    thread_.drop(id_);
    table_.closed(*this);
}

}  // namespace huitong::gateway::http
