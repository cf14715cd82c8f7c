#include "store/sqlite/tables/tables.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/tables/schema.hpp"
#include "store/sqlite/tables/tables_test_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using engine::AnyRecord;
using engine::ReadEntry;
using testing::filled;
using testing::options_in;
using testing::store_all;
using testing::TempDir;
using testing::World;

std::unique_ptr<SqliteTables> open_in(const TempDir& directory) {
    auto tables = SqliteTables::open(options_in(directory));
    EXPECT_TRUE(tables.has_value()) << last_failure();
    return std::move(*tables);
}

// The fetched record, by id and by key.
template <class Record>
void expect_fetched(SqliteTables& tables, const Record& record) {
    const auto by_id = tables.fetch(Miss{Record::kind, record.id().value, {}});
    ASSERT_TRUE(by_id.has_value()) << last_failure();
    EXPECT_EQ(*by_id, AnyRecord(record));
    const auto by_key = tables.fetch(Miss{Record::kind, 0, record.key()});
    ASSERT_TRUE(by_key.has_value()) << last_failure();
    EXPECT_EQ(*by_key, AnyRecord(record));
    NaturalKey other = record.key();
    other.text += "x";
    EXPECT_EQ(tables.fetch(Miss{Record::kind, 0, other}).value(), AnyRecord());
    EXPECT_EQ(tables.fetch(Miss{Record::kind, record.id().value + 1, {}}).value(), AnyRecord());
}

// Moves the ids of a filled record into the shards in which the heart puts them.
std::uint64_t beside(std::uint64_t id, std::uint64_t shard_of) {
    return (id & ~(std::uint64_t{1023} << 12)) | (shard_of & (std::uint64_t{1023} << 12));
}

TEST(Tables, GiveBackEveryFieldOfEveryRecord) {
    const TempDir directory;
    const auto tables = open_in(directory);
    const auto user = filled<wallet::User>(1);
    auto source = filled<wallet::FundingSource>(2);
    source.terms.id = {beside(source.id().value, source.terms.user.value)};
    auto top_up = filled<wallet::TopUp>(3);
    top_up.terms.id = {beside(top_up.id().value, top_up.terms.user.value)};
    auto order = filled<acquiring::Order>(4);
    order.terms.id = {beside(order.id().value, order.terms.merchant.value)};
    auto payment = filled<switching::Payment>(5);
    payment.terms.id = {beside(payment.id().value, payment.terms.requester.value)};
    auto refund = filled<acquiring::Refund>(6);
    refund.terms.id = {beside(refund.id().value, refund.terms.merchant.value)};
    refund.terms.order = order.id();
    const auto code = filled<wallet::PayerCode>(7);
    ReadEntry all{{1}, {7}, {}};
    all.entry.wallet.payer_codes.push_back(created(code));
    all.entry.wallet.users.push_back(created(user));
    all.entry.wallet.sources.push_back(created(source));
    all.entry.wallet.top_ups.push_back(created(top_up));
    all.entry.acquiring.orders.push_back(created(order));
    all.entry.acquiring.refunds.push_back(created(refund));
    all.entry.switching.payments.push_back(created(payment));
    ASSERT_TRUE(tables->store({&all, 1}).has_value()) << last_failure();

    expect_fetched(*tables, user);
    expect_fetched(*tables, source);
    expect_fetched(*tables, top_up);
    expect_fetched(*tables, order);
    expect_fetched(*tables, payment);
    expect_fetched(*tables, refund);
    expect_fetched(*tables, code);
}

