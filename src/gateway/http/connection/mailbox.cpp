#include "gateway/http/connection/mailbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace huitong::gateway::http {

void Mailbox::post(Task task) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;  // The caller destroys the task, after the lock is gone.
    const bool asleep = tasks_.empty();
    tasks_.push_back(std::move(task));
    if (asleep) wake_();
}

void Mailbox::post(std::vector<Task> tasks) {
    const std::lock_guard lock(mutex_);
    if (closed_ || tasks.empty()) return;
    const bool asleep = tasks_.empty();
    std::ranges::move(tasks, std::back_inserter(tasks_));
    if (asleep) wake_();
}

void Mailbox::run() {
    {
        const std::lock_guard lock(mutex_);
        running_.swap(tasks_);
    }
    for (Task& task : running_) task(&thread_);
    running_.clear();
}

void Mailbox::close() {
    std::vector<Task> left;  // Destroyed after the lock is gone: a task may hold a Responder.
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(tasks_);
}

}  // namespace huitong::gateway::http
