#include "gateway/http/connection/session.hpp"

#include <algorithm>
#include <utility>

namespace huitong::gateway::http {
namespace {

// Answers to pipelined requests are gathered up to this much before the client must take some.
constexpr std::size_t out_bytes_max = 256 * 1024;
constexpr Duration rate_check_period = seconds(1);

Session* find_session(IoThread& thread, std::uint64_t session) {
    // Numbers of sessions are only ever given to Responders by sessions.
    return static_cast<Session*>(thread.find(session));
}

}  // namespace

Session::Session(IoThread& thread, std::shared_ptr<Door> door, int descriptor,
                 std::string remote_address)
    : thread_(thread),
      door_(std::move(door)),
      transport_(thread, descriptor, door_->tls() ? TlsChannel::accept(*door_->tls()) : nullptr),
      parser_({.header_bytes_max = door_->options.limits.header_bytes_max,
               .body_bytes_max = door_->options.limits.body_bytes_max}),
      remote_address_(std::move(remote_address)),
      state_(transport_.ready() ? State::idle : State::handshaking) {}

void Session::start(IoThread& thread, std::shared_ptr<Door> door, int descriptor,
                    std::string remote_address) {
    const std::shared_ptr<Session> session(
        new Session(thread, std::move(door), descriptor, std::move(remote_address)));
    session->id_ = thread.add(session);
    if (session->door_->draining) return session->close();
    // The first request is due as soon as a handshake would be; later ones may idle longer.
    session->set_deadline(session->door_->options.limits.header_timeout);
    session->transport_.want_readable(*session);
}

bool Session::answer_now(const Mailbox& mailbox, std::uint64_t session, std::uint64_t exchange,
                         Response& response) {
    IoThread* const thread = IoThread::current();
    if (thread == nullptr || thread->mailbox().get() != &mailbox) return false;
    if (thread->dispatching != session) return false;
    Session* const self = find_session(*thread, session);
    if (self == nullptr || self->state_ != State::answering || self->exchange_ != exchange) {
        return false;
    }
    self->answered(std::move(response));  // consume(), which called the handler, goes on.
    return true;
}

void Session::answer(IoThread& thread, std::uint64_t session, std::uint64_t exchange,
                     Response&& response) {
    Session* const found = find_session(thread, session);
    if (found == nullptr || found->state_ != State::answering || found->exchange_ != exchange) {
        return;
    }
    const auto self = found->shared_from_this();
    found->answered(std::move(response));
    found->take_bytes({});
}

void Session::answer_missing(IoThread& thread, std::uint64_t session, std::uint64_t exchange) {
    Session* const self = find_session(thread, session);
    if (self == nullptr || self->state_ != State::answering || self->exchange_ != exchange) return;
    answer(thread, session, exchange,
           self->door_->options.error_writer(Error::answer_missing, Request{}));
}

void Session::on_readable() {
    if (state_ == State::closed) return;
    const auto received = transport_.receive();
    door_->metrics.bytes_received += received.wire_bytes;
    if (received.status == Transport::Status::failed) {
        if (state_ == State::handshaking) ++door_->metrics.tls_handshakes_failed;
        std::uint64_t ignored = 0;
        transport_.flush(ignored);  // A TLS alert may be waiting.
        return close();
    }
    if (received.status == Transport::Status::ended) {
        if (state_ == State::handshaking) ++door_->metrics.tls_handshakes_failed;
        if (state_ == State::handshaking || state_ == State::lingering) return close();
        peer_ended_ = true;
    }
    if (state_ == State::lingering) return transport_.want_readable(*this);
    if (state_ == State::handshaking && transport_.ready()) {
        state_ = State::idle;
        tls_subject_ = transport_.tls()->peer_subject();
    }
    take_bytes(received.bytes);
}

// Feeds what came, behind what was left over, and keeps what is left over now.
void Session::take_bytes(std::string_view bytes) {
    if (early_.empty()) {
        early_.assign(consume(bytes));
    } else {
        std::string all = std::exchange(early_, {});
        all.append(bytes);
        early_.assign(consume(all));
    }
    if (early_.empty() && early_.capacity() > idle_capacity_max) std::string().swap(early_);
    if (state_ != State::closed) proceed();
}

std::string_view Session::consume(std::string_view bytes) {
    while (!bytes.empty() && transport_.pending() < out_bytes_max) {
        if (state_ != State::idle && state_ != State::receiving) break;
        state_ = State::receiving;
        bytes.remove_prefix(parser_.feed(bytes));
        if (const auto error = parser_.error()) {
            refuse_request(*error);
            return {};
        }
        if (!parser_.complete()) break;
        dispatch();
    }
    return state_ == State::closed || state_ == State::lingering ? std::string_view{} : bytes;
}

void Session::dispatch() {
    last_exchange_ = !parser_.keep_alive();
    Request request = parser_.take();
    request.remote_address = remote_address_;
    request.tls_subject = tls_subject_;
    request.received = door_->options.clock();
    head_ = request.head;
    continue_sent_ = false;
    receiving_since_ms_ = 0;
    body_since_ms_ = 0;
    state_ = State::answering;
    ++exchange_;
    ++door_->metrics.requests;
    thread_.dispatching = id_;
    door_->options.handler(std::move(request), Responder(thread_.mailbox(), id_, exchange_));
    thread_.dispatching = 0;
}

void Session::answered(Response&& response) {
    last_exchange_ = last_exchange_ || door_->draining;
    state_ = last_exchange_ ? State::lingering : State::idle;
    write_answer(response, {.body_omitted = head_, .connection_close = last_exchange_});
}

void Session::write_answer(const Response& response, Framing framing) {
    const auto status_class = static_cast<std::size_t>(std::clamp(response.status, 100, 599)) / 100;
    ++door_->metrics.answers_by_class[status_class];
    if (std::string* const out = transport_.plain_out()) {
        return append_response(*out, response, framing);
    }
    std::string& clear = thread_.answer_scratch;
    clear.clear();
    append_response(clear, response, framing);
    if (transport_.write(clear) == Transport::Status::failed) close();
}

// Answers for the handler what it shall not see; the connection ends with it.
void Session::refuse_request(Error error) {
    ++door_->metrics.requests_malformed;
    const Request request = parser_.take();
    state_ = State::lingering;
    write_answer(door_->options.error_writer(error, request),
                 {.body_omitted = request.head, .connection_close = true});
}

// After anything that happened: says what must be said, and asks for the next event.
void Session::proceed() {
    if (state_ == State::receiving && parser_.wants_continue() && !continue_sent_) {
        continue_sent_ = true;
        if (transport_.write("HTTP/1.1 100 Continue\r\n\r\n") == Transport::Status::failed) {
            return close();
        }
    }
    std::uint64_t sent = 0;
    const auto status = transport_.flush(sent);
    door_->metrics.bytes_sent += sent;
    if (status == Transport::Status::failed) return close();
    if (transport_.pending() > 0) {
        // The time allowed for writing runs from when the kernel first took less than all of it.
        if (!std::exchange(writing_, true)) set_deadline(door_->options.limits.write_timeout);
        return transport_.want_writable(*this);
    }
    writing_ = false;
    wait();
}

void Session::wait() {
    switch (state_) {
        case State::handshaking:
            return transport_.want_readable(*this);
        case State::idle:
            if (!early_.empty()) return resume_soon();  // Stopped by out_bytes_max; now it is out.
            if (peer_ended_ || door_->draining) return close();
            set_deadline(door_->options.limits.idle_timeout);
            return transport_.want_readable(*this);
        case State::receiving:
            if (peer_ended_) return close();
            if (!body_in_time()) return time_out();
            set_receiving_deadline();
            return transport_.want_readable(*this);
        case State::answering:
            return cancel();  // The handler has all the time it needs.
        case State::lingering:
            return linger();
        case State::closed:
            return;
    }
}

// By the mailbox, so that a client with much to ask does not keep the others waiting.
void Session::resume_soon() {
    thread_.mailbox()->post([id = id_](IoThread* thread) {
        if (Session* const found = find_session(*thread, id)) {
            const auto self = found->shared_from_this();
            if (found->state_ == State::idle) found->take_bytes({});
        }
    });
}

void Session::linger() {
    if (peer_ended_) return close();
    transport_.finish();
    set_deadline(door_->options.limits.linger_timeout);
    transport_.want_readable(*this);
}

void Session::on_writable() {
    if (state_ != State::closed) proceed();
}

void Session::set_deadline(Duration from_now) {
    thread_.set_timer(*this, thread_.now_ms() + from_now.ms);
}

// A header may take header_timeout; a body body_timeout, and it must keep up a rate.
void Session::set_receiving_deadline() {
    const Limits& limits = door_->options.limits;
    const auto now = thread_.now_ms();
    if (receiving_since_ms_ == 0) receiving_since_ms_ = now;
    if (!parser_.header_complete()) {
        return thread_.set_timer(*this, receiving_since_ms_ + limits.header_timeout.ms);
    }
    if (body_since_ms_ == 0) body_since_ms_ = now;
    const auto next_check =
        std::max(body_since_ms_ + limits.body_grace.ms, now + rate_check_period.ms);
    thread_.set_timer(*this, std::min(body_since_ms_ + limits.body_timeout.ms, next_check));
}

bool Session::body_in_time() const {
    if (body_since_ms_ == 0) return true;
    const Limits& limits = door_->options.limits;
    const auto elapsed_ms = thread_.now_ms() - body_since_ms_;
    if (elapsed_ms >= limits.body_timeout.ms) return false;
    if (elapsed_ms < limits.body_grace.ms) return true;
    const auto owed =
        limits.body_bytes_per_second_min * static_cast<std::size_t>(elapsed_ms) / 1000;
    return parser_.body_size() >= owed;
}

void Session::time_out() {
    ++door_->metrics.timeouts;
    refuse_request(Error::request_timeout);
    proceed();
}

void Session::on_deadline() {
    const auto self = shared_from_this();  // Closing takes the thread's reference away.
    if (state_ == State::receiving && !writing_) {
        if (parser_.header_complete() && body_in_time()) return set_receiving_deadline();
        return time_out();
    }
    const bool quiet = state_ == State::idle || state_ == State::lingering;
    if (writing_ || !quiet) ++door_->metrics.timeouts;
    if (state_ == State::handshaking) ++door_->metrics.tls_handshakes_failed;
    close();
}

void Session::drain() {
    if (state_ == State::idle && transport_.pending() == 0) return close();
    if (state_ == State::handshaking) close();
}

void Session::close() {
    if (state_ == State::closed) return;
    if (state_ == State::answering || transport_.pending() > 0) ++door_->metrics.answers_dropped;
    state_ = State::closed;
    cancel();
    transport_.close();
    const auto self = shared_from_this();
    thread_.drop(id_);
    door_->leave(remote_address_);
}

}  // namespace huitong::gateway::http
