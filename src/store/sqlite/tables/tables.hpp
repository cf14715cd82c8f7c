// The tables in one SQLite file. docs/formats/tables.md has the schema and what each index is for.
//
// Connections: one writes (store(): the reader's thread), one fetches (fetch(): one thread at a
// time), and a few are shared by everything else, from any thread. Readers never wait for the
// writer nor it for them (WAL).
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/tables.hpp"
#include "store/sqlite/tables/options.hpp"

namespace huitong::store::sqlite {

class TablesReader;
class TablesWriter;

class SqliteTables final : public engine::Tables {
public:
    // Opens the file, or makes it, empty, with the data directory's identity. Fails with
    // store_mismatch when it is of another store or generation.
    static Result<std::unique_ptr<SqliteTables>> open(const TablesOptions& options);
    // The same after deleting what there is: the journal then fills the tables again. Nobody has
    // the file open.
    static Result<std::unique_ptr<SqliteTables>> rebuild(const TablesOptions& options);
    // Gives a restored file (or one that was never used) the raised generation of its data
    // directory. Fails with store_mismatch when it is of another store or of a later generation.
    static Result<void> adopt(const TablesOptions& options);
    ~SqliteTables() override;

    Result<engine::Cursor> cursor() override;
    Result<void> store(std::span<const engine::ReadEntry> entries) override;

    Result<engine::AnyRecord> fetch(const Miss& miss) override;
    Result<void> load(engine::State& state) override;
    Result<std::vector<std::pair<Instant, OrderId>>> due_orders(Instant due,
                                                                std::uint32_t limit) override;
    Result<Hash128> digest() override;

    Result<std::vector<wallet::User>> users(engine::Page page) override;
    Result<std::vector<engine::HistoryItem>> history(UserId user, engine::Page page) override;
    Result<std::vector<wallet::FundingSource>> funding_sources(UserId user) override;
    // All merchants' orders when none is named.
    Result<std::vector<acquiring::Order>> orders(MerchantId merchant,
                                                 const std::string& out_trade_no,
                                                 engine::Page page) override;
    // All payments when neither is named.
    Result<std::vector<switching::Payment>> payments(UserId payer, OrderId order,
                                                     engine::Page page) override;
    Result<std::vector<acquiring::Refund>> refunds(OrderId order) override;
    Result<std::vector<switching::Payment>> returns(UserId payer, PaymentId original) override;
    // The page's `before` is a sequence. An entry's postings are never cut in two, so a page may
    // hold a few more than its limit.
    Result<std::vector<engine::PostingRow>> postings(AccountId account, engine::Page page) override;
    // Minutes from <= minute < to.
    Result<std::vector<engine::MinuteStatistics>> statistics(Instant from, Instant to) override;
    Result<engine::RecordCounts> counts() override;

private:
    explicit SqliteTables(TablesOptions options);
    Result<TablesWriter*> writer();
    Result<std::unique_ptr<TablesReader>> borrow();
    void give_back(std::unique_ptr<TablesReader> reader);
    // Runs `list` with a connection of the pool.
    template <class List>
    auto with_reader(List&& list);

    static constexpr std::size_t idle_readers_max = 4;

    const TablesOptions options_;
    std::unique_ptr<TablesWriter> writer_;  // none after a failure: opened again at the next use
    std::mutex idle_mutex_;
    std::vector<std::unique_ptr<TablesReader>> idle_;
};

}  // namespace huitong::store::sqlite
