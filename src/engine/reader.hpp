// The reader: follows the journal with the tables' cursor and fills the tables behind it, in large
// transactions; then calls the followers (notices and the like) with the same entries.
//
// A thread of its own. It reads what is stored in the journal, never the heart's memory, so what it
// sees is committed.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/feed.hpp"

namespace huitong::engine {

struct ReaderOptions {
    std::size_t entries_max = 20'000;  // of one transaction
    // Small transactions cost the most for each entry, so what is committed lies for so long, or
    // until so many have come. Nobody waits for that: wait_stored() calls the reader at once.
    std::chrono::milliseconds gather_at_most{200};
    std::size_t gather_entries = 4'000;
};

class TablesReader {
public:
    // `stored` is set to the tables' cursor as it moves; `wake` is called after each move, on the
    // reader's thread.
    TablesReader(Journal& journal, Tables& tables, ReaderOptions options,
                 std::atomic<std::uint64_t>& stored, std::function<void()> wake);
    ~TablesReader();

    void add_follower(Sequence after, Follower follower);
    // Begins to follow from the tables' cursor; followers that are behind it are fed from the
    // journal first.
    Result<void> start();
    void committed(Sequence last);  // There may be more to read.
    void pause(bool paused);
    // No store() is under way, and none begins until resume(): for a rebuild.
    void hold();
    void resume();
    // Catches up with what is committed, for at most this long, then ends the thread.
    void stop(std::chrono::milliseconds at_most);
    [[nodiscard]] bool wait_stored(Sequence sequence, std::chrono::milliseconds at_most);
    [[nodiscard]] std::uint64_t cpu_microseconds();

private:
    void run();
    // False when the thread is to end.
    bool wait_for_entries();
    bool wait_before_retry();
    [[nodiscard]] bool enough() const;
    // Stores up to entries_max entries after the cursor; false when the store failed.
    bool step();
    // Gives each follower what the tables hold and it lacks; false when the journal failed.
    bool follow(std::span<const ReadEntry> newest);
    bool catch_up(Sequence& after, const Follower& follow);

    Journal& journal_;
    TablesFeed feed_;
    ReaderOptions options_;
    std::atomic<std::uint64_t>& stored_;
    std::function<void()> wake_;
    std::vector<std::pair<Sequence, Follower>> followers_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::mutex storing_;  // held while store() runs
    Sequence committed_;
    std::size_t waiting_ = 0;  // callers of wait_stored()
    bool idle_ = false;        // the thread waits for the next entry
    bool paused_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

// CPU time used by a thread so far, in microseconds.
std::uint64_t thread_cpu_microseconds(std::thread& thread);

}  // namespace huitong::engine
