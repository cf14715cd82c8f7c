#include "gateway/http/server.hpp"

#include <chrono>
#include <utility>

#include "base/ensure.hpp"
#include "gateway/http/address.hpp"
#include "gateway/http/connection/door.hpp"
#include "gateway/http/connection/listener.hpp"
#include "gateway/http/connection/session.hpp"

namespace huitong::gateway::http {
namespace {

Instant system_now() {
    using namespace std::chrono;
    const auto since_epoch = system_clock::now().time_since_epoch();
    return {duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

Response plain_error(Error error, const Request&) {
    const ErrorRow& row = describe(error);
    Response response{.status = row.http_status, .headers = {}, .body = {}};
    response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    response.body.append(R"({"code":")").append(row.wire_code).append(R"(","message":")");
    response.body.append(row.text_en).append(R"("})");
    return response;
}

Result<void> may_serve_plain(const ServerOptions& options) {
    if (options.tls || options.allow_plain_http) return {};
    const auto address = Address::parse(options.address);
    if (!address) return refuse(Error::listen_failed);
    if (!address->is_loopback()) return refuse(Error::plain_http_forbidden);
    return {};
}

// On every thread, for everything that lives there.
void visit_actors(const std::shared_ptr<Door>& door, void (*visit)(Actor&, const Door&)) {
    for (std::size_t i = 0; i < door->threads.count(); ++i) {
        door->threads.at(i).mailbox()->post([door, visit](IoThread* thread) {
            thread->for_each([&door, visit](Actor& actor) { visit(actor, *door); });
        });
    }
}

void close_session(Actor& actor, const Door& door) {
    auto* const session = dynamic_cast<Session*>(&actor);
    if (session != nullptr && session->belongs_to(door)) session->close();
}

void drain_actor(Actor& actor, const Door& door) {
    if (auto* const listener = dynamic_cast<Listener*>(&actor)) {
        if (listener->belongs_to(door)) listener->close();
    } else if (auto* const session = dynamic_cast<Session*>(&actor)) {
        if (session->belongs_to(door)) session->drain();
    }
}

}  // namespace

Server::Server(std::shared_ptr<Door> door) : door_(std::move(door)) {}

Result<std::unique_ptr<Server>> Server::start(IoThreads& threads, ServerOptions options) {
    ENSURE(options.handler != nullptr);
    CHECK(may_serve_plain(options));
    if (!options.error_writer) options.error_writer = plain_error;
    if (!options.clock) options.clock = system_now;
    const auto door = std::make_shared<Door>(threads, std::move(options));
    if (door->options.tls) {
        TRY(context, TlsContext::server(*door->options.tls));
        door->set_tls(std::move(context));
    }
    TRY(bound, listen_on(door->options.address, door->options.port));
    door->port = bound.port;
    threads.at(0).mailbox()->post(
        [socket = std::make_unique<ListeningSocket>(door, std::move(bound.descriptor))](
            IoThread* thread) mutable { Listener::start(*thread, std::move(socket)); });
    return std::unique_ptr<Server>(new Server(door));
}

Server::~Server() {
    drain({});
}

std::uint16_t Server::port() const {
    return door_->port;
}

const Metrics& Server::metrics() const {
    return door_->metrics;
}

Result<void> Server::reload_tls() {
    if (!door_->options.tls) return {};
    TRY(context, TlsContext::server(*door_->options.tls));
    door_->set_tls(std::move(context));
    return {};
}

void Server::stop_accepting() {
    door_->draining = true;
    visit_actors(door_, drain_actor);
}

bool Server::drain(Duration timeout) {
    ENSURE(IoThread::current() == nullptr);  // It would wait for itself.
    stop_accepting();
    if (door_->wait_until_empty(timeout)) return true;
    visit_actors(door_, close_session);
    ENSURE(door_->wait_until_empty(minutes(1)));
    return false;
}

}  // namespace huitong::gateway::http
