#include "gateway/notices/courier.hpp"

#include <algorithm>
#include <iterator>
#include <pthread.h>
#include <utility>

#include "engine/reader.hpp"

namespace huitong::gateway::notices {
namespace {

using engine::Notice;
using engine::NoticeAttempt;
using engine::NoticeStatus;

constexpr std::uint32_t pruned_per_transaction = 1000;
// The thread looks up at least so often, so that a clock that was set is noticed.
constexpr std::int64_t sleep_ms_max = 60'000;

// Ours to repair, not the merchant's: no attempt is counted.
bool is_our_failure(Error error) {
    return error == Error::store_failed || error == Error::store_stopped;
}

}  // namespace

NoticeCourier::NoticeCourier(CourierParts parts, CourierOptions options)
    : parts_(std::move(parts)),
      options_(options),
      openids_(parts_.secrets.openid_key),
      probe_(options_.signature_probe_every),
      lanes_(options.per_merchant_max) {}

Result<void> NoticeCourier::load() {
    TRY(last, parts_.store.cursor());
    TRY(merchants, parts_.store.merchants());
    followed_ = inserted_ = last;
    for (const auto& lane : merchants) {
        lanes_.wake(lane.merchant, lane.due);
        counters_.waiting += lane.waiting;
    }
    next_prune_ = parts_.clock.now() + options_.prune_interval;
    return {};
}

void NoticeCourier::follow(std::span<const engine::ReadEntry> entries) {
    if (entries.empty() || counters_.stalled) return;
    auto notices = notices_of(entries, parts_.fetch);
    if (!notices) {
        ++counters_.store_failures;
        counters_.stalled = true;  // The cursor stays, so a start reads these entries again.
        return;
    }
    const std::lock_guard lock(following_);
    std::ranges::move(*notices, std::back_inserter(pending_));
    followed_ = entries.back().sequence;
    flush_pending();
}

// With following_ held.
void NoticeCourier::flush_pending() {
    if (counters_.stalled) return;
    if (pending_.empty() && followed_.value - inserted_.value < options_.cursor_lag_max) return;
    const auto added = parts_.store.insert(pending_, followed_);
    if (!added) {
        ++counters_.store_failures;
        if (pending_.size() <= options_.pending_max) return;
        counters_.stalled = true;
        pending_.clear();
        return;
    }
    counters_.waiting += *added;
    inserted_ = followed_;
    hint(pending_);
    pending_.clear();
}

void NoticeCourier::hint(std::span<const Notice> notices) {
    const std::lock_guard lock(mutex_);
    for (const Notice& notice : notices) {
        // Bursts of one merchant come together; the lanes see to the rest.
        if (hints_.empty() || hints_.back().merchant != notice.merchant)
            hints_.push_back({.merchant = notice.merchant, .due = notice.due});
    }
    poked_ = true;
    changed_.notify_one();
}

void NoticeCourier::poke() {
    const std::lock_guard lock(mutex_);
    poked_ = true;
    changed_.notify_one();
}

void NoticeCourier::start() {
    thread_ = std::thread([this] { run(); });
}

void NoticeCourier::run() {
    pthread_setname_np(pthread_self(), "notices");
    for (;;) {
        const Instant next = work();
        const std::int64_t rest = (next - parts_.clock.now()).ms;
        const auto at_most =
            std::chrono::milliseconds(std::clamp<std::int64_t>(rest, 0, sleep_ms_max));
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, at_most, [this] { return poked_ || stopping_; });
        poked_ = false;
        if (stopping_) return;
    }
}

void NoticeCourier::stop(std::chrono::milliseconds grace) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, grace, [this] { return counters_.in_flight == 0; });
    }
    const Instant now = parts_.clock.now();
    take_messages(now);
    record_endings(now);
}

Instant NoticeCourier::work() {
    const Instant now = parts_.clock.now();
    {
        const std::lock_guard lock(following_);
        if (!pending_.empty()) flush_pending();
    }
    take_messages(now);
    if (now < paused_until_) return paused_until_;
    if (!record_endings(now)) return paused_until_;
    serve_lanes(now);
    prune(now);
    const bool full = counters_.in_flight >= options_.in_flight_max;
    const auto due = full ? std::nullopt : lanes_.next_due();
    const Instant next = due ? std::min(*due, next_prune_) : next_prune_;
    return std::max(next, paused_until_);
}

void NoticeCourier::take_messages(Instant now) {
    const std::lock_guard lock(mutex_);
    for (const auto& hint : hints_) lanes_.wake(hint.merchant, std::min(hint.due, now));
    hints_.clear();
    std::ranges::move(arrived_, std::back_inserter(endings_));
    arrived_.clear();
}

bool NoticeCourier::record_endings(Instant now) {
    if (endings_.empty()) return true;
    std::vector<NoticeAttempt> attempts;
    attempts.reserve(endings_.size());
    for (const Ending& ending : endings_) attempts.push_back(attempt_of(ending, now));
    if (!parts_.store.record(attempts)) {
        ++counters_.store_failures;
        paused_until_ = now + options_.store_retry;
        return false;
    }
    for (std::size_t i = 0; i < endings_.size(); ++i) settle(endings_[i], attempts[i]);
    for (const Ending& ending : endings_) lanes_.wake(ending.notice.merchant, now);
    endings_.clear();
    return true;
}

