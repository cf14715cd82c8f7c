#include "engine/heart.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <pthread.h>

#include "base/ensure.hpp"
#include "base/thread.hpp"
#include "engine/journal.hpp"
#include "engine/partition.hpp"
#include "engine/reader.hpp"

namespace huitong::engine {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t timers_per_batch = 256;
constexpr std::size_t batch_at_once = 64;  // so many are enough for a writer that has nothing
constexpr auto takeover_pause = 500ms;     // between tries to get the store back
constexpr auto drain_at_most = 60s;
constexpr auto idle_wait = 200ms;  // how late a timer may be noticed

}  // namespace

Instant SystemClock::now() {
    return {std::chrono::duration_cast<std::chrono::milliseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

class Heart::Impl {
public:
    Impl(Journal& journal, Tables& tables, Clock& clock, HeartOptions options)
        : journal_(journal),
          tables_(tables),
          clock_(clock),
          options_(options),
          partition_(options),
          reader_(journal, tables, {}, counters_.stored, [this] { nudge(); }) {}

    Result<void> start();
    void stop(std::chrono::milliseconds for_tables);
    void submit(std::vector<RequestPtr> requests);
    void publish_directory();

    HeartCounters counters_;
    Journal& journal_;
    Tables& tables_;
    Clock& clock_;
    HeartOptions options_;
    Partition partition_;
    TablesReader reader_;
    PaymentCourier* courier_ = nullptr;
    std::atomic<bool> ready_ = false;
    std::atomic<std::shared_ptr<const Directory>> directory_;
    std::thread heart_thread_, writer_thread_, fetch_thread_;

private:
    // A command that waits for a record, with the records it has been brought so far.
    struct Waiting {
        RequestPtr request;
        std::vector<Miss> brought;
    };

    // What the fetch thread is asked for, and what it brings.
    struct Fetch {
        Waiting waiting;
        Miss miss;
        Sequence asked_at;  // the heart's last sequence when it asked: bounds eviction
        Result<AnyRecord> found = refuse(Error::store_failed);
    };

    void run();
    void run_writer();
    void note_committed(const Batch& batch);
    void run_fetches();
    void nudge() {
        const std::lock_guard lock(mutex_);
        nudged_ = true;
        wake_.notify_one();
    }
    // True when there is something to do; false when the heart is to end.
    bool wait_for_work();
    void on_written(AppendOutcome outcome);
    void on_fetched(Fetch fetch);
    void process(Waiting waiting);
    void give_up(Request& request, Error why);
    void process_arrivals();
    void process_timers();
    void write_or_answer();
    void answer(std::vector<RequestPtr> answered);
    void lose(std::vector<RequestPtr> requests, Error why);
    void rebuild();
    [[nodiscard]] bool idle() const {
        return arrivals_.empty() && fetching_ == 0 && deferred_.empty() && !writing_ &&
               partition_.forming_size() == 0;
    }

    // Shared with other threads, under mutex_.
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<RequestPtr> queue_;
    std::vector<Fetch> fetched_;
    std::optional<AppendOutcome> written_;
    std::atomic<bool> written_already_ = false;  // the same, to be seen without the lock
    bool nudged_ = false;
    bool stopping_ = false;

    std::mutex writer_mutex_;
    std::condition_variable writer_wake_;
    PendingBatch* to_write_ = nullptr;
    bool writer_stops_ = false;

    std::mutex fetch_mutex_;
    std::condition_variable fetch_wake_;
    std::deque<Fetch> to_fetch_;
    bool fetch_stops_ = false;

    // The heart's own.
    std::deque<RequestPtr> arrivals_;
    std::deque<Waiting> deferred_;
    std::deque<Sequence> fetches_asked_;  // of fetches under way, in order
    std::size_t fetching_ = 0;
    std::optional<PendingBatch> writing_;
    bool store_lost_ = false;
    std::uint64_t directory_version_ = 0;
};

Result<void> Heart::Impl::start() {
    TRY(end, journal_.take_over());
    CHECK(partition_.rebuild(journal_, tables_));
    counters_.committed = end.last.value;
    publish_directory();
    if (courier_ != nullptr) courier_->restarted(partition_.unfinished());
    CHECK(reader_.start());
    ready_ = true;
    writer_thread_ = std::thread([this] { run_writer(); });
    fetch_thread_ = std::thread([this] { run_fetches(); });
    heart_thread_ = std::thread([this] { run(); });
    return {};
}

void Heart::Impl::stop(std::chrono::milliseconds for_tables) {
    if (!heart_thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    heart_thread_.join();
    {
        const std::lock_guard lock(writer_mutex_);
        writer_stops_ = true;
        writer_wake_.notify_one();
    }
    writer_thread_.join();
    {
        const std::lock_guard lock(fetch_mutex_);
        fetch_stops_ = true;
        fetch_wake_.notify_one();
    }
    fetch_thread_.join();
    reader_.stop(for_tables);
    ready_ = false;
}

void Heart::Impl::submit(std::vector<RequestPtr> requests) {
    std::vector<RequestPtr> refused;
    Error why = Error::overloaded;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) why = Error::shutting_down;
        for (RequestPtr& request : requests) {
            const bool room = !stopping_ && queue_.size() + counters_.waiting < options_.queue_max;
            (room ? queue_ : refused).push_back(std::move(request));
        }
    }
    wake_.notify_one();
    if (refused.empty()) return;
    counters_.overloads += refused.size();
    for (RequestPtr& request : refused) {
        request->answer = refuse(why);
        Mailbox* home = request->home;
        std::vector<RequestPtr> one;
        one.push_back(std::move(request));
        if (home != nullptr) home->deliver(std::move(one));
    }
}

void Heart::Impl::publish_directory() {
    const State& state = partition_.state();
    auto fresh = std::make_shared<Directory>();
    fresh->merchants = state.acquiring.merchants;
    fresh->merchant_keys = state.acquiring.merchant_keys;
    fresh->platform_keys = state.acquiring.platform_keys;
    fresh->participants = state.switching.participants;
    fresh->participant_keys = state.switching.participant_keys;
    fresh->positions = state.switching.positions;
    fresh->code_rules = state.switching.code_rules;
    fresh->openings = state.switching.openings;
    fresh->operators = state.switching.operators;
    fresh->version = ++directory_version_;
    directory_.store(std::move(fresh));
}

void Heart::Impl::run_writer() {
    pthread_setname_np(pthread_self(), "writer");
    while (true) {
        PendingBatch* batch = nullptr;
        {
            std::unique_lock lock(writer_mutex_);
            writer_wake_.wait(lock, [this] { return to_write_ != nullptr || writer_stops_; });
            if (to_write_ == nullptr) return;
            batch = std::exchange(to_write_, nullptr);
        }
        const AppendOutcome outcome = journal_.append(batch->batch, batch->before);
        if (outcome == AppendOutcome::committed) {
            note_committed(batch->batch);
            if (courier_ != nullptr && !batch->moved.empty())
                courier_->moved(std::move(batch->moved));
        }
        // The heart is in the midst of the next batch: what is durable need not wait for it. It
        // answers only what must follow a new directory, or the news that the batch is lost.
        std::vector<RequestPtr> answered;
        if (outcome == AppendOutcome::committed && !batch->directory_changed)
            answered = std::move(batch->answered);
        {
            const std::lock_guard lock(mutex_);
            written_ = outcome;  // From here on the batch is the heart's again.
            written_already_.store(true, std::memory_order_relaxed);
        }
        wake_.notify_one();
        answer(std::move(answered));
    }
}

void Heart::Impl::note_committed(const Batch& batch) {
    std::uint64_t bytes = 0;
    for (const std::string& entry : batch.entries) bytes += entry.size();
    counters_.bytes += bytes;
    counters_.entries += batch.entries.size();
    ++counters_.batches;
    const Sequence last{batch.first.value + batch.entries.size() - 1};
    counters_.committed = last.value;
    reader_.committed(last);
}

void Heart::Impl::run_fetches() {
    pthread_setname_np(pthread_self(), "fetch");
    while (true) {
        Fetch fetch;
        {
            std::unique_lock lock(fetch_mutex_);
            fetch_wake_.wait(lock, [this] { return !to_fetch_.empty() || fetch_stops_; });
            if (to_fetch_.empty()) return;
            fetch = std::move(to_fetch_.front());
            to_fetch_.pop_front();
        }
        fetch.found = tables_.fetch(fetch.miss);
        const std::lock_guard lock(mutex_);
        fetched_.push_back(std::move(fetch));
        wake_.notify_one();
    }
}

bool Heart::Impl::wait_for_work() {
    std::unique_lock lock(mutex_);
    const auto work = [this] {
        return !queue_.empty() || !fetched_.empty() || written_ || nudged_ || (stopping_ && idle());
    };
    const bool hungry =
        arrivals_.empty() || !deferred_.empty() || partition_.forming_size() >= options_.batch_max;
    if (hungry && !work()) wake_.wait_for(lock, idle_wait, work);
    nudged_ = false;
    std::ranges::move(queue_, std::back_inserter(arrivals_));
    queue_.clear();
    counters_.waiting = arrivals_.size() + deferred_.size();
    auto fetched = std::exchange(fetched_, {});
    const auto written = std::exchange(written_, std::nullopt);
    written_already_.store(false, std::memory_order_relaxed);
    const bool ends = stopping_ && idle() && fetched.empty() && !written;
    lock.unlock();

    if (written) on_written(*written);
    for (Fetch& fetch : fetched) on_fetched(std::move(fetch));
    return !ends;
}

void Heart::Impl::run() {
    pthread_setname_np(pthread_self(), "heart");
    work_in_batches();
    while (wait_for_work()) {
        if (store_lost_) {
            rebuild();
            continue;
        }
        Sequence limit{counters_.stored};
        if (!fetches_asked_.empty()) limit = std::min(limit, fetches_asked_.front());
        partition_.evict(limit);
        write_or_answer();
        for (Waiting& waiting : std::exchange(deferred_, {})) process(std::move(waiting));
        process_timers();
        process_arrivals();
        write_or_answer();
    }
}

void Heart::Impl::process_arrivals() {
    // An idle writer gets what there is, rather than wait until all that came is decided.
    const auto writer_hungers = [this] {
        return writing_ ? written_already_.load(std::memory_order_relaxed)
                        : partition_.forming_size() >= batch_at_once;
    };
    while (!arrivals_.empty() && partition_.forming_size() < options_.batch_max &&
           deferred_.empty() && !writer_hungers()) {
        RequestPtr request = std::move(arrivals_.front());
        arrivals_.pop_front();
        process({std::move(request), {}});
    }
}

void Heart::Impl::process_timers() {
    const Instant now = clock_.now();
    for (Command& command : partition_.due(now, timers_per_batch, tables_)) {
        auto request = std::make_unique<Request>();
        request->command = std::move(command);
        process({std::move(request), {}});
    }
}

void Heart::Impl::process(Waiting waiting) {
    ++counters_.commands;
    switch (partition_.decide(*waiting.request, clock_.now(), !waiting.brought.empty())) {
        case Partition::Outcome::deferred:
            deferred_.push_back(std::move(waiting));
            return;
        case Partition::Outcome::missed: {
            ++counters_.misses;
            if (waiting.brought.size() >= options_.rounds_max) {
                give_up(*waiting.request, Error::outcome_unknown);
                break;
            }
            const Miss miss = partition_.miss();
            ++fetching_;
            fetches_asked_.push_back(partition_.last());
            const std::lock_guard lock(fetch_mutex_);
            to_fetch_.push_back({std::move(waiting), miss, partition_.last()});
            fetch_wake_.notify_one();
            return;
        }
        case Partition::Outcome::answered:
            break;
    }
    if (!waiting.request->answer) ++counters_.refusals;
    partition_.release(waiting.brought);
    partition_.keep(std::move(waiting.request));
}

// A caller asks again by himself; a timer has no caller.
void Heart::Impl::give_up(Request& request, Error why) {
    request.answer = refuse(why);
    if (request.home == nullptr) partition_.try_again(clock_.now(), request.command);
}

void Heart::Impl::on_fetched(Fetch fetch) {
    --fetching_;
    fetches_asked_.pop_front();  // One thread fetches, in the order of asking.
    if (!fetch.found) {
        partition_.release(fetch.waiting.brought);
        give_up(*fetch.waiting.request, fetch.found.error());
        partition_.keep(std::move(fetch.waiting.request));
        return;
    }
    partition_.install(fetch.miss, *std::move(fetch.found));
    fetch.waiting.brought.push_back(std::move(fetch.miss));
    process(std::move(fetch.waiting));
}

void Heart::Impl::write_or_answer() {
    if (writing_ || partition_.forming_size() == 0) return;
    const bool entries = partition_.has_entries();
    PendingBatch batch = partition_.take_batch();
    if (!entries) {  // Everything these rest on is committed.
        answer(std::move(batch.answered));
        return;
    }
    writing_ = std::move(batch);
    {
        const std::lock_guard lock(writer_mutex_);
        to_write_ = &*writing_;
    }
    writer_wake_.notify_one();
}

void Heart::Impl::on_written(AppendOutcome outcome) {
    PendingBatch batch = *std::exchange(writing_, std::nullopt);
    if (outcome != AppendOutcome::committed) {
        lose(std::move(batch.answered), Error::outcome_unknown);
        lose(partition_.take_batch().answered, Error::outcome_unknown);
        store_lost_ = true;
        ready_ = false;
        return;
    }
    // The copy may hold a change that is still being written; it only adds keys and states that
    // decide checks again.
    if (batch.directory_changed) publish_directory();
    answer(std::move(batch.answered));
}

void Heart::Impl::answer(std::vector<RequestPtr> answered) {
    std::vector<std::pair<Mailbox*, std::vector<RequestPtr>>> by_home;
    for (RequestPtr& request : answered) {
        Mailbox* home = request->home;
        if (home == nullptr) continue;  // A timer's: nobody waits.
        auto found = std::ranges::find(by_home, home, &decltype(by_home)::value_type::first);
        if (found == by_home.end()) {
            by_home.emplace_back(home, std::vector<RequestPtr>{});
            found = by_home.end() - 1;
        }
        found->second.push_back(std::move(request));
    }
    for (auto& [home, requests] : by_home) home->deliver(std::move(requests));
}

void Heart::Impl::lose(std::vector<RequestPtr> requests, Error why) {
    for (RequestPtr& request : requests) request->answer = refuse(why);
    answer(std::move(requests));
}

void Heart::Impl::rebuild() {
    std::vector<RequestPtr> waiting;
    std::ranges::move(arrivals_, std::back_inserter(waiting));
    arrivals_.clear();
    for (Waiting& one : deferred_) waiting.push_back(std::move(one.request));
    deferred_.clear();
    lose(std::move(waiting), Error::store_stopped);
    if (fetching_ > 0)
        return;  // Their records belong to the state that is given up: let them come back first.
    lose(partition_.take_batch().answered, Error::store_stopped);

    ++counters_.rebuilds;
    reader_.hold();
    const auto end = journal_.take_over();
    const auto rebuilt = end ? partition_.rebuild(journal_, tables_) : refuse(end.error());
    reader_.resume();
    if (!rebuilt) {
        std::this_thread::sleep_for(takeover_pause);
        return;
    }
    counters_.committed = end->last.value;
    reader_.committed(end->last);
    publish_directory();
    if (courier_ != nullptr) courier_->restarted(partition_.unfinished());
    store_lost_ = false;
    ready_ = true;
}

Heart::Heart(Journal& journal, Tables& tables, Clock& clock, HeartOptions options)
    : impl_(std::make_unique<Impl>(journal, tables, clock, options)) {}
Heart::~Heart() {
    impl_->stop(drain_at_most);
}

Result<void> Heart::start() {
    return impl_->start();
}
void Heart::stop() {
    impl_->stop(drain_at_most);
}
void Heart::abandon() {
    impl_->stop({});
}
void Heart::submit(RequestPtr request) {
    std::vector<RequestPtr> one;
    one.push_back(std::move(request));
    impl_->submit(std::move(one));
}
void Heart::submit(std::vector<RequestPtr> requests) {
    impl_->submit(std::move(requests));
}
std::shared_ptr<const Directory> Heart::directory() const {
    return impl_->directory_.load();
}
const HeartCounters& Heart::counters() const {
    return impl_->counters_;
}
bool Heart::ready() const {
    return impl_->ready_;
}
bool Heart::wait_stored(Sequence sequence, std::chrono::milliseconds at_most) const {
    return impl_->reader_.wait_stored(sequence, at_most);
}
void Heart::pause_reader(bool paused) {
    impl_->reader_.pause(paused);
}
void Heart::set_courier(PaymentCourier& courier) {
    impl_->courier_ = &courier;
}
void Heart::add_follower(Sequence after, Follower follower) {
    impl_->reader_.add_follower(after, std::move(follower));
}
std::vector<std::pair<std::string, std::uint64_t>> Heart::cpu_microseconds() const {
    return {
        {"heart",  thread_cpu_microseconds(impl_->heart_thread_) },
        {"writer", thread_cpu_microseconds(impl_->writer_thread_)},
        {"fetch",  thread_cpu_microseconds(impl_->fetch_thread_) },
        {"reader", impl_->reader_.cpu_microseconds()             }
    };
}

}  // namespace huitong::engine
