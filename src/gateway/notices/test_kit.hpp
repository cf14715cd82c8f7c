// For the courier's tests: a store in memory, records to tell of, and a merchant that notes down
// what it is sent.
#pragma once

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gateway/door/sealing.hpp"
#include "gateway/notices/courier.hpp"

namespace huitong::gateway::notices {

inline constexpr Instant test_start{1'700'000'000'000};
inline constexpr std::string_view apiv3_key_text = "0123456789abcdefghijABCDEFGHIJ01";
inline constexpr std::string_view platform_key_id = "PUB_KEY_ID_0114232134912410000000000000";

class TestClock final : public engine::Clock {
public:
    Instant now() override { return {ms_.load()}; }
    void advance(Duration by) { ms_ += by.ms; }

private:
    std::atomic<std::int64_t> ms_{test_start.ms};
};

// The port in the plainest way; it can be told to fail.
class MemoryStore final : public engine::NoticeStore {
public:
    Result<Sequence> cursor() override {
        const std::lock_guard lock(mutex);
        return last;
    }
    Result<std::uint64_t> insert(std::span<const engine::Notice> notices, Sequence to) override {
        const std::lock_guard lock(mutex);
        if (broken) return refuse(Error::store_failed);
        std::uint64_t added = 0;
        for (const auto& notice : notices) added += rows.emplace(notice.key, notice).second ? 1 : 0;
        last = std::max(last, to);
        return added;
    }
    Result<std::vector<engine::MerchantDue>> merchants() override {
        const std::lock_guard lock(mutex);
        std::map<MerchantId, engine::MerchantDue> found;
        for (const auto& [key, row] : rows) {
            if (row.status != engine::NoticeStatus::waiting) continue;
            auto& due = found.try_emplace(row.merchant, row.merchant, row.due, 0).first->second;
            due.due = std::min(due.due, row.due);
            ++due.waiting;
        }
        std::vector<engine::MerchantDue> list;
        for (const auto& [id, due] : found) list.push_back(due);
        return list;
    }
    Result<std::vector<engine::Notice>> earliest(MerchantId merchant,
                                                 std::uint32_t limit) override {
        const std::lock_guard lock(mutex);
        if (broken) return refuse(Error::store_failed);
        std::map<std::pair<Instant, engine::NoticeKey>, engine::Notice> sorted;
        for (const auto& [key, row] : rows) {
            if (row.merchant == merchant && row.status == engine::NoticeStatus::waiting)
                sorted.emplace(std::pair{row.due, key}, row);
        }
        std::vector<engine::Notice> list;
        for (const auto& [place, row] : sorted) {
            if (list.size() < limit) list.push_back(row);
        }
        return list;
    }
    Result<void> record(std::span<const engine::NoticeAttempt> attempts) override {
        const std::lock_guard lock(mutex);
        if (broken) return refuse(Error::store_failed);
        for (const auto& a : attempts) {
            history[a.key].push_back(a);
            auto& row = rows.at(a.key);
            row.status = a.status;
            row.attempts = a.number;
            row.due = a.due;
        }
        return {};
    }
    Result<std::vector<engine::Notice>> of_order(OrderId order) override {
        const std::lock_guard lock(mutex);
        std::vector<engine::Notice> list;
        for (const auto& [key, row] : rows) {
            if (row.order == order) list.push_back(row);
        }
        return list;
    }
    Result<std::vector<engine::NoticeAttempt>> attempts(engine::NoticeKey key) override {
        const std::lock_guard lock(mutex);
        return history[key];
    }
    Result<std::vector<engine::Notice>> resend(engine::NoticeKey key, Instant now) override {
        const std::lock_guard lock(mutex);
        const auto found = rows.find(key);
        if (found == rows.end()) return std::vector<engine::Notice>{};
        std::vector<engine::Notice> before{found->second};
        found->second.status = engine::NoticeStatus::waiting;
        found->second.due = now;
        return before;
    }
    Result<engine::NoticeCounts> counts() override { return engine::NoticeCounts{}; }
    Result<std::uint64_t> prune(Instant before, std::uint32_t) override {
        const std::lock_guard lock(mutex);
        return std::erase_if(rows, [before](const auto& item) {
            return item.second.created_at < before &&
                   item.second.status != engine::NoticeStatus::waiting;
        });
    }

    std::mutex mutex;  // Whoever looks at the rows while a courier's thread runs.
    std::map<engine::NoticeKey, engine::Notice> rows;
    std::map<engine::NoticeKey, std::vector<engine::NoticeAttempt>> history;
    Sequence last;
    bool broken = false;
};

// A key pair is dear to make, so all tests share one.
inline const crypto::RsaPrivateKey& platform_pair() {
    static const auto pair = crypto::RsaPrivateKey::generate();
    return pair;
}

// The world around a courier: merchants 1 to 9, orders and refunds, a platform key.
struct World {
    World() {
        for (std::uint64_t id = 1; id < 10; ++id) add_merchant({id});
        directory.platform_keys.load({
            .terms = {.id = {1},
                      .serial = "5157F09EFDC096DE",
                      .public_key_id = std::string(platform_key_id),
                      .private_key = {master.seal(door::platform_key_context("5157F09EFDC096DE"),
                                                  platform_pair().to_pem().expose())},
                      .not_before = test_start - days(1),
                      .not_after = test_start + days(100)},
            .state = {}
        });
    }

    void add_merchant(MerchantId id) {
        const std::string mchid = "190000000" + std::to_string(id.value);
        directory.merchants.load({
            .terms = {.id = id, .mchid = mchid},
            .state = {.apiv3_key = {master.seal(door::apiv3_key_context(mchid), apiv3_key_text)}}
        });
    }

