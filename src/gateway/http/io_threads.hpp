// The threads that do all network input and output, shared by every door and courier.
//
// Connections belong to one thread each and are touched by no other. Threads end with stop(), which
// closes what is left; answers sent later are dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/instant.hpp"

namespace huitong::gateway::http {

class IoThread;

class IoThreads {
public:
    explicit IoThreads(std::size_t count = 1);
    ~IoThreads();
    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    [[nodiscard]] std::size_t count() const { return threads_.size(); }

    // Runs the task on that thread, soon. After stop() the task is dropped unrun.
    void post(std::size_t thread, std::move_only_function<void()> task);

    // Closes every connection and joins the threads. Not to be called from one of them.
    void stop();

    // The CPU time that each thread has used so far; after stop() what it had used in all.
    [[nodiscard]] std::vector<std::uint64_t> cpu_microseconds() const;

    // For this module's own listeners and connections.
    [[nodiscard]] IoThread& at(std::size_t index) { return *threads_[index]; }

private:
    std::vector<std::unique_ptr<IoThread>> threads_;
};

}  // namespace huitong::gateway::http
