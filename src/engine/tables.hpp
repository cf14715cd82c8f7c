// The tables port: an ordinary relational schema, filled behind the journal by one reader and asked
// for what memory no longer holds.
//
// Threads: store() belongs to the reader's thread; fetch() may run on any thread; the loads belong
// to start-up; lists may run on any thread. Implementations use connections of their own for each.
// All fail with store_failed.
#pragma once

#include <functional>
#include <span>
#include <variant>
#include <vector>

#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"
#include "ledger/account.hpp"
#include "switching/payment.hpp"
#include "wallet/funding.hpp"
#include "wallet/payer_code.hpp"
#include "wallet/user.hpp"

namespace huitong::engine {

// A record of any kind that can leave memory.
using AnyRecord =
    std::variant<std::monostate, wallet::User, wallet::FundingSource, wallet::TopUp,
                 acquiring::Order, acquiring::Refund, switching::Payment, wallet::PayerCode>;

struct ReadEntry;  // state.hpp
struct State;
// Called with entries once they are committed and in the tables, in order.
using Follower = std::function<void(std::span<const ReadEntry>)>;

// Where the tables stand: everything up to `last` is in them.
struct Cursor {
    Sequence last;
    Instant now;
};

// A page of a list: the newest first, ids below `before` (0: from the newest), at most `limit` (1
// to 200) items.
struct Page {
    std::uint64_t before = 0;
    std::uint32_t limit = 20;
};

// One line of a user's history.
struct HistoryItem {
    std::variant<switching::Payment, acquiring::Refund, wallet::TopUp> what;
    // Of the order, or what the payment itself says (Payment::payee_name); of a refund by another
    // institution, what the payment says that it gives back on.
    std::string merchant_name;
    std::string description;
};

// What happened in one minute, for charts.
struct MinuteStatistics {
    Instant minute;
    std::int64_t payments = 0;
    std::int64_t declined = 0;
    std::int64_t refunds = 0;
    std::int64_t paid_minor = 0;
};

// How many there are. Kept as they come, for pages that show them again and again.
struct RecordCounts {
    std::uint64_t users = 0;
    std::uint64_t orders = 0;

    friend bool operator==(const RecordCounts&, const RecordCounts&) = default;
};

struct PostingRow {
    Sequence sequence;
    Instant at;
    ledger::Posting posting;
};

class Tables {
public:
    virtual ~Tables() = default;

    virtual Result<Cursor> cursor() = 0;
    // Stores entries that follow the cursor exactly, and moves it, in one transaction.
    virtual Result<void> store(std::span<const ReadEntry> entries) = 0;

    // The record a miss names; monostate when there is none.
    virtual Result<AnyRecord> fetch(const Miss& miss) = 0;
    // Everything that is always in memory (accounts, totals, registries, unfinished payments), and
    // every natural key in force.
    virtual Result<void> load(State& state) = 0;
    // Orders still open that expire before `due`, by (expires_at, id), at most `limit`.
    virtual Result<std::vector<std::pair<Instant, OrderId>>> due_orders(Instant due,
                                                                        std::uint32_t limit) = 0;
    // Recomputes the digest of the whole state from the rows, at the cursor.
    virtual Result<Hash128> digest() = 0;

    virtual Result<std::vector<wallet::User>> users(Page page) = 0;
    virtual Result<std::vector<HistoryItem>> history(UserId user, Page page) = 0;
    virtual Result<std::vector<wallet::FundingSource>> funding_sources(UserId user) = 0;
    virtual Result<std::vector<acquiring::Order>> orders(MerchantId merchant,
                                                         const std::string& out_trade_no,
                                                         Page page) = 0;
    virtual Result<std::vector<switching::Payment>> payments(UserId payer, OrderId order,
                                                             Page page) = 0;
    virtual Result<std::vector<acquiring::Refund>> refunds(OrderId order) = 0;
    // What other institutions gave this payer back on a payment, the newest first.
    virtual Result<std::vector<switching::Payment>> returns(UserId payer, PaymentId original) = 0;
    virtual Result<std::vector<PostingRow>> postings(AccountId account, Page page) = 0;
    virtual Result<std::vector<MinuteStatistics>> statistics(Instant from, Instant to) = 0;
    virtual Result<RecordCounts> counts() = 0;
};

}  // namespace huitong::engine
