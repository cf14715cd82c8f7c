#include "gateway/door/work_pool.hpp"

#include <algorithm>
#include <ctime>
#include <iterator>
#include <pthread.h>
#include <sched.h>
#include <utility>

#include "gateway/door/heart_port.hpp"
#include "gateway/http/responder.hpp"

namespace huitong::gateway::door {
namespace {

std::uint64_t microseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec) / 1'000U;
}

std::uint64_t cpu_of(clockid_t clock) {
    timespec time{};
    return clock_gettime(clock, &time) == 0 ? microseconds(time) : 0;
}

void run_together(std::vector<WorkPool::Task> tasks) {
    const http::AnswerBatch answers;
    const CommandBatch commands;
    for (WorkPool::Task& task : tasks) {
        task();
        task = nullptr;  // What it captured may take locks when it dies.
    }
}

std::size_t thread_count(std::size_t wanted) {
    if (wanted != 0) return wanted;
    const std::size_t cpus = std::thread::hardware_concurrency();
    return cpus > 2 ? cpus - 1 : 1;
}

}  // namespace

WorkPool::WorkPool(WorkPoolOptions options) {
    options.threads = thread_count(options.threads);
    for (std::size_t i = 0; i < options.threads; ++i)
        threads_.emplace_back([this, i, options] { run(i, options); });
}

void WorkPool::post(Task task) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
    if (asleep_ > 0) wake_.notify_one();
}

void WorkPool::post(std::vector<Task> tasks) {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    std::ranges::move(tasks, std::back_inserter(tasks_));
    if (asleep_ > 0) wake_.notify_all();
}

void WorkPool::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

std::size_t WorkPool::waiting() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

std::uint64_t WorkPool::cpu_microseconds() const {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return cpu_ended_;
    }
    std::uint64_t sum = 0;
    for (const std::thread& thread : threads_) {
        clockid_t clock{};
        auto& handle = const_cast<std::thread&>(thread);  // native_handle() only reads.
        if (pthread_getcpuclockid(handle.native_handle(), &clock) == 0) sum += cpu_of(clock);
    }
    return sum;
}

void WorkPool::run(std::size_t index, const WorkPoolOptions& options) {
    pthread_setname_np(pthread_self(), (options.name + "-" + std::to_string(index)).c_str());
    // Refused only by exotic sandboxes, where the work is then merely less polite.
    const sched_param none{};
    if (options.urgency == Urgency::idle) pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);

    std::unique_lock lock(mutex_);
    for (;;) {
        while (tasks_.empty() && !stopping_) {
            ++asleep_;
            wake_.wait(lock);
            --asleep_;
        }
        if (tasks_.empty()) break;
        // A fair share, so that no thread idles while another works through a pile.
        const std::size_t share =
            std::min(tasks_.size() / options.threads + 1, options.tasks_at_once);
        std::vector<Task> taken;
        taken.reserve(share);
        while (!tasks_.empty() && taken.size() < share) {
            taken.push_back(std::move(tasks_.front()));
            tasks_.pop_front();
        }
        lock.unlock();
        run_together(std::move(taken));
        lock.lock();
    }
    cpu_ended_ += cpu_of(CLOCK_THREAD_CPUTIME_ID);
}

}  // namespace huitong::gateway::door
