// The lists against the naive model: walk the live State, sort, cut.
#include <gtest/gtest.h>
#include <map>
#include <thread>

#include "store/sqlite/tables/ledger_writer.hpp"
#include "store/sqlite/tables/schema.hpp"
#include "store/sqlite/tables/tables_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::Page;
using testing::options_in;
using testing::store_all;
using testing::TempDir;
using testing::World;

// A world and its tables.
class TablesLists : public ::testing::Test {
protected:
    void SetUp() override {
        world_.grow(900);
        tables_ = std::move(*SqliteTables::open(options_in(directory_)));
        store_all(*tables_, world_.entries, {250});
    }

    // All records of a shelf that `wanted` takes, the newest first.
    template <class Record, class Shelf, class Wanted>
    static std::vector<Record> newest(const Shelf& shelf, Wanted&& wanted) {
        std::vector<Record> found;
        shelf.each([&](const Record& record) {
            if (wanted(record)) found.push_back(record);
        });
        std::ranges::sort(found, std::ranges::greater{}, [](const Record& r) { return r.id(); });
        return found;
    }
    // Reads page by page and expects exactly these records.
    template <class Record, class List>
    static void expect_pages(const std::vector<Record>& expected, List&& list) {
        for (const std::uint32_t limit : {1u, 3u, 200u}) {
            std::vector<Record> found;
            Page page{.limit = limit};
            for (;;) {
                const auto some = list(page);
                ASSERT_TRUE(some.has_value()) << last_failure();
                ASSERT_LE(some->size(), limit);
                if (some->empty()) break;
                found.insert(found.end(), some->begin(), some->end());
                page.before = some->back().id().value;
            }
            EXPECT_EQ(found, expected);
        }
    }

    TempDir directory_;
    World world_{21};
    std::unique_ptr<SqliteTables> tables_;
};

TEST_F(TablesLists, UsersNewestFirst) {
    const auto all =
        newest<wallet::User>(world_.state.wallet.users, [](const auto&) { return true; });
    ASSERT_GT(all.size(), 3u);
    expect_pages(all, [&](Page page) { return tables_->users(page); });
}

TEST_F(TablesLists, CountsWhatWasCreated) {
    const auto live = [this] {
        const auto every = [](const auto&) { return true; };
        return engine::RecordCounts{
            newest<wallet::User>(world_.state.wallet.users, every).size(),
            newest<acquiring::Order>(world_.state.acquiring.orders, every).size()};
    };
    EXPECT_EQ(tables_->counts(), live());
    const std::size_t stored = world_.entries.size();
    for (int i = 0; i < 50; ++i) world_.step();
    store_all(*tables_, std::span(world_.entries).subspan(stored), {7});
    EXPECT_EQ(tables_->counts(), live());
    tables_.reset();
    tables_ = std::move(*SqliteTables::open(options_in(directory_)));
    EXPECT_EQ(tables_->counts(), live());
}

// A file from before the counts were kept.
TEST_F(TablesLists, CountsWhatAnOlderFileHolds) {
    const auto counts = tables_->counts();
    ASSERT_TRUE(counts.has_value() && counts->orders > 100u) << last_failure();
    tables_.reset();
    TablesOptions older = options_in(directory_);
    older.path += "-4";
    {
        auto db = Database::open(older.path, {});
        for (const Migration& migration : migrations().first(4))
            ASSERT_TRUE(db->execute(migration.sql).has_value());
        // What the rows need is in the file of today.
        const std::string copy = fmt::format(
            "CREATE TABLE schema_version (version BIGINT NOT NULL, PRIMARY KEY (version));"
            "INSERT INTO schema_version VALUES (1), (2), (3), (4);"
            "ATTACH '{}' AS today;"
            "INSERT INTO cursor SELECT * FROM today.cursor;"
            "INSERT INTO wallet_user SELECT * FROM today.wallet_user;"
            "INSERT INTO customer_order SELECT * FROM today.customer_order;"
            "INSERT INTO payment SELECT shard, payment_id, order_id, merchant_id, payer_id,"
            " payer_account_id, payee_account_id, minor, currency, request_id, created_at, status,"
            " ended_at, decline, refunded_minor FROM today.payment",
            options_in(directory_).path.string());
        ASSERT_TRUE(db->execute(copy).has_value()) << last_failure();
    }
    auto opened = SqliteTables::open(older);
    ASSERT_TRUE(opened.has_value()) << last_failure();
    EXPECT_EQ((*opened)->counts(), counts);
}