TEST(Tables, GiveBackEveryFieldOfTheRegistries) {
    const TempDir directory;
    const auto tables = open_in(directory);
    const auto participant = filled<switching::Participant>(1);
    const auto who = filled<switching::Operator>(2);
    const auto merchant = filled<acquiring::Merchant>(3);
    const auto merchant_key = filled<acquiring::MerchantKey>(4);
    const auto platform_key = filled<acquiring::PlatformKey>(5);
    const auto key = filled<switching::ParticipantKey>(6);
    const auto position = filled<switching::Position>(7);
    const auto rule = filled<switching::CodeRule>(8);
    const auto opening = filled<switching::Opening>(9);
    ReadEntry all{{1}, {7}, {}};
    all.entry.switching.participants.push_back(created(participant));
    all.entry.switching.operators.push_back(created(who));
    all.entry.switching.participant_keys.push_back(created(key));
    all.entry.switching.positions.push_back(created(position));
    all.entry.switching.code_rules.push_back(created(rule));
    all.entry.switching.openings.push_back(created(opening));
    all.entry.acquiring.merchants.push_back(created(merchant));
    all.entry.acquiring.merchant_keys.push_back(created(merchant_key));
    all.entry.acquiring.platform_keys.push_back(created(platform_key));
    ASSERT_TRUE(tables->store({&all, 1}).has_value()) << last_failure();

    engine::State state({1, 2});
    ASSERT_TRUE(tables->load(state).has_value()) << last_failure();
    const auto expect = [](const auto& registry, const auto& record) {
        ASSERT_NE(registry.find(record.id()), nullptr);
        EXPECT_EQ(*registry.find(record.id()), record);
        EXPECT_EQ(registry.find(record.key()), registry.find(record.id()));
    };
    expect(state.switching.participants, participant);
    expect(state.switching.operators, who);
    expect(state.switching.participant_keys, key);
    expect(state.switching.positions, position);
    expect(state.switching.code_rules, rule);
    expect(state.switching.openings, opening);
    expect(state.acquiring.merchants, merchant);
    expect(state.acquiring.merchant_keys, merchant_key);
    expect(state.acquiring.platform_keys, platform_key);
}

// The live state, the tables' rows, their running digest and the state loaded from them agree.
void expect_equal(SqliteTables& tables, const World& world) {
    const auto digest = tables.digest();
    ASSERT_TRUE(digest.has_value()) << last_failure();
    EXPECT_EQ(*digest, world.state.digest());
    engine::State loaded({1, 2});
    ASSERT_TRUE(tables.load(loaded).has_value()) << last_failure();
    EXPECT_EQ(loaded.records_digest, world.state.records_digest);
    EXPECT_EQ(loaded.book.digest(), world.state.book.digest());
    EXPECT_EQ(loaded.book.size(), world.state.book.size());
    EXPECT_EQ(loaded.book.totals(), world.state.book.totals());
    const auto cursor = tables.cursor();
    ASSERT_TRUE(cursor.has_value()) << last_failure();
    EXPECT_EQ(cursor->last, world.entries.back().sequence);
    EXPECT_EQ(cursor->now, world.entries.back().now);
}

TEST(Tables, HoldTheSameRowsHoweverTheEntriesAreChunked) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        SCOPED_TRACE(seed);
        World world(seed);
        world.grow(600);
        const TempDir one_by_one;
        const auto reference = open_in(one_by_one);
        store_all(*reference, world.entries, {1});
        expect_equal(*reference, world);
        const std::string rows = testing::dump(one_by_one.path() / "tables.db");
        EXPECT_GT(rows.size(), 100'000u);

        std::vector<std::size_t> random;
        for (int i = 0; i < 50; ++i) random.push_back(1 + world.below(40));
        for (const auto& chunks : {std::vector<std::size_t>{600}, {7}, random}) {
            const TempDir directory;
            const auto tables = open_in(directory);
            store_all(*tables, world.entries, chunks);
            expect_equal(*tables, world);
            EXPECT_EQ(testing::dump(directory.path() / "tables.db"), rows);
        }
    }
}

TEST(Tables, KeepEverythingAcrossAReopening) {
    World world(4);
    world.grow(200);
    const TempDir directory;
    store_all(*open_in(directory), world.entries, {64});
    const auto tables = open_in(directory);
    expect_equal(*tables, world);
    for (int i = 0; i < 50; ++i) world.step();
    store_all(*tables, std::span(world.entries).subspan(tables->cursor()->last.value), {3});
    expect_equal(*tables, world);
}

TEST(Tables, RefuseWhatDoesNotFollowTheCursor) {
    World world(5);
    world.grow(20);
    const auto& all = world.entries;
    struct Case {
        const char* name;
        std::vector<ReadEntry> entries;
    };
    const Case cases[] = {
        {"a repeat",            {all[4]}                },
        {"a gap before",        {all[6]}                },
        {"a gap within",        {all[5], all[7]}        },
        {"a repeat within",     {all[5], all[5]}        },
        {"backwards",           {all[6], all[5]}        },
        {"the same span again", {all[3], all[4], all[5]}},
    };
    const TempDir directory;
    const auto tables = open_in(directory);
    store_all(*tables, std::span(all).first(5), {5});
    const std::string before = testing::dump(directory.path() / "tables.db");
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(tables->store(c.entries), refuse(Error::store_failed));
        EXPECT_NE(last_failure().find("stand at entry"), std::string::npos) << last_failure();
        EXPECT_EQ(testing::dump(directory.path() / "tables.db"), before);
    }
    EXPECT_TRUE(tables->store({}).has_value());
    store_all(*tables, std::span(all).subspan(5), {4});
    expect_equal(*tables, world);
}

