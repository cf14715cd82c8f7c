#include "gateway/http/connection/host_table.hpp"

#include <algorithm>
#include <utility>

#include "gateway/http/connection/client_connection.hpp"

namespace huitong::gateway::http {

void HostTable::submit(std::unique_ptr<Exchange> exchange) {
    if (shut_) return;  // The exchange tells its caller when it is destroyed.
    exchange->deadline_ms = thread_.now_ms() + exchange->limits.timeout.ms;
    Host& host = hosts_[exchange->host_key()];
    if (host.queue.size() >= shared_->options.queue_per_host_max) {
        return exchange->finish(refuse(Error::overloaded));
    }
    exchange->holder = this;
    thread_.set_timer(*exchange, exchange->deadline_ms);
    host.queue.push_back(std::move(exchange));
    serve(host);
}

// Hands waiting calls to connections while there are both.
void HostTable::serve(Host& host) {
    while (!host.queue.empty()) {
        const bool full = host.connections.size() >= shared_->options.connections_per_host_max;
        if (host.idle.empty() && full) return;
        auto exchange = std::move(host.queue.front());
        host.queue.pop_front();
        if (host.idle.empty()) {
            connect(host, std::move(exchange));
            continue;
        }
        ClientConnection& connection = *host.idle.back();
        host.idle.pop_back();
        --idle_count_;
        connection.begin(std::move(exchange));
    }
}

void HostTable::connect(Host& host, std::unique_ptr<Exchange> exchange) {
    const auto connection =
        std::make_shared<ClientConnection>(thread_, *this, exchange->host_key());
    host.connections.push_back(connection.get());
    connection->start(std::move(exchange));
}

bool HostTable::reuse(ClientConnection& connection) {
    Host& host = hosts_[connection.host_key()];
    const bool wanted = !host.queue.empty();
    if (!wanted && idle_count_ >= shared_->options.idle_connections_max) return false;
    host.idle.push_back(&connection);
    ++idle_count_;
    serve(host);
    return true;
}

void HostTable::closed(ClientConnection& connection) {
    const auto found = hosts_.find(connection.host_key());
    if (found == hosts_.end()) return;
    std::erase(found->second.connections, &connection);
    idle_count_ -= std::erase(found->second.idle, &connection);
    attend_soon(connection.host_key());
}

void HostTable::repeat(std::unique_ptr<Exchange> exchange) {
    if (shut_) return;
    exchange->repeated = true;
    exchange->holder = this;
    // Those that idle may be as dead as the one that failed; this call needs a fresh one.
    Host& host = hosts_[exchange->host_key()];
    if (host.connections.size() < shared_->options.connections_per_host_max) {
        return connect(host, std::move(exchange));
    }
    host.queue.push_front(std::move(exchange));
}

// A connection may close while serve() is at work with it, so what follows from that waits until
// nothing is: only here hosts are forgotten.
void HostTable::attend_soon(const std::string& host_key) {
    thread_.mailbox()->post([self = shared_from_this(), host_key](IoThread*) {
        static_cast<HostTable&>(*self).attend(host_key);
    });
}

void HostTable::attend(const std::string& host_key) {
    const auto found = hosts_.find(host_key);
    if (shut_ || found == hosts_.end()) return;
    serve(found->second);
    if (found->second.connections.empty() && found->second.queue.empty()) hosts_.erase(found);
}

void HostTable::on_exchange_deadline(Exchange& exchange) {
    const auto found = hosts_.find(exchange.host_key());
    if (found == hosts_.end()) return;
    auto& queue = found->second.queue;
    const auto mine = [&exchange](const auto& other) { return other.get() == &exchange; };
    const auto place = std::ranges::find_if(queue, mine);
    if (place == queue.end()) return;
    const auto ended = std::move(*place);
    queue.erase(place);
    ended->finish(refuse(Error::peer_timeout));
}

void HostTable::shut() {
    if (std::exchange(shut_, true)) return;
    const auto self = shared_from_this();
    std::vector<ClientConnection*> open;
    std::deque<std::unique_ptr<Exchange>> waiting;
    for (auto& [key, host] : hosts_) {
        open.insert(open.end(), host.connections.begin(), host.connections.end());
        std::ranges::move(host.queue, std::back_inserter(waiting));
        host.queue.clear();
    }
    for (ClientConnection* const connection : open) connection->end(Error::shutting_down);
    waiting.clear();  // Each tells its caller.
    thread_.drop(id_);
}

}  // namespace huitong::gateway::http
