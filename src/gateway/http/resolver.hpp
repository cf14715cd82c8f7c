// Names to addresses on threads of its own, because the C library's look-up blocks.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "gateway/http/address.hpp"

namespace huitong::gateway::http {

using Addresses = std::vector<Address>;
// Blocks; refuses with peer_unreachable. Tests bring their own.
using Resolve = std::function<Result<Addresses>(const std::string& host)>;

// By the system: hosts file, DNS.
Result<Addresses> resolve_by_system(const std::string& host);

class Resolver {
public:
    using Done = std::move_only_function<void(Result<Addresses>)>;

    // Threads start with the first look-up.
    explicit Resolver(Resolve resolve);
    // Waits for the look-ups under way; those that wait are dropped uncalled.
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // done is called on a thread of the resolver, or at once if too many wait (overloaded).
    void resolve(std::string host, Done done);

private:
    struct Job {
        std::string host;
        Done done;
    };

    static constexpr std::size_t threads_max = 2;  // One slow name must not hold up all others.
    static constexpr std::size_t jobs_max = 1024;

    void run();

    Resolve resolve_;
    std::mutex mutex_;
    std::condition_variable wanted_;
    std::deque<Job> jobs_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace huitong::gateway::http
