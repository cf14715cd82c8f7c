#include "gateway/http/io_threads.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "gateway/http/connection/io_thread.hpp"

namespace huitong::gateway::http {

IoThreads::IoThreads(std::size_t count) {
    ENSURE(count > 0);
    for (std::size_t i = 0; i < count; ++i) threads_.push_back(std::make_unique<IoThread>());
}

IoThreads::~IoThreads() {
    stop();
}

void IoThreads::post(std::size_t thread, std::move_only_function<void()> task) {
    threads_.at(thread)->mailbox()->post([task = std::move(task)](IoThread*) mutable { task(); });
}

void IoThreads::stop() {
    for (const auto& thread : threads_) thread->stop();
}

std::vector<std::uint64_t> IoThreads::cpu_microseconds() const {
    std::vector<std::uint64_t> spent;
    for (const auto& thread : threads_) spent.push_back(thread->cpu_microseconds());
    return spent;
}

}  // namespace huitong::gateway::http