TEST_F(TablesLists, OrdersOfAMerchantNewestFirst) {
    for (const MerchantId merchant : world_.merchants) {
        const auto all = newest<acquiring::Order>(
            world_.state.acquiring.orders,
            [&](const auto& order) { return order.terms.merchant == merchant; });
        expect_pages(all, [&](Page page) { return tables_->orders(merchant, "", page); });
        if (all.empty()) continue;
        const auto one = tables_->orders(merchant, all.back().terms.out_trade_no, {});
        ASSERT_TRUE(one.has_value()) << last_failure();
        EXPECT_EQ(*one, std::vector{all.back()});
        EXPECT_TRUE(tables_->orders(merchant, "unheard of", {})->empty());
    }
    const auto all =
        newest<acquiring::Order>(world_.state.acquiring.orders, [](const auto&) { return true; });
    EXPECT_GT(all.size(), 100u);
    const auto first = tables_->orders({}, "", {.limit = 20});
    EXPECT_EQ(*first, std::vector(all.begin(), all.begin() + 20));
}

TEST_F(TablesLists, PaymentsOfAPayerOrAnOrder) {
    const auto& live = world_.state.switching.payments;
    for (const UserId user : world_.users) {
        const auto all = newest<switching::Payment>(
            live, [&](const auto& payment) { return payment.terms.payer == user; });
        expect_pages(all, [&](Page page) { return tables_->payments(user, {}, page); });
    }
    std::size_t most = 0;
    for (const OrderId order : world_.orders) {
        const auto all = newest<switching::Payment>(
            live, [&](const auto& payment) { return payment.terms.order == order; });
        most = std::max(most, all.size());
        expect_pages(all, [&](Page page) { return tables_->payments({}, order, page); });
        if (all.empty()) continue;
        const UserId payer = all.front().terms.payer;
        const auto mine = newest<switching::Payment>(live, [&](const auto& payment) {
            return payment.terms.order == order && payment.terms.payer == payer;
        });
        EXPECT_EQ(*tables_->payments(payer, order, {.limit = 200}), mine);
    }
    EXPECT_GT(most, 1u);  // Some order was declined once and paid later.
    const auto all = newest<switching::Payment>(live, [](const auto&) { return true; });
    EXPECT_EQ(*tables_->payments({}, {}, {.limit = 5}), std::vector(all.begin(), all.begin() + 5));
}

TEST_F(TablesLists, RefundsOfAnOrder) {
    std::size_t most = 0;
    for (const OrderId order : world_.orders) {
        const auto all = newest<acquiring::Refund>(
            world_.state.acquiring.refunds,
            [&](const auto& refund) { return refund.terms.order == order; });
        most = std::max(most, all.size());
        const auto found = tables_->refunds(order);
        ASSERT_TRUE(found.has_value()) << last_failure();
        EXPECT_EQ(*found, all);
    }
    EXPECT_GT(most, 1u);
}

TEST_F(TablesLists, FundingSourcesOfAUser) {
    for (const UserId user : world_.users) {
        auto all = newest<wallet::FundingSource>(
            world_.state.wallet.sources,
            [&](const auto& source) { return source.terms.user == user; });
        std::ranges::reverse(all);
        EXPECT_EQ(*tables_->funding_sources(user), all);
        EXPECT_FALSE(all.empty());
    }
}

// What a user's history should be, by id.
std::map<std::uint64_t, engine::HistoryItem> history_of(const engine::State& state, UserId user) {
    std::map<std::uint64_t, engine::HistoryItem> items;
    const auto put = [&](const auto& record, OrderId about) {
        const auto order = state.acquiring.orders.find(about, Error::order_not_found);
        const auto* merchant = state.acquiring.merchants.find((*order)->terms.merchant);
        items[record.id().value] = {record, merchant->state.name, (*order)->terms.description};
    };
    state.switching.payments.each([&](const switching::Payment& payment) {
        if (payment.terms.payer == user) put(payment, payment.terms.order);
    });
    state.acquiring.refunds.each([&](const acquiring::Refund& refund) {
        const auto payment =
            state.switching.payments.find(refund.terms.payment, Error::payment_not_found);
        if ((*payment)->terms.payer == user) put(refund, refund.terms.order);
    });
    state.wallet.top_ups.each([&](const wallet::TopUp& top_up) {
        if (top_up.terms.user != user) return;
        const auto source =
            state.wallet.sources.find(top_up.terms.source, Error::funding_source_not_found);
        items[top_up.id().value] = {top_up, "", (*source)->terms.bank_name};
    });
    return items;
}

