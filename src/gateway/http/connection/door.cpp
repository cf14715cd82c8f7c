#include "gateway/http/connection/door.hpp"

#include <chrono>

namespace huitong::gateway::http {

bool Door::enter(const std::string& address, bool loopback) {
    const Limits& limits = options.limits;
    const std::lock_guard lock(mutex_);
    if (connections_ >= limits.connections_max) return false;
    const bool counted = !(loopback && limits.loopback_unlimited_per_address);
    const auto found = by_address_.find(address);
    const auto open = found == by_address_.end() ? 0 : found->second;
    if (counted && open >= limits.connections_per_address_max) return false;
    ++connections_;
    ++by_address_[address];
    ++metrics.connections_open;
    return true;
}

void Door::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --connections_;
    --metrics.connections_open;
    if (const auto found = by_address_.find(address); --found->second == 0) {
        by_address_.erase(found);
    }
    if (empty()) emptied_.notify_all();
}

void Door::open() {
    const std::lock_guard lock(mutex_);
    ++listeners_;
}

void Door::shut() {
    const std::lock_guard lock(mutex_);
    --listeners_;
    if (empty()) emptied_.notify_all();
}

bool Door::wait_until_empty(Duration timeout) {
    std::unique_lock lock(mutex_);
    return emptied_.wait_for(lock, std::chrono::milliseconds(timeout.ms),
                             [this] { return empty(); });
}

std::shared_ptr<const TlsContext> Door::tls() const {
    const std::lock_guard lock(mutex_);
    return tls_;
}

void Door::set_tls(std::shared_ptr<const TlsContext> context) {
    const std::lock_guard lock(mutex_);
    tls_ = std::move(context);
}

}  // namespace huitong::gateway::http
