// The lists: the newest first, each bounded by its page.
#include <algorithm>

#include "store/sqlite/tables/ledger_writer.hpp"
#include "store/sqlite/tables/reader.hpp"

namespace huitong::store::sqlite {
namespace {

constexpr std::uint32_t limit_max = 200;

// An id above every id of the page.
std::uint64_t upper(engine::Page page) {
    return page.before == 0 ? std::uint64_t{INT64_MAX} : page.before;
}
std::uint32_t size(engine::Page page) {
    return std::clamp(page.limit, std::uint32_t{1}, limit_max);
}

}  // namespace

// Shards are many and each has its newest at one end of the primary key, so this asks them all.
Result<std::vector<std::uint64_t>> TablesReader::newest(const std::string& sql, engine::Page page) {
    std::vector<std::uint64_t> found;
    for (std::uint16_t shard = 0; shard < shard_count; ++shard) {
        TRY(some, ids(sql, shard, upper(page), size(page)));
        found.insert(found.end(), some.begin(), some.end());
    }
    std::ranges::sort(found, std::ranges::greater{});
    if (found.size() > size(page)) found.resize(size(page));
    return found;
}

Result<std::vector<wallet::User>> TablesReader::users(engine::Page page) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    TRY(found, newest("SELECT user_id FROM wallet_user WHERE shard = ?1 AND user_id < ?2"
                      " ORDER BY user_id DESC LIMIT ?3",
                      page));
    return all<wallet::User>(found);
}

Result<std::vector<wallet::FundingSource>> TablesReader::funding_sources(UserId user) {
    return select<wallet::FundingSource>(
        "INDEXED BY funding_source_number WHERE shard = ?1 AND user_id = ?2"
        " ORDER BY funding_source_id",
        user.shard().value, user.value);
}

Result<std::vector<acquiring::Order>> TablesReader::orders(MerchantId merchant,
                                                           const std::string& out_trade_no,
                                                           engine::Page page) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    if (!merchant.named()) {
        TRY(found, newest("SELECT order_id FROM customer_order WHERE shard = ?1 AND order_id < ?2"
                          " ORDER BY order_id DESC LIMIT ?3",
                          page));
        return all<acquiring::Order>(found);
    }
    if (!out_trade_no.empty()) {
        return select<acquiring::Order>(
            "INDEXED BY customer_order_number WHERE shard = ?1"
            " AND merchant_id = ?2 AND out_trade_no = ?3"
            " AND order_id < ?4",
            merchant.shard().value, merchant.value, std::string_view(out_trade_no), upper(page));
    }
    return select<acquiring::Order>(
        "INDEXED BY customer_order_merchant WHERE shard = ?1"
        " AND merchant_id = ?2 AND order_id < ?3"
        " ORDER BY order_id DESC LIMIT ?4",
        merchant.shard().value, merchant.value, upper(page), size(page));
}

// An order's payments are the one that paid it, which the order names, and those that did not, for
// which there is a small index.
Result<std::vector<std::uint64_t>> TablesReader::payments_of(OrderId order, engine::Page page) {
    TRY(found, ids("SELECT payment_id FROM payment INDEXED BY payment_unpaid WHERE status <> 0"
                   " AND order_id = ?1 AND payment_id < ?2 ORDER BY payment_id DESC LIMIT ?3",
                   order.value, upper(page), size(page)));
    TRY(paid, find<acquiring::Order>(order));
    if (paid && paid->state.payment.named() && paid->state.payment.value < upper(page))
        found.push_back(paid->state.payment.value);
    std::ranges::sort(found, std::ranges::greater{});
    const auto twice = std::ranges::unique(found);
    found.erase(twice.begin(), twice.end());
    if (found.size() > size(page)) found.resize(size(page));
    return found;
}

// What the payer asked for, and what others asked for (tills, refunds), for which there is a small
// index. The newest first; a page of each.
Result<std::vector<std::uint64_t>> TablesReader::payments_of(UserId payer, engine::Page page) {
    TRY(found, ids("SELECT payment_id FROM payment INDEXED BY payment_request WHERE shard = ?1"
                   " AND requester_id = ?2 AND payment_id < ?3 ORDER BY payment_id DESC LIMIT ?4",
                   payer.shard().value, payer.value, upper(page), size(page)));
    TRY(others, ids("SELECT payment_id FROM payment INDEXED BY payment_of_payer"
                    " WHERE payer_id <> 0 AND payer_id <> requester_id AND payer_id = ?1"
                    " AND payment_id < ?2 ORDER BY payment_id DESC LIMIT ?3",
                    payer.value, upper(page), size(page)));
    found.insert(found.end(), others.begin(), others.end());
    std::ranges::sort(found, std::ranges::greater{});
    if (found.size() > size(page)) found.resize(size(page));
    return found;
}