TEST_F(TablesLists, HistoryMergesPaymentsRefundsAndTopUps) {
    std::size_t kinds = 0;
    for (const UserId user : world_.users) {
        const auto expected = history_of(world_.state, user);
        for (const std::uint32_t limit : {1u, 4u, 200u}) {
            auto next = expected.rbegin();
            Page page{.limit = limit};
            while (true) {
                const auto some = tables_->history(user, page);
                ASSERT_TRUE(some.has_value()) << last_failure();
                ASSERT_LE(some->size(), limit);
                for (const engine::HistoryItem& item : *some) {
                    ASSERT_NE(next, expected.rend());
                    EXPECT_EQ(item.what, next->second.what);
                    EXPECT_EQ(item.merchant_name, next->second.merchant_name);
                    EXPECT_EQ(item.description, next->second.description);
                    kinds |= std::size_t{1} << item.what.index();
                    page.before = next++->first;
                }
                if (some->empty()) break;
            }
            EXPECT_EQ(next, expected.rend());
        }
    }
    EXPECT_EQ(kinds, 7u);
}

// A user scans a code of another institution, shows one to its till, and gets something back.
TEST_F(TablesLists, PaymentsToOtherInstitutionsAndTheirReturns) {
    using switching::PaymentKind;
    const UserId user = world_.users.front();
    std::uint64_t last = newest<switching::Payment>(world_.state.switching.payments,
                                                    [](const auto&) { return true; })
                             .front()
                             .id()
                             .value;
    const auto add = [&](PaymentKind kind, const std::string& subject, PaymentId original) {
        last = ((last >> 22U) + 1) << 22U | std::uint64_t{user.shard().value} << 12U;
        const switching::Payment payment{
            .terms = {.id = {last},
                      .payer = user,
                      .minor = 1,
                      .request_id = subject,
                      .requester = {kind == PaymentKind::mpm ? user.value : 77},
                      .kind = kind,
                      .subject = subject,
                      .original = original},
            .state = {}
        };
        engine::Entry entry;
        entry.switching.payments.push_back(created(payment));
        world_.add(std::move(entry));
        store_all(*tables_, std::span(world_.entries).last(1), {1});
        return payment;
    };
    const auto scanned = add(PaymentKind::mpm, "Shop", {});
    const auto shown = add(PaymentKind::cpm, "Shoes", {});
    const auto back = add(PaymentKind::refund, "Too hot", scanned.id());
    EXPECT_EQ(tables_->returns(user, scanned.id()), std::vector{back});
    EXPECT_TRUE(tables_->returns(user, shown.id())->empty());
    EXPECT_TRUE(tables_->returns(world_.users.back(), scanned.id())->empty());

    const auto history = tables_->history(user, {.limit = 3});
    ASSERT_TRUE(history.has_value()) << last_failure();
    ASSERT_EQ(history->size(), 3u);
    const auto told = [&](std::size_t i) {
        return std::pair{(*history)[i].merchant_name, (*history)[i].description};
    };
    EXPECT_EQ(told(0), std::pair(std::string("Shop"), std::string("Too hot")));
    EXPECT_EQ(told(1), std::pair(std::string(), std::string("Shoes")));
    EXPECT_EQ(told(2), std::pair(std::string("Shop"), std::string()));
}

// All postings of an account, the newest first.
std::vector<engine::PostingRow> postings_of(const World& world, AccountId account) {
    std::vector<engine::PostingRow> rows;
    for (const engine::ReadEntry& entry : world.entries)
        for (const ledger::Posting& posting : entry.entry.ledger.postings)
            if (posting.debit == account || posting.credit == account)
                rows.push_back({entry.sequence, entry.now, posting});
    std::ranges::reverse(rows);
    return rows;
}

void expect_postings(SqliteTables& tables, const World& world, AccountId account,
                     std::uint32_t limit) {
    const auto expected = postings_of(world, account);
    Page page{.limit = limit};
    std::size_t next = 0;
    for (;;) {
        const auto some = tables.postings(account, page);
        ASSERT_TRUE(some.has_value()) << last_failure();
        if (some->empty()) break;
        for (const engine::PostingRow& row : *some) {
            ASSERT_LT(next, expected.size());
            EXPECT_EQ(row.sequence, expected[next].sequence);
            EXPECT_EQ(row.at, expected[next].at);
            EXPECT_EQ(row.posting, expected[next].posting);
            ++next;
        }
        page.before = some->back().sequence.value;
    }
    EXPECT_EQ(next, expected.size());
}

TEST_F(TablesLists, PostingsOfAnAccount) {
    // An entry with three postings, two of them on one account: no page may cut it.
    const auto* merchant = world_.state.acquiring.merchants.find(world_.merchants.front());
    engine::Entry entry;
    const auto a = merchant->terms.unsettled;
    const auto b = merchant->terms.available;
    entry.ledger.postings = {
        {a, b,                      1, cny},
        {b, a,                      2, cny},
        {b, merchant->terms.frozen, 3, cny}
    };
    world_.add(entry);
    store_all(*tables_, std::span(world_.entries).last(1), {1});
    std::vector<AccountId> accounts;
    world_.state.book.each([&](const auto& account) { accounts.push_back(account.id); });
    for (const AccountId account : accounts)
        for (const std::uint32_t limit : {1u, 5u, 200u})
            expect_postings(*tables_, world_, account, limit);
}

