#include "engine/reader.hpp"

#include <ctime>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace huitong::engine {
namespace {

// After a failed store: the disk may be full for a while.
constexpr std::chrono::milliseconds retry_pause{200};
constexpr int reader_nice = 5;  // a third of an ordinary thread's weight

}  // namespace

std::uint64_t thread_cpu_microseconds(std::thread& thread) {
    clockid_t clock{};
    timespec used{};
    if (!thread.joinable() || pthread_getcpuclockid(thread.native_handle(), &clock) != 0 ||
        clock_gettime(clock, &used) != 0)
        return 0;
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(used.tv_nsec) / 1'000;
}

TablesReader::TablesReader(Journal& journal, Tables& tables, ReaderOptions options,
                           std::atomic<std::uint64_t>& stored, std::function<void()> wake)
    : journal_(journal),
      feed_(journal, tables, options.entries_max),
      options_(options),
      stored_(stored),
      wake_(std::move(wake)) {}

TablesReader::~TablesReader() {
    stop({});
}

void TablesReader::add_follower(Sequence after, Follower follower) {
    followers_.emplace_back(after, std::move(follower));
}

Result<void> TablesReader::start() {
    CHECK(feed_.find_cursor());
    stored_ = feed_.stored().value;
    committed_ = journal_.end().last;
    thread_ = std::thread([this] { run(); });
    return {};
}

void TablesReader::committed(Sequence last) {
    const std::lock_guard lock(mutex_);
    committed_ = last;
    if (idle_ || enough()) changed_.notify_all();
}

void TablesReader::pause(bool paused) {
    const std::lock_guard lock(mutex_);
    paused_ = paused;
    changed_.notify_all();
}

void TablesReader::hold() {
    storing_.lock();
}
void TablesReader::resume() {
    storing_.unlock();
}

void TablesReader::stop(std::chrono::milliseconds at_most) {
    if (!thread_.joinable()) return;
    if (at_most.count() > 0) {
        pause(false);
        Sequence last;
        {
            const std::lock_guard lock(mutex_);
            last = committed_;
        }
        // What is not stored by then is replayed at the next start.
        (void)wait_stored(last, at_most);
    }
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

bool TablesReader::wait_stored(Sequence sequence, std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    const bool stored = changed_.wait_for(lock, at_most, [&] { return stored_ >= sequence.value; });
    --waiting_;
    return stored;
}

std::uint64_t TablesReader::cpu_microseconds() {
    return thread_cpu_microseconds(thread_);
}

void TablesReader::run() {
    pthread_setname_np(pthread_self(), "reader");
    // Callers wait for the heart and the doors, so those come first when processors are short. The
    // lag stays bounded: past its memory budget the heart waits in turn.
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), reader_nice);
    while (!follow({})) {
        if (!wait_before_retry()) return;
    }
    while (wait_for_entries()) {
        if (!step() && !wait_before_retry()) return;
    }
}

bool TablesReader::enough() const {
    return waiting_ > 0 || committed_.value - stored_ >= options_.gather_entries;
}

bool TablesReader::wait_for_entries() {
    std::unique_lock lock(mutex_);
    const auto some = [this] { return stopping_ || (!paused_ && committed_.value > stored_); };
    do {
        idle_ = true;
        changed_.wait(lock, some);
        idle_ = false;
        changed_.wait_for(lock, options_.gather_at_most,
                          [this] { return stopping_ || paused_ || enough(); });
    } while (paused_ && !stopping_);
    return !stopping_;
}

bool TablesReader::wait_before_retry() {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, retry_pause, [this] { return stopping_; });
}

bool TablesReader::step() {
    const std::lock_guard storing(storing_);
    Sequence committed;
    {
        const std::lock_guard lock(mutex_);
        committed = committed_;
    }
    const auto entries = feed_.step(committed);
    if (!entries || !follow(*entries)) return false;
    const bool moved = feed_.stored().value > stored_;
    {
        const std::lock_guard lock(mutex_);
        stored_ = feed_.stored().value;
        changed_.notify_all();
    }
    wake_();
    return moved;
}

bool TablesReader::follow(std::span<const ReadEntry> newest) {
    for (auto& [after, follower] : followers_) {
        const bool next = !newest.empty() && newest.front().sequence.value == after.value + 1;
        if (next) {
            follower(newest);
            after = newest.back().sequence;
        } else if (!catch_up(after, follower)) {
            return false;
        }
    }
    return true;
}

bool TablesReader::catch_up(Sequence& after, const Follower& follower) {
    while (after < feed_.stored()) {
        auto entries = feed_.read(after, feed_.stored());
        if (!entries || entries->empty()) return false;
        std::erase_if(*entries,
                      [this](const ReadEntry& entry) { return entry.sequence > feed_.stored(); });
        follower(*entries);
        after = entries->back().sequence;
    }
    return true;
}

}  // namespace huitong::engine