Result<std::vector<switching::Payment>> TablesReader::payments(UserId payer, OrderId order,
                                                               engine::Page page) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    if (order.named()) {
        TRY(found, payments_of(order, page));
        TRY(records, all<switching::Payment>(found));
        if (payer.named()) {
            std::erase_if(records, [payer](const switching::Payment& payment) {
                return payment.terms.payer != payer;
            });
        }
        return records;
    }
    if (payer.named()) {
        TRY(found, payments_of(payer, page));
        return all<switching::Payment>(found);
    }
    TRY(found, newest("SELECT payment_id FROM payment WHERE shard = ?1 AND payment_id < ?2"
                      " ORDER BY payment_id DESC LIMIT ?3",
                      page));
    return all<switching::Payment>(found);
}

Result<std::vector<acquiring::Refund>> TablesReader::refunds(OrderId order) {
    return select<acquiring::Refund>(
        "INDEXED BY refund_order WHERE shard = ?1 AND order_id = ?2"
        " ORDER BY refund_id DESC",
        order.shard().value, order.value);
}

// They come after what they give back on, and few others are in the index after that.
Result<std::vector<switching::Payment>> TablesReader::returns(UserId payer, PaymentId original) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    TRY(found, ids("SELECT payment_id FROM payment INDEXED BY payment_of_payer"
                   " WHERE payer_id <> 0 AND payer_id <> requester_id AND payer_id = ?1"
                   " AND payment_id > ?2 AND original_payment_id = ?2 ORDER BY payment_id DESC",
                   payer.value, original.value));
    return all<switching::Payment>(found);
}

Result<engine::HistoryItem> TablesReader::about_order(engine::HistoryItem item, OrderId order) {
    TRY(found, find<acquiring::Order>(order));
    if (!found) return item;
    item.description = found->terms.description;
    TRY(merchant, find<acquiring::Merchant>(found->terms.merchant));
    if (merchant) item.merchant_name = merchant->state.name;
    return item;
}

Result<engine::HistoryItem> TablesReader::history_item(const switching::Payment& payment) {
    if (payment.terms.order.named()) return about_order({.what = payment}, payment.terms.order);
    engine::HistoryItem item{.what = payment,
                             .merchant_name = payment.payee_name(),
                             .description = payment.description()};
    if (!payment.terms.original.named()) return item;
    TRY(original, find<switching::Payment>(payment.terms.original));
    if (original) item.merchant_name = original->payee_name();
    return item;
}

Result<engine::HistoryItem> TablesReader::history_item(const acquiring::Refund& refund) {
    return about_order({.what = refund}, refund.terms.order);
}

Result<engine::HistoryItem> TablesReader::history_item(const wallet::TopUp& top_up) {
    engine::HistoryItem item{.what = top_up};
    TRY(source, find<wallet::FundingSource>(top_up.terms.source));
    if (source) item.description = source->terms.bank_name;
    return item;
}

template <class Record>
Result<void> TablesReader::add_history(const std::vector<std::uint64_t>& ids,
                                       std::map<std::uint64_t, engine::HistoryItem>& items) {
    TRY(records, all<Record>(ids));
    for (const Record& record : records) {
        TRY(item, history_item(record));
        items.emplace(record.id().value, std::move(item));
    }
    return {};
}

Result<std::vector<engine::HistoryItem>> TablesReader::history(UserId user, engine::Page page) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    const auto list = [&](const char* id, const char* from) {
        return ids(
            fmt::format("SELECT {0} FROM {1} AND {0} < ?3 ORDER BY {0} DESC LIMIT ?4", id, from),
            user.shard().value, user.value, upper(page), size(page));
    };
    TRY(payments, payments_of(user, page));
    TRY(refunds, list("refund_id", "payer_refund WHERE shard = ?1 AND payer_id = ?2"));
    TRY(top_ups, list("top_up_id",
                      "top_up INDEXED BY top_up_request"
                      " WHERE shard = ?1 AND user_id = ?2"));
    // Only ids that make the page are worth a look at their records.
    std::vector<std::uint64_t> newest;
    for (const auto* kind : {&payments, &refunds, &top_ups})
        newest.insert(newest.end(), kind->begin(), kind->end());
    std::ranges::sort(newest, std::ranges::greater{});
    const std::uint64_t last = newest.size() > size(page) ? newest[size(page) - 1] : 0;
    for (auto* kind : {&payments, &refunds, &top_ups})
        std::erase_if(*kind, [last](std::uint64_t id) { return id < last; });

    std::map<std::uint64_t, engine::HistoryItem> items;
    CHECK(add_history<switching::Payment>(payments, items));
    CHECK(add_history<acquiring::Refund>(refunds, items));
    CHECK(add_history<wallet::TopUp>(top_ups, items));
    std::vector<engine::HistoryItem> page_items;
    for (auto& item : items) page_items.push_back(std::move(item.second));
    std::ranges::reverse(page_items);
    return page_items;
}

