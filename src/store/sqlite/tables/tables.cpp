#include "store/sqlite/tables/tables.hpp"

#include "store/sqlite/tables/reader.hpp"
#include "store/sqlite/tables/writer.hpp"

namespace huitong::store::sqlite {

template <class List>
auto SqliteTables::with_reader(List&& list) {
    auto reader = borrow();
    using Answer = decltype(list(**reader));
    if (!reader) return Answer(refuse(reader.error()));
    Answer answer = list(**reader);
    if (answer) give_back(std::move(*reader));
    return answer;
}

SqliteTables::SqliteTables(TablesOptions options) : options_(std::move(options)) {}

// The readers close before the writer, whose closing copies the WAL into the file.
SqliteTables::~SqliteTables() {
    idle_.clear();
}

Result<std::unique_ptr<SqliteTables>> SqliteTables::open(const TablesOptions& options) {
    std::unique_ptr<SqliteTables> tables(new SqliteTables(options));
    if (!options.read_only) CHECK(tables->writer());
    TRY(first, tables->borrow());  // Whether reading works is known at the start.
    tables->give_back(std::move(first));
    return tables;
}

Result<std::unique_ptr<SqliteTables>> SqliteTables::rebuild(const TablesOptions& options) {
    CHECK(remove_database(options.path, options.vfs));
    return open(options);
}

Result<void> SqliteTables::adopt(const TablesOptions& options) {
    return TablesWriter::adopt(options);
}

Result<TablesWriter*> SqliteTables::writer() {
    if (options_.read_only) return fail(Error::store_failed, "the tables are open for reading");
    if (writer_ == nullptr) {
        TRY(fresh, TablesWriter::open(options_));
        writer_ = std::move(fresh);
    }
    return writer_.get();
}

Result<engine::Cursor> SqliteTables::cursor() {
    return with_reader([](TablesReader& reader) { return reader.cursor(); });
}

Result<void> SqliteTables::store(std::span<const engine::ReadEntry> entries) {
    TRY(open, writer());
    Result<void> stored = open->store(entries);
    if (!stored) writer_.reset();  // What it holds in memory may not be what the file holds.
    return stored;
}

Result<engine::AnyRecord> SqliteTables::fetch(const Miss& miss) {
    // The heart and the courier both fetch, each on a thread of its own.
    return with_reader([&](TablesReader& reader) { return reader.fetch(miss); });
}

Result<void> SqliteTables::load(engine::State& state) {
    return with_reader([&](TablesReader& reader) { return reader.load(state); });
}

Result<std::vector<std::pair<Instant, OrderId>>> SqliteTables::due_orders(Instant due,
                                                                          std::uint32_t limit) {
    return with_reader([&](TablesReader& reader) { return reader.due_orders(due, limit); });
}

Result<std::unique_ptr<TablesReader>> SqliteTables::borrow() {
    {
        const std::scoped_lock lock(idle_mutex_);
        if (!idle_.empty()) {
            auto reader = std::move(idle_.back());
            idle_.pop_back();
            return reader;
        }
    }
    return TablesReader::open(options_);
}

void SqliteTables::give_back(std::unique_ptr<TablesReader> reader) {
    const std::scoped_lock lock(idle_mutex_);
    if (idle_.size() < idle_readers_max) idle_.push_back(std::move(reader));
}

Result<Hash128> SqliteTables::digest() {
    return with_reader([](TablesReader& reader) { return reader.digest(); });
}

Result<std::vector<wallet::User>> SqliteTables::users(engine::Page page) {
    return with_reader([&](TablesReader& reader) { return reader.users(page); });
}

Result<std::vector<engine::HistoryItem>> SqliteTables::history(UserId user, engine::Page page) {
    return with_reader([&](TablesReader& reader) { return reader.history(user, page); });
}

Result<std::vector<wallet::FundingSource>> SqliteTables::funding_sources(UserId user) {
    return with_reader([&](TablesReader& reader) { return reader.funding_sources(user); });
}

Result<std::vector<acquiring::Order>> SqliteTables::orders(MerchantId merchant,
                                                           const std::string& out_trade_no,
                                                           engine::Page page) {
    return with_reader(
        [&](TablesReader& reader) { return reader.orders(merchant, out_trade_no, page); });
}

Result<std::vector<switching::Payment>> SqliteTables::payments(UserId payer, OrderId order,
                                                               engine::Page page) {
    return with_reader([&](TablesReader& reader) { return reader.payments(payer, order, page); });
}

Result<std::vector<acquiring::Refund>> SqliteTables::refunds(OrderId order) {
    return with_reader([&](TablesReader& reader) { return reader.refunds(order); });
}

Result<std::vector<switching::Payment>> SqliteTables::returns(UserId payer, PaymentId original) {
    return with_reader([&](TablesReader& reader) { return reader.returns(payer, original); });
}

Result<std::vector<engine::PostingRow>> SqliteTables::postings(AccountId account,
                                                               engine::Page page) {
    return with_reader([&](TablesReader& reader) { return reader.postings(account, page); });
}

Result<std::vector<engine::MinuteStatistics>> SqliteTables::statistics(Instant from, Instant to) {
    return with_reader([&](TablesReader& reader) { return reader.statistics(from, to); });
}

Result<engine::RecordCounts> SqliteTables::counts() {
    return with_reader([](TablesReader& reader) { return reader.counts(); });
}

}  // namespace huitong::store::sqlite
