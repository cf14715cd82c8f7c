// How other threads hand work to an I/O thread: one lock, and a wake-up only when the box was
// empty. Shared by everybody who may still want to post when the thread has ended.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace huitong::gateway::http {

class IoThread;

class Mailbox {
public:
    // A pointer only because libstdc++ 12 asks the size of what a reference refers to; never null.
    using Task = std::move_only_function<void(IoThread*)>;

    Mailbox(IoThread& thread, std::move_only_function<void()> wake)
        : thread_(thread), wake_(std::move(wake)) {}

    // From any thread. Once closed, tasks are dropped.
    void post(Task task);
    void post(std::vector<Task> tasks);

    // The thread's side: runs all that wait; more may be waiting when it returns.
    void run();
    void close();

private:
    IoThread& thread_;
    std::mutex mutex_;
    std::vector<Task> tasks_;
    std::vector<Task> running_;  // Kept for its memory; touched by the thread only.
    std::move_only_function<void()> wake_;
    bool closed_ = false;
};

}  // namespace huitong::gateway::http