    // A paid order and the entry that made it so.
    engine::ReadEntry pay(OrderId order, MerchantId merchant) {
        acquiring::Order record{
            .terms = {.id = order,
                      .merchant = merchant,
                      .out_trade_no = "order-" + std::to_string(order.value),
                      .appid = "wx0123456789abcdef",
                      .notify_url = "https://m" + std::to_string(merchant.value) + ".example/n",
                      .minor = 100},
            .state = {.status = acquiring::OrderStatus::paid,
                      .payment = {order.value + 1},
                      .payer = {8},
                      .ended_at = test_start}
        };
        orders[order] = record;
        engine::ReadEntry entry{.sequence = {++last_sequence}, .now = test_start, .entry = {}};
        entry.entry.acquiring.orders.push_back(changed<acquiring::Order>(order, record.state));
        entry.entry.switching.payments.push_back(created(switching::Payment{
            .terms = {.id = {order.value + 1}, .order = order, .merchant = merchant},
            .state = {}
        }));
        return entry;
    }

    engine::ReadEntry refund(RefundId id, OrderId order, acquiring::RefundStatus status,
                             const std::string& notify_url = "") {
        acquiring::Order& paid = orders.at(order);
        paid.state.refund_count = 1;
        const acquiring::Refund record{
            .terms = {.id = id,
                      .order = order,
                      .merchant = paid.terms.merchant,
                      .out_refund_no = "r" + std::to_string(id.value),
                      .minor = 30,
                      .notify_url = notify_url},
            .state = {.status = status, .ended_at = test_start}
        };
        refunds[id] = record;
        engine::ReadEntry entry{.sequence = {++last_sequence}, .now = test_start, .entry = {}};
        entry.entry.acquiring.orders.push_back(changed<acquiring::Order>(order, paid.state));
        entry.entry.acquiring.refunds.push_back(created(record));
        return entry;
    }

    Result<engine::AnyRecord> fetch(const Miss& miss) {
        if (tables_broken) return refuse(Error::store_failed);
        if (miss.kind == RecordKind::order && orders.contains({miss.id}))
            return orders.at({miss.id});
        if (miss.kind == RecordKind::refund && refunds.contains({miss.id}))
            return refunds.at({miss.id});
        return engine::AnyRecord{};
    }

    crypto::MasterKey master{crypto::SealingKey::generate()};
    door::DoorSecrets secrets = door::DoorSecrets::generate();
    engine::Directory directory;
    std::map<OrderId, acquiring::Order> orders;
    std::map<RefundId, acquiring::Refund> refunds;
    std::uint64_t last_sequence = 0;
    bool tables_broken = false;
};

// A courier without a thread of its own, and what it sends.
class CourierKit {
public:
    struct Posted {
        std::string url;
        SealedLetter letter;
        Sent sent;
    };

    explicit CourierKit(CourierOptions options = {}) : options_(options) { restart(); }
    ~CourierKit() {
        courier->stop({});
        pool_->stop();
        // Calls that nobody answers end with their client; the courier must not hear of it.
        for (Posted& p : posted) p.sent = nullptr;
    }

    // A new courier over the same store: what a crash leaves.
    void restart() {
        if (pool_ != nullptr) pool_->stop();
        for (Posted& p : posted) p.sent = nullptr;
        posted.clear();
        courier.reset();
        pool_ = std::make_unique<door::WorkPool>(
            door::WorkPoolOptions{.name = "test", .threads = 1, .urgency = door::Urgency::idle});
        courier = std::make_unique<NoticeCourier>(
            CourierParts{
                .store = store,
                .clock = clock,
                .fetch = [this](const Miss& miss) { return world.fetch(miss); },
                .directory =
                    [this] { return std::make_shared<const engine::Directory>(world.directory); },
                .secrets = world.secrets,
                .keys = keys_,
                .pool = *pool_,
                .send =
                    [this](const std::string& url, SealedLetter&& letter, Sent sent) {
                        const std::lock_guard lock(mutex_);
                        posted.push_back({url, std::move(letter), std::move(sent)});
                    }},
            options_);
        ASSERT_TRUE(courier->load().has_value());
    }

    void follow(std::vector<engine::ReadEntry> entries) { courier->follow(entries); }

    // Works until nothing more happens at this time; how many letters were posted.
    std::size_t settle() {
        const std::size_t before = count();
        for (int quiet = 0; quiet < 3;) {
            const std::size_t seen = count();
            courier->work();
            drain();
            quiet = count() == seen ? quiet + 1 : 0;
        }
        return count() - before;
    }
    // Answers every letter that still waits for one.
    void answer(Result<int> how) {
        for (std::size_t i = 0; i < count(); ++i) answer(i, how);
    }
    void answer(std::size_t index, Result<int> how) {
        if (auto sent = std::exchange(posted[index].sent, nullptr)) sent(how);
    }
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return posted.size();
    }

    World world;
    TestClock clock;
    MemoryStore store;
    std::vector<Posted> posted;
    std::unique_ptr<NoticeCourier> courier;

private:
    // Waits until the pool has done what it was given.
    void drain() {
        std::promise<void> done;
        pool_->post([&done] { done.set_value(); });
        done.get_future().wait();
    }

    CourierOptions options_;
    door::KeyRing keys_{world.master};
    std::mutex mutex_;
    std::unique_ptr<door::WorkPool> pool_;
};

}  // namespace huitong::gateway::notices
