// A journal and tables in memory, for tests of whatever stands on the two ports.
//
// MemoryJournal keeps the bytes that a disk would keep, and fails when told to. MemoryTables keeps
// every record for ever in a State that is built by engine::apply, so it is as right as apply is:
// what it proves is that memory, misses and recovery agree with a state that never forgot anything.
// Both lock, and may be used from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "engine/journal.hpp"
#include "engine/state.hpp"
#include "engine/tables.hpp"

namespace huitong::engine::testing {

// What the next append will meet.
enum class Fate : std::uint8_t {
    committed,
    aborted,
    unknown_lost,    // the caller hears "unknown", and the batch is not there
    unknown_stored,  // the caller hears "unknown", and the batch is there
};

class MemoryJournal final : public Journal {
public:
    // A batch as stored, with what its segment would open with.
    struct Row {
        StoredBatch batch;
        Checkpoint before;
    };

    // The fate of the next append that has none yet; appends without one are committed.
    void script(Fate fate);
    // Appends wait inside store() until unblocked.
    void block(bool blocked);
    // Until an append is waiting in store(); false when none came in time.
    bool wait_blocked(std::chrono::milliseconds at_most);
    // While it fails, take_over() and read() answer store_failed.
    void fail(bool failing);

    [[nodiscard]] std::vector<Row> rows() const;

    Result<void> read(Sequence from, const std::function<bool(StoredBatch)>& visit) override;

protected:
    Result<StoredBatch> fence() override;
    AppendOutcome store(Sequence first, Sequence last, std::string_view bytes,
                        const Checkpoint& before) override;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Row> rows_;
    std::deque<Fate> script_;
    bool blocked_ = false;
    bool failing_ = false;
    std::size_t waiting_ = 0;
};

class MemoryTables final : public Tables {
public:
    MemoryTables();

    // While they fail, store(), fetch() and due_orders() answer store_failed.
    void fail(bool failing);
    // What is kept, for tests that hold no other thread against it.
    [[nodiscard]] const State& state() const { return state_; }

    Result<Cursor> cursor() override;
    Result<void> store(std::span<const ReadEntry> entries) override;
    Result<AnyRecord> fetch(const Miss& miss) override;
    Result<void> load(State& state) override;
    Result<std::vector<std::pair<Instant, OrderId>>> due_orders(Instant due,
                                                                std::uint32_t limit) override;
    Result<Hash128> digest() override;

    Result<std::vector<wallet::User>> users(Page page) override;
    Result<std::vector<HistoryItem>> history(UserId user, Page page) override;
    Result<std::vector<wallet::FundingSource>> funding_sources(UserId user) override;
    Result<std::vector<acquiring::Order>> orders(MerchantId merchant,
                                                 const std::string& out_trade_no,
                                                 Page page) override;
    Result<std::vector<switching::Payment>> payments(UserId payer, OrderId order,
                                                     Page page) override;
    Result<std::vector<acquiring::Refund>> refunds(OrderId order) override;
    Result<std::vector<switching::Payment>> returns(UserId payer, PaymentId original) override;
    Result<std::vector<PostingRow>> postings(AccountId account, Page page) override;
    Result<std::vector<MinuteStatistics>> statistics(Instant from, Instant to) override;
    Result<RecordCounts> counts() override;

private:
    mutable std::mutex mutex_;
    State state_;
    Cursor cursor_;
    std::vector<PostingRow> postings_;
    bool failing_ = false;
};

// What the reader's thread does, in one step: stores up to `entries_max` entries of the journal
// that the tables lack. The number stored.
Result<std::size_t> feed(Tables& tables, Journal& journal, std::size_t entries_max);

}  // namespace huitong::engine::testing
