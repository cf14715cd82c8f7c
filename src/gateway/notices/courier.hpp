// The notice courier: tells merchants of payments and refunds, at least once, until they say yes or
// the schedule ends (wechatpay-v3 section 9).
//
//     heart's reader   follow(): committed entries become rows of the store, with its cursor
//     courier          looks up what is due, lane by lane; writes down how attempts ended
//     idle pool        seals and signs
//     I/O threads      send; 200 or 204 within 5 s is a yes, all else a failure
//
// What always holds: a notice is sent only for a committed entry; its id is the same on each
// attempt, its ciphertext and signature are fresh; no merchant's server or settings hold up
// another's notices; what was not recorded as delivered is sent again after a restart.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/heart.hpp"
#include "engine/notice_store.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/door/secrets.hpp"
#include "gateway/door/work_pool.hpp"
#include "gateway/notices/lanes.hpp"
#include "gateway/notices/letter.hpp"

namespace huitong::gateway::notices {

// The status of the answer, or why there was none. Called once, on any thread, also from inside.
using Sent = std::move_only_function<void(Result<int>)>;
// Posts a letter without following redirects; gives up after notice_reply_timeout.
using Send = std::function<void(const std::string& url, SealedLetter&& letter, Sent sent)>;

struct CourierOptions {
    std::size_t in_flight_max = 256;
    std::size_t per_merchant_max = 8;
    // Rows kept in memory while the store fails; beyond, only a restart brings them in again.
    std::size_t pending_max = 100'000;
    Duration store_retry = seconds(1);  // after a failure of ours, the store's or the tables'
    Duration retention = days(30);      // of notices that wait no more
    Duration prune_interval = hours(1);
    // The cursor moves at least once in so many entries without a notice.
    std::uint64_t cursor_lag_max = 10'000;
    std::uint32_t signature_probe_every = 0;  // see door::SignatureProbe
};

// All of it must outlive the courier. The pool is its own, of Urgency::idle, and so is the key
// ring.
struct CourierParts {
    engine::NoticeStore& store;
    engine::Clock& clock;
    Fetch fetch;  // called on the courier's, the reader's and the operators' threads
    std::function<std::shared_ptr<const engine::Directory>()> directory;
    const door::DoorSecrets& secrets;
    door::KeyRing& keys;
    door::WorkPool& pool;
    Send send;
};

struct CourierCounters {
    std::atomic<std::uint64_t> waiting{0};  // the backlog: not yet delivered nor given up
    std::atomic<std::uint64_t> in_flight{0};
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> failed_attempts{0};
    std::atomic<std::uint64_t> given_up{0};
    std::atomic<std::uint64_t> store_failures{0};
    std::atomic<bool> stalled{false};  // rows were dropped: the journal must be read again
};

class NoticeCourier {
public:
    NoticeCourier(CourierParts parts, CourierOptions options);
    ~NoticeCourier() { stop({}); }
    NoticeCourier(const NoticeCourier&) = delete;
    NoticeCourier& operator=(const NoticeCourier&) = delete;

    // Reads what waits out of the store. Before follow() and start().
    Result<void> load();
    // The heart must be followed from the entry after this one.
    Result<Sequence> cursor() { return parts_.store.cursor(); }
    // A follower of the heart: on the reader's thread.
    void follow(std::span<const engine::ReadEntry> entries);

    void start();
    // Sends nothing more, waits so long for what is under way, writes down how it ended. To be
    // called before the pool and the HTTP client stop.
    void stop(std::chrono::milliseconds grace);

    // One round, without waiting; when the next one is due, if nothing happens before. The thread
    // calls it; tests without a thread do as well.
    Instant work();

    // For operators.
    Result<std::vector<engine::Notice>> of_order(OrderId order) {
        return parts_.store.of_order(order);
    }
    Result<std::vector<engine::NoticeAttempt>> attempts(engine::NoticeKey key) {
        return parts_.store.attempts(key);
    }
    // Where it is sent; what it tells of may lie behind the tables' cursor: order_not_found.
    [[nodiscard]] Result<std::string> url_of(const engine::Notice& notice) const;
    // Due now, even if it was delivered; nothing when there is no such notice.
    Result<std::vector<engine::Notice>> resend(engine::NoticeKey key);

    [[nodiscard]] const CourierCounters& counters() const { return counters_; }
    [[nodiscard]] std::uint64_t cpu_microseconds();

private:
    // How an attempt ended: the status of an answer, or an error.
    struct Ending {
        engine::Notice notice;
        Result<int> result;
        Instant began;
        std::optional<Duration> took = std::nullopt;  // nothing: it was not sent
    };

    void run();
    void flush_pending();
    void hint(std::span<const engine::Notice> notices);
    void poke();
    void take_messages(Instant now);
    bool record_endings(Instant now);
    void settle(const Ending& ending, const engine::NoticeAttempt& attempt);
    void serve_lanes(Instant now);
    bool serve(MerchantId merchant, Instant now);
    void pause(MerchantId merchant, Instant now);
    bool dispatch(const engine::Notice& notice, Instant now);
    void end(Ending ending);
    void prune(Instant now);
    engine::NoticeAttempt attempt_of(const Ending& ending, Instant now) const;

    CourierParts parts_;
    CourierOptions options_;
    door::Openids openids_;
    door::SignatureProbe probe_;
    CourierCounters counters_;

    // What was followed and is not yet in the store: the reader's thread, and the courier's when
    // the store had failed.
    std::mutex following_;
    std::vector<engine::Notice> pending_;
    Sequence followed_;
    Sequence inserted_;

    // Messages to the courier's thread.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<engine::MerchantDue> hints_;
    std::vector<Ending> arrived_;
    bool stopping_ = false;
    bool poked_ = false;

    // The courier's thread only.
    Lanes lanes_;
    std::vector<Ending> endings_;  // arrived, and not yet in the store
    Instant paused_until_;
    Instant next_prune_;
    std::thread thread_;
};

}  // namespace huitong::gateway::notices