NoticeAttempt NoticeCourier::attempt_of(const Ending& ending, Instant now) const {
    const Notice& notice = ending.notice;
    NoticeAttempt attempt{.key = notice.key,
                          .number = notice.attempts + 1,
                          .at = ending.began,
                          .took = ending.took,
                          .due = now};
    if (ending.result) {
        attempt.http_status = static_cast<std::uint16_t>(std::clamp(*ending.result, 0, 999));
    } else {
        attempt.error = describe(ending.result.error()).name;
    }
    const auto delays = wire::wechatpay::notice_retry_delays();
    if (wire::wechatpay::notice_accepted(attempt.http_status)) {
        attempt.status = NoticeStatus::delivered;
    } else if (attempt.number > delays.size() ||
               ending.result == refuse(Error::notice_address_missing)) {
        attempt.status = NoticeStatus::given_up;
    } else {
        attempt.status = NoticeStatus::waiting;
        attempt.due = now + delays[attempt.number - 1];
    }
    return attempt;
}

void NoticeCourier::settle(const Ending& ending, const NoticeAttempt& attempt) {
    const bool well = attempt.status == NoticeStatus::delivered;
    lanes_.ended(ending.notice.merchant, ending.notice.key, well);
    if (well) ++counters_.delivered;
    if (!well) ++counters_.failed_attempts;
    if (attempt.status == NoticeStatus::given_up) ++counters_.given_up;
    if (attempt.status != NoticeStatus::waiting) --counters_.waiting;
}

void NoticeCourier::serve_lanes(Instant now) {
    lanes_.advance(now);
    while (counters_.in_flight < options_.in_flight_max) {
        const auto merchant = lanes_.next();
        if (!merchant || !serve(*merchant, now)) return;
        lanes_.advance(now);
    }
}

// False when the store or the tables fail, which holds for all lanes.
bool NoticeCourier::serve(MerchantId merchant, Instant now) {
    const std::size_t room = lanes_.room(merchant);
    if (room == 0) return true;  // The end of one that is under way wakes the lane.
    const std::size_t under_way = lanes_.under_way(merchant).size();
    const auto rows =
        parts_.store.earliest(merchant, static_cast<std::uint32_t>(under_way + room + 1));
    if (!rows) return pause(merchant, now), false;
    for (const Notice& notice : *rows) {
        if (lanes_.under_way(merchant).contains(notice.key)) continue;
        const bool global_room = counters_.in_flight < options_.in_flight_max;
        if (notice.due > now || !global_room || lanes_.room(merchant) == 0) {
            if (lanes_.room(merchant) > 0) lanes_.wake(merchant, notice.due);
            return true;
        }
        if (!dispatch(notice, now)) return pause(merchant, now), false;
    }
    lanes_.forget_if_idle(merchant);
    return true;
}

void NoticeCourier::pause(MerchantId merchant, Instant now) {
    ++counters_.store_failures;
    paused_until_ = now + options_.store_retry;
    lanes_.wake(merchant, paused_until_);
}

// False when it failed for a reason that is not the merchant's.
bool NoticeCourier::dispatch(const Notice& notice, Instant now) {
    const auto directory = parts_.directory();
    auto letter = compose(
        notice,
        {.fetch = parts_.fetch, .directory = *directory, .openids = openids_, .keys = parts_.keys},
        now);
    if (!letter && is_our_failure(letter.error())) return false;
    lanes_.sent(notice.merchant, notice.key);
    ++counters_.in_flight;
    if (!letter) {
        end({.notice = notice, .result = refuse(letter.error()), .began = now});
        return true;
    }
    parts_.pool.post([this, notice, letter = *std::move(letter)] {
        auto sealed = seal(letter, parts_.clock.now());
        const Instant began = parts_.clock.now();
        if (!sealed)
            return end({.notice = notice, .result = refuse(sealed.error()), .began = began});
        probe_.pass(sealed->headers);
        parts_.send(letter.url, *std::move(sealed), [this, notice, began](Result<int> result) {
            const Duration took = parts_.clock.now() - began;
            end({.notice = notice,
                 .result = result,
                 .began = began,
                 .took = std::max(took, Duration{})});  // A clock may be set back.
        });
    });
    return true;
}

void NoticeCourier::end(Ending ending) {
    const std::lock_guard lock(mutex_);
    --counters_.in_flight;
    arrived_.push_back(std::move(ending));
    poked_ = true;
    changed_.notify_all();
}

void NoticeCourier::prune(Instant now) {
    if (now < next_prune_) return;
    const auto pruned = parts_.store.prune(now - options_.retention, pruned_per_transaction);
    const bool more = pruned && *pruned == pruned_per_transaction;
    next_prune_ = now + (more ? options_.store_retry : options_.prune_interval);
}

Result<std::string> NoticeCourier::url_of(const Notice& notice) const {
    return notify_url(notice, parts_.fetch, *parts_.directory());
}

Result<std::vector<Notice>> NoticeCourier::resend(engine::NoticeKey key) {
    const Instant now = parts_.clock.now();
    TRY(before, parts_.store.resend(key, now));
    for (Notice& notice : before) {
        if (notice.status != NoticeStatus::waiting) ++counters_.waiting;
        notice.status = NoticeStatus::waiting;
        notice.due = now;
    }
    hint(before);
    return before;
}

std::uint64_t NoticeCourier::cpu_microseconds() {
    return thread_.joinable() ? engine::thread_cpu_microseconds(thread_) : 0;
}

}  // namespace huitong::gateway::notices