TEST(Tables, StoreASpanWholeOrNotAtAll) {
    World world(6);
    world.grow(40);
    const TempDir directory;
    const auto tables = open_in(directory);
    store_all(*tables, std::span(world.entries).first(20), {20});
    const std::string before = testing::dump(directory.path() / "tables.db");

    std::vector<ReadEntry> broken(world.entries.begin() + 20, world.entries.end());
    broken.back().entry = {};
    broken.back().entry.ledger.postings.push_back({{1}, {2}, 3, cny});
    EXPECT_EQ(tables->store(broken), refuse(Error::store_failed));
    EXPECT_NE(last_failure().find("account"), std::string::npos) << last_failure();
    EXPECT_EQ(testing::dump(directory.path() / "tables.db"), before);
    broken.back().entry = {};
    broken.back().entry.acquiring.orders.push_back(changed<acquiring::Order>({9}, {}));
    EXPECT_EQ(tables->store(broken), refuse(Error::store_failed));
    EXPECT_NE(last_failure().find("customer_order"), std::string::npos) << last_failure();
    EXPECT_EQ(testing::dump(directory.path() / "tables.db"), before);

    store_all(*tables, std::span(world.entries).subspan(20), {20});
    expect_equal(*tables, world);
}

bool stays_in_memory(const switching::Payment& payment) {
    return payment.unfinished();
}
bool stays_in_memory(const auto&) {
    return false;
}

TEST(Tables, KnowEveryNaturalKeyAfterALoad) {
    World world(7);
    world.grow(300);
    const TempDir directory;
    const auto tables = open_in(directory);
    store_all(*tables, world.entries, {100});
    engine::State loaded({1, 2});
    ASSERT_TRUE(tables->load(loaded).has_value()) << last_failure();
    // A key in force is a miss: it must be asked of the tables, which then have it.
    const auto expect = [&](const auto& live, const auto& shelf) {
        std::size_t seen = 0;
        live.each([&](const auto& record) {
            ++seen;
            EXPECT_EQ(shelf.find(record.key()).has_value(), stays_in_memory(record));
            EXPECT_EQ(tables->fetch(Miss{record.kind, 0, record.key()}).value(), AnyRecord(record));
            EXPECT_EQ(tables->fetch(Miss{record.kind, record.id().value, {}}).value(),
                      AnyRecord(record));
        });
        EXPECT_GT(seen, 0u);
    };
    expect(world.state.wallet.users, loaded.wallet.users);
    expect(world.state.wallet.sources, loaded.wallet.sources);
    expect(world.state.wallet.top_ups, loaded.wallet.top_ups);
    expect(world.state.acquiring.orders, loaded.acquiring.orders);
    expect(world.state.acquiring.refunds, loaded.acquiring.refunds);
    expect(world.state.switching.payments, loaded.switching.payments);
}

TEST(Tables, BelongToOneStoreAndGeneration) {
    World world(8);
    world.grow(30);
    const TempDir directory;
    store_all(*open_in(directory), world.entries, {30});
    TablesOptions other = options_in(directory);
    other.store_id = std::string(32, 'b');
    EXPECT_EQ(SqliteTables::open(other).error(), Error::store_mismatch);
    EXPECT_EQ(SqliteTables::adopt(other), refuse(Error::store_mismatch));

    TablesOptions restored = options_in(directory);
    restored.generation = 3;
    EXPECT_EQ(SqliteTables::open(restored).error(), Error::store_mismatch);
    EXPECT_NE(last_failure().find("generation 1"), std::string::npos) << last_failure();
    EXPECT_TRUE(SqliteTables::adopt(restored).has_value()) << last_failure();
    EXPECT_EQ(SqliteTables::adopt(options_in(directory)), refuse(Error::store_mismatch));
    EXPECT_EQ(SqliteTables::open(options_in(directory)).error(), Error::store_mismatch);
    expect_equal(**SqliteTables::open(restored), world);
}