TEST_F(TablesLists, PostingsAcrossBlocks) {
    // Far apart in the journal: entries without postings between them would fill the blocks.
    const TempDir directory;
    World world(22);
    world.grow(50);
    const auto tables = std::move(*SqliteTables::open(options_in(directory)));
    store_all(*tables, world.entries, {50});
    const auto* merchant = world.state.acquiring.merchants.find(world.merchants.front());
    std::vector<engine::ReadEntry> empty(1 << 14);
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::uint64_t done = 0; done < posting_block_entries; done += empty.size()) {
            for (engine::ReadEntry& entry : empty)
                entry.sequence = {world.entries.size() + ++world.skipped};
            store_all(*tables, empty, {empty.size()});
        }
        engine::Entry entry;
        entry.ledger.postings = {
            {merchant->terms.unsettled, merchant->terms.available, 5, cny}
        };
        world.add(entry);
        store_all(*tables, std::span(world.entries).last(1), {1});
    }
    expect_postings(*tables, world, merchant->terms.unsettled, 1);
    expect_postings(*tables, world, merchant->terms.available, 200);
}

TEST_F(TablesLists, StatisticsByMinute) {
    std::map<std::int64_t, engine::MinuteStatistics> minutes;
    const auto at = [&](Instant t) -> engine::MinuteStatistics& {
        auto& minute = minutes[t.ms / 60'000 * 60'000];
        minute.minute = {t.ms / 60'000 * 60'000};
        return minute;
    };
    world_.state.switching.payments.each([&](const switching::Payment& payment) {
        if (payment.state.status == switching::PaymentStatus::declined)
            ++at(payment.state.ended_at).declined;
        if (payment.state.status != switching::PaymentStatus::completed) return;
        ++at(payment.state.ended_at).payments;
        at(payment.state.ended_at).paid_minor += payment.terms.minor;
    });
    world_.state.acquiring.refunds.each([&](const acquiring::Refund& refund) {
        if (refund.state.status == acquiring::RefundStatus::success)
            ++at(refund.state.ended_at).refunds;
    });
    const auto found = tables_->statistics({0}, {INT64_MAX});
    ASSERT_TRUE(found.has_value()) << last_failure();
    ASSERT_EQ(found->size(), minutes.size());
    auto next = minutes.begin();
    for (const engine::MinuteStatistics& minute : *found) {
        const engine::MinuteStatistics& expected = next++->second;
        EXPECT_EQ(minute.minute, expected.minute);
        EXPECT_EQ(minute.payments, expected.payments);
        EXPECT_EQ(minute.declined, expected.declined);
        EXPECT_EQ(minute.refunds, expected.refunds);
        EXPECT_EQ(minute.paid_minor, expected.paid_minor);
    }
    const Instant second = (*found)[1].minute;
    EXPECT_EQ(tables_->statistics(second, (*found)[3].minute)->size(), 2u);
}

TEST_F(TablesLists, DueOrdersAreTheOpenOnesInTheOrderOfTheirTime) {
    std::vector<std::pair<Instant, OrderId>> open;
    world_.state.acquiring.orders.each([&](const acquiring::Order& order) {
        if (order.state.status == acquiring::OrderStatus::open)
            open.emplace_back(order.terms.expires_at, order.id());
    });
    std::ranges::sort(open);
    ASSERT_GT(open.size(), 20u);
    EXPECT_EQ(*tables_->due_orders({INT64_MAX}, 100'000), open);
    EXPECT_EQ(*tables_->due_orders({INT64_MAX}, 7), std::vector(open.begin(), open.begin() + 7));
    const Instant due = open[10].first;
    const auto before =
        std::ranges::partition_point(open, [due](const auto& order) { return order.first < due; });
    EXPECT_EQ(*tables_->due_orders(due, 100'000), std::vector(open.begin(), before));
}

TEST_F(TablesLists, MayRunOnAnyThreadWhileTheWriterStores) {
    const std::size_t stored = world_.entries.size();
    for (int i = 0; i < 400; ++i) world_.step();
    std::atomic<bool> stop = false;
    std::atomic<int> failures = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                failures += !tables_->history(world_.users.front(), {});
                failures += !tables_->orders(world_.merchants.front(), "", {});
                failures += !tables_->due_orders({INT64_MAX}, 10);
            }
        });
    }
    threads.emplace_back([&] {
        while (!stop) failures += !tables_->fetch(Miss{RecordKind::order, 1, {}});
    });
    store_all(*tables_, std::span(world_.entries).subspan(stored), {5});
    stop = true;
    threads.clear();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(*tables_->digest(), world_.state.digest());
}

}  // namespace
}  // namespace huitong::store::sqlite
