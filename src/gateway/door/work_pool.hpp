// A few threads for work that costs CPU, such as signatures: never on the heart's thread, and never
// long on an I/O thread.
//
// Work for which nobody waits (notices) belongs on a pool of its own with Urgency::idle, which the
// kernel runs when nothing else wants a CPU. Two pools, not two queues: a thread of low urgency
// must never hold a lock that an answer needs.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace huitong::gateway::door {

enum class Urgency : std::uint8_t { normal, idle };

struct WorkPoolOptions {
    std::string name = "crypto";  // of its threads, at most 12 characters
    std::size_t threads = 0;      // 0: one less than there are CPUs, at least one
    Urgency urgency = Urgency::normal;
    // When work has piled up, a thread takes so many tasks at once and hands on their answers and
    // commands together: I/O threads and the heart wake once for all. For short tasks only.
    std::size_t tasks_at_once = 1;
};

// The queue has no limit of its own: each door bounds what it has in flight.
class WorkPool {
public:
    using Task = std::move_only_function<void()>;

    explicit WorkPool(WorkPoolOptions options = {});
    ~WorkPool() { stop(); }
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    // From any thread, in order. After stop() the task is dropped unrun.
    void post(Task task);
    void post(std::vector<Task> tasks);

    // Runs what waits, then ends the threads. Not to be called from one of them.
    void stop();

    [[nodiscard]] std::size_t waiting() const;
    // The CPU time that its threads have used so far; after stop() what they had used in all.
    [[nodiscard]] std::uint64_t cpu_microseconds() const;

private:
    void run(std::size_t index, const WorkPoolOptions& options);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Task> tasks_;
    std::size_t asleep_ = 0;
    bool stopping_ = false;
    std::uint64_t cpu_ended_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace huitong::gateway::door