TEST(Tables, StartAgainFromNothingWhenRebuilt) {
    World world(9);
    world.grow(30);
    const TempDir directory;
    store_all(*open_in(directory), world.entries, {30});
    TablesOptions other = options_in(directory);
    other.store_id = std::string(32, 'b');
    const auto tables = SqliteTables::rebuild(other);
    ASSERT_TRUE(tables.has_value()) << last_failure();
    EXPECT_EQ((*tables)->cursor()->last, Sequence{0});
    store_all(**tables, world.entries, {11});
    expect_equal(**tables, world);
}

TEST(Tables, MayBeLookedAtBesideTheirOwner) {
    World world(10);
    world.grow(30);
    const TempDir directory;
    TablesOptions reading = options_in(directory);
    reading.read_only = true;
    EXPECT_EQ(SqliteTables::open(reading).error(), Error::store_failed);  // There is nothing yet.
    const auto owner = open_in(directory);
    store_all(*owner, std::span(world.entries).first(10), {10});
    const auto tables = SqliteTables::open(reading);
    ASSERT_TRUE(tables.has_value()) << last_failure();
    EXPECT_EQ((*tables)->cursor()->last, Sequence{10});
    EXPECT_EQ((*tables)->store({&world.entries[10], 1}), refuse(Error::store_failed));
    store_all(*owner, std::span(world.entries).subspan(10), {10});
    expect_equal(**tables, world);
}

TEST(Schema, HasAColumnForEveryFieldAndNoOther) {
    const TempDir directory;
    open_in(directory);
    auto db = Database::open(directory.path() / "tables.db", {.read_only = true});
    ASSERT_TRUE(db.has_value());
    const auto expect = [&]<class Record>(std::type_identity<Record>) {
        std::vector<std::string> fields{"shard"};
        const RecordSql<Record> sql;
        fields.insert(fields.end(), sql.terms.begin(), sql.terms.end());
        fields.insert(fields.end(), sql.state.begin(), sql.state.end());
        std::vector<std::string> columns;
        auto info = db->prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid");
        Rows rows = info->query(std::string_view(table_of<Record>.name));
        while (*rows.next()) columns.emplace_back(rows.text(0));
        // Fields that came later stand at the end of the table, in whatever part of the record.
        std::ranges::sort(columns);
        std::ranges::sort(fields);
        EXPECT_EQ(columns, fields);
    };
    expect(std::type_identity<wallet::User>{});
    expect(std::type_identity<wallet::FundingSource>{});
    expect(std::type_identity<wallet::PayerCode>{});
    expect(std::type_identity<switching::ParticipantKey>{});
    expect(std::type_identity<switching::Position>{});
    expect(std::type_identity<switching::CodeRule>{});
    expect(std::type_identity<switching::Opening>{});
    expect(std::type_identity<wallet::TopUp>{});
    expect(std::type_identity<acquiring::Order>{});
    expect(std::type_identity<acquiring::Refund>{});
    expect(std::type_identity<acquiring::Merchant>{});
    expect(std::type_identity<acquiring::MerchantKey>{});
    expect(std::type_identity<acquiring::PlatformKey>{});
    expect(std::type_identity<switching::Participant>{});
    expect(std::type_identity<switching::Operator>{});
    expect(std::type_identity<switching::Payment>{});
}

TEST(Schema, GrowsFromAnyEarlierVersion) {
    for (std::size_t known = 0; known <= migrations().size(); ++known) {
        SCOPED_TRACE(known);
        const TempDir directory;
        {
            auto db = Database::open(directory.path() / "tables.db", {});
            ASSERT_TRUE(
                db->execute("CREATE TABLE schema_version (version BIGINT NOT NULL,"
                            " PRIMARY KEY (version)) WITHOUT ROWID"));
            for (const Migration& migration : migrations().first(known)) {
                ASSERT_TRUE(db->execute(migration.sql));
                ASSERT_TRUE(db->execute(
                    fmt::format("INSERT INTO schema_version VALUES ({})", migration.version)));
            }
        }
        World world(11);
        world.grow(60);
        const auto tables = open_in(directory);
        store_all(*tables, world.entries, {60});
        expect_equal(*tables, world);
    }
}

TEST(Schema, RefusesAVersionItDoesNotKnow) {
    const TempDir directory;
    open_in(directory);
    {
        auto db = Database::open(directory.path() / "tables.db", {});
        ASSERT_TRUE(db->execute("INSERT INTO schema_version VALUES (1000)"));
    }
    EXPECT_EQ(SqliteTables::open(options_in(directory)).error(), Error::store_format_unknown);
}

}  // namespace
}  // namespace huitong::store::sqlite
