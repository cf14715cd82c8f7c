#include "engine/reader.hpp"

#include <pthread.h>
#include <time.h>

#include "engine/codec.hpp"

namespace huitong::engine {
namespace {

constexpr std::chrono::milliseconds retry_pause{
    200};  // after a failed store: the disk may be full for a while

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
      tables_(tables),
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
    TRY(cursor, tables_.cursor());
    stored_ = cursor.last.value;
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
    while (!catch_up_followers()) {
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

Result<std::vector<ReadEntry>> TablesReader::read_after(Sequence cursor) const {
    std::vector<ReadEntry> entries;
    Result<void> good;
    CHECK(journal_.read(Sequence{cursor.value + 1}, [&](const StoredBatch& stored) {
        const auto framed = unframe(stored.bytes);
        if (!framed) return good = refuse(framed.error()), false;
        Sequence sequence = framed->batch.first;
        for (const std::string& bytes : framed->batch.entries) {
            if (sequence > cursor) {
                auto entry = decode(bytes);
                if (!entry) return good = refuse(entry.error()), false;
                entries.push_back({sequence, framed->batch.now, *std::move(entry)});
            }
            ++sequence.value;
        }
        return entries.size() < options_.entries_max;
    }));
    CHECK(good);
    return entries;
}

bool TablesReader::step() {
    const std::lock_guard storing(storing_);
    const Sequence cursor{stored_};
    const auto entries = read_after(cursor);
    if (!entries || (!entries->empty() && !tables_.store(*entries))) return false;
    if (entries->empty()) return false;
    for (auto& [after, follow] : followers_) follow(*entries);
    {
        const std::lock_guard lock(mutex_);
        stored_ = entries->back().sequence.value;
        changed_.notify_all();
    }
    wake_();
    return true;
}

bool TablesReader::catch_up_followers() {
    for (auto& [after, follow] : followers_) {
        while (after.value < stored_) {
            auto entries = read_after(after);
            if (!entries || entries->empty()) return false;
            std::erase_if(*entries, [this](const ReadEntry& entry) {
                return entry.sequence.value > stored_;
            });
            follow(*entries);
            after = entries->back().sequence;
        }
    }
    return true;
}

}  // namespace huitong::engine
