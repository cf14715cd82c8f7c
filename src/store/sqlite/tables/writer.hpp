// The one connection that changes the tables. Belongs to the reader's thread.
//
// After any failure the object is of no more use: an aborted transaction has left nothing, of an
// unknown one the file tells when it is opened again.
#pragma once

#include <map>
#include <memory>
#include <span>

#include "engine/state.hpp"
#include "engine/tables.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/tables/ledger_writer.hpp"
#include "store/sqlite/tables/options.hpp"
#include "store/sqlite/tables/record_writer.hpp"

namespace huitong::store::sqlite {

class TablesWriter {
public:
    // Opens or makes the file and brings it to the newest schema. Fails with store_mismatch when
    // it belongs to another store or generation.
    static Result<std::unique_ptr<TablesWriter>> open(const TablesOptions& options);

    [[nodiscard]] engine::Cursor cursor() const { return cursor_; }
    Result<void> store(std::span<const engine::ReadEntry> entries);
    // Raises the generation of a file of this store (after a restore).
    static Result<void> adopt(const TablesOptions& options);

private:
    explicit TablesWriter(Database db) : db_(std::move(db)) {}
    Result<void> prepare(std::uint32_t partition);
    Result<void> take_cursor(const TablesOptions& options);
    Result<void> check_follows(std::span<const engine::ReadEntry> entries) const;
    void note(const engine::Entry& entry);
    Result<void> write(const engine::ReadEntry& last);
    Result<void> write_records(Hash128& digest);
    Result<void> write_statistics();
    Result<void> write_counts();
    Result<void> move_cursor(const engine::ReadEntry& last, Hash128 digest);

    // What the change of a payment or refund means for the minute in which it ended.
    Result<void> count(const RecordWriter<switching::Payment>::Change& change,
                       const switching::PaymentState* before);
    Result<void> count(const RecordWriter<acquiring::Refund>::Change& change,
                       const acquiring::RefundState* before);
    void add_share(const switching::PaymentState& state, std::int64_t minor, int sign);
    Result<std::int64_t> amount_of(const RecordWriter<switching::Payment>::Change& change);
    Result<void> link_payer(const acquiring::RefundTerms& refund);

    Database db_;
    std::uint32_t partition_ = 0;
    engine::Cursor cursor_;
    Hash128 records_digest_;
    std::map<std::int64_t, engine::MinuteStatistics> minutes_;
    std::map<std::string_view, std::int64_t> created_;  // by table

    LedgerWriter ledger_;
    RecordWriter<wallet::User> users_;
    RecordWriter<wallet::FundingSource> sources_;
    RecordWriter<wallet::TopUp> top_ups_;
    RecordWriter<wallet::PayerCode> payer_codes_;
    RecordWriter<acquiring::Merchant> merchants_;
    RecordWriter<acquiring::MerchantKey> merchant_keys_;
    RecordWriter<acquiring::PlatformKey> platform_keys_;
    RecordWriter<acquiring::Order> orders_;
    RecordWriter<acquiring::Refund> refunds_;
    RecordWriter<switching::Participant> participants_;
    RecordWriter<switching::ParticipantKey> participant_keys_;
    RecordWriter<switching::Position> positions_;
    RecordWriter<switching::CodeRule> code_rules_;
    RecordWriter<switching::Opening> openings_;
    RecordWriter<switching::Operator> operators_;
    RecordWriter<switching::Payment> payments_;
    Statement add_minute_;
    Statement add_count_;
    Statement move_cursor_;
    Statement payment_minor_;
    Statement order_payer_;
    Statement insert_payer_refund_;
};

}  // namespace huitong::store::sqlite
