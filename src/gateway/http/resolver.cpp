#include "gateway/http/resolver.hpp"

#include <cstring>
#include <netdb.h>
#include <utility>

namespace huitong::gateway::http {

Result<Addresses> resolve_by_system(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) {
        return refuse(Error::peer_unreachable);
    }
    Addresses addresses;
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        SocketAddress address{};
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        addresses.push_back(address.address());
    }
    ::freeaddrinfo(list);
    if (addresses.empty()) return refuse(Error::peer_unreachable);
    return addresses;
}

Resolver::Resolver(Resolve resolve) : resolve_(std::move(resolve)) {}

Resolver::~Resolver() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wanted_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void Resolver::resolve(std::string host, Done done) {
    std::unique_lock lock(mutex_);
    if (jobs_.size() == jobs_max) {
        lock.unlock();
        return done(refuse(Error::overloaded));
    }
    jobs_.push_back({.host = std::move(host), .done = std::move(done)});
    if (idle_ < jobs_.size() && threads_.size() < threads_max) {
        threads_.emplace_back([this] { run(); });
    }
    wanted_.notify_one();
}

void Resolver::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        wanted_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        --idle_;
        if (stopping_) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job.done(resolve_(job.host));
        lock.lock();
    }
}

}  // namespace huitong::gateway::http
