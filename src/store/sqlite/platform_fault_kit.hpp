// What the fault test of the platform is made of: a process over a FaultVfs, calls on their way,
// and what callers may rely on.
#pragma once

#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feed.hpp"
#include "engine/partition.hpp"
#include "engine/testing/answer_line.hpp"
#include "engine/testing/command_generator.hpp"
#include "engine/testing/model_rules.hpp"
#include "store/sqlite/fault_vfs.hpp"
#include "store/sqlite/journal.hpp"
#include "store/sqlite/store_test_kit.hpp"
#include "store/sqlite/tables/tables.hpp"

namespace huitong::store::sqlite::testing {

using engine::Answer;
using engine::Command;
using engine::Partition;
using engine::PendingBatch;
using engine::Request;
using engine::testing::line;
using engine::testing::NaiveModel;
using engine::testing::Step;

inline const std::string fault_store_id(32, 'a');

inline JournalOptions journal_over(const FaultVfs& vfs, const TempDir& dir) {
    return {.directory = dir.path(),
            .store_id = fault_store_id,
            .segment_bytes_max = 64 << 10,  // several rolls in a life
            .wal_bytes = 16 << 10,
            .busy_timeout_ms = 20,
            .autocheckpoint_pages = 8,
            .vfs = vfs.name()};
}

inline TablesOptions tables_over(const FaultVfs& vfs, const TempDir& dir) {
    return {.path = dir.path() / "tables.db",
            .store_id = fault_store_id,
            .cache_kib = 64,
            .reader_cache_kib = 64,
            .autocheckpoint_pages = 12,
            .vfs = vfs.name()};
}

inline engine::HeartOptions tiny_memory(const NaiveModel::Rules& model) {
    return {.rules = engine::testing::rules_of(model),
            .orders_in_memory = 6,
            .payments_in_memory = 4,
            .others_in_memory = 4};
}

// What one process holds; it dies with it.
struct Process {
    Process(const FaultVfs& vfs, const TempDir& dir, std::unique_ptr<SqliteTables> opened,
            const engine::HeartOptions& options)
        : journal(journal_over(vfs, dir)),
          tables(std::move(opened)),
          partition(options),
          feed(journal, *tables, 60) {}

    SqliteJournal journal;
    std::unique_ptr<SqliteTables> tables;
    Partition partition;
    engine::TablesFeed feed;
    Sequence committed;
    bool store_lost = false;
};

// A command on its way, with what the model says to it.
struct Call final : Request {
    explicit Call(Step what) : step(std::move(what)) { command = step.command; }

    Step step;
    bool timer = false;
};
using CallPtr = std::unique_ptr<Call>;

struct Waiting {
    CallPtr call;
    std::vector<Miss> brought;
};
struct Fetching {
    Waiting waiting;
    Miss miss;
    Sequence asked_at;
    std::optional<Result<engine::AnyRecord>> found;
};
// A batch on its way to the disk, with the model as it is when the batch is there.
struct Writing {
    PendingBatch batch;
    NaiveModel after;
};
// A batch of which nobody knows whether it is there.
struct Doubt {
    Sequence last;
    NaiveModel after;
};

// The key under which a caller repeats a command; empty: it has none.
inline std::string key_of(const Command& command) {
    if (const auto* pay = std::get_if<switching::PayOrder>(&command))
        return fmt::format("payment {} {}", pay->session.user.value, pay->request_id);
    if (const auto* draw = std::get_if<wallet::DrawTopUp>(&command))
        return fmt::format("top-up {} {}", draw->session.user.value, draw->request_id);
    if (const auto* refund = std::get_if<acquiring::CreateRefund>(&command))
        return fmt::format("refund {} {}", refund->terms.merchant.value,
                           refund->terms.out_refund_no);
    if (const auto* order = std::get_if<acquiring::CreateOrder>(&command))
        return fmt::format("order {} {}", order->terms.merchant.value, order->terms.out_trade_no);
    return "";
}

// What of an answer must never change.
inline std::string promise_of(const Answer& answer) {
    if (const auto* paid = std::get_if<switching::PaymentAnswer>(&answer)) {
        const switching::Payment& payment = paid->payment;
        return fmt::format("payment {} of {} minor {} status {} '{}'", payment.id().value,
                           payment.terms.order.value, payment.terms.minor,
                           static_cast<int>(payment.state.status), payment.state.decline);
    }
    if (const auto* drawn = std::get_if<wallet::TopUpAnswer>(&answer))
        return fmt::format("top-up {} minor {} '{}'", drawn->top_up.id().value,
                           drawn->top_up.terms.minor, drawn->top_up.state.decline);
    if (const auto* given = std::get_if<engine::RefundAnswer>(&answer)) return line(given->refund);
    if (const auto* order = std::get_if<engine::OrderAnswer>(&answer))
        return fmt::format("order {} minor {}", order->order.id().value, order->order.terms.minor);
    return "";
}

// Why a "no" to a key that has a "yes" is not a contradiction: it is not about the first request.
inline bool about_something_else(const Command& command, Error why) {
    if (std::holds_alternative<acquiring::CreateOrder>(command)) return true;
    return why == Error::session_invalid || why == Error::payment_key_reused ||
           why == Error::refund_number_reused;
}

}  // namespace huitong::store::sqlite::testing