// Blocks that may hold postings below a sequence, the newest first.
Result<std::vector<std::uint64_t>> TablesReader::posting_blocks(Sequence before) {
    TRY(last, ids("SELECT last_sequence FROM cursor WHERE partition = ?1", partition_));
    std::vector<std::uint64_t> blocks;
    if (last.empty()) return blocks;
    const std::uint64_t newest = std::min(last.front(), before.value) / posting_block_entries;
    for (std::uint64_t i = 0; i <= newest; ++i) blocks.push_back(newest - i);
    return blocks;
}

Result<void> TablesReader::postings_of_block(AccountId account, std::uint64_t block,
                                             Sequence before, std::size_t limit,
                                             std::vector<engine::PostingRow>& out) {
    TRY(select,
        statement("SELECT p.sequence, p.posted_at, p.debit_account_id, p.credit_account_id,"
                  " p.minor, p.currency FROM account_posting AS a JOIN posting AS p"
                  " ON p.partition = a.partition AND p.sequence = a.sequence AND p.line = a.line"
                  " WHERE a.partition = ?1 AND a.block = ?2 AND a.account_id = ?3"
                  " AND a.sequence < ?4 ORDER BY a.sequence DESC, a.line DESC"));
    Rows rows = select->query(partition_, block, account.value, before.value);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return {};
        const Sequence sequence{rows.number(0)};
        // The next page begins below this one's last sequence: never cut an entry in two.
        if (out.size() >= limit && sequence != out.back().sequence) return {};
        out.push_back({
            .sequence = sequence,
            .at = {rows.integer(1)},
            .posting = {.debit = {rows.number(2)},
                   .credit = {rows.number(3)},
                   .minor = rows.integer(4),
                   .currency = {static_cast<std::uint16_t>(rows.integer(5))}}
        });
    }
}

Result<std::vector<engine::PostingRow>> TablesReader::postings(AccountId account,
                                                               engine::Page page) {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    const Sequence before{upper(page)};
    TRY(blocks, posting_blocks(before));
    std::vector<engine::PostingRow> found;
    for (const std::uint64_t block : blocks) {
        CHECK(postings_of_block(account, block, before, size(page), found));
        if (found.size() >= size(page)) break;
    }
    return found;
}

Result<std::vector<engine::MinuteStatistics>> TablesReader::statistics(Instant from, Instant to) {
    TRY(select, statement("SELECT minute, payments, declined, refunds, paid_minor"
                          " FROM minute_statistics WHERE partition = ?1 AND minute >= ?2"
                          " AND minute < ?3 ORDER BY minute"));
    std::vector<engine::MinuteStatistics> minutes;
    Rows rows = select->query(partition_, from.ms, to.ms);
    for (;;) {
        TRY(more, rows.next());
        if (!more) return minutes;
        minutes.push_back({.minute = {rows.integer(0)},
                           .payments = rows.integer(1),
                           .declined = rows.integer(2),
                           .refunds = rows.integer(3),
                           .paid_minor = rows.integer(4)});
    }
}

Result<std::uint64_t> TablesReader::count_of(std::string_view table) {
    TRY(found, ids("SELECT records FROM record_count WHERE partition = ?1 AND table_name = ?2",
                   partition_, table));
    return found.empty() ? 0 : found.front();
}

Result<engine::RecordCounts> TablesReader::counts() {
    const Snapshot snapshot(db_);
    CHECK(snapshot.begun());
    TRY(users, count_of(table_of<wallet::User>.name));
    TRY(orders, count_of(table_of<acquiring::Order>.name));
    return engine::RecordCounts{.users = users, .orders = orders};
}

}  // namespace huitong::store::sqlite
