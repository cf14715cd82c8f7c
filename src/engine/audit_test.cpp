// Forged journals: for each check of each named invariant one that breaks it, correctly chained.
// The finding appears under its name at its sequence, and nothing ends the process.
//
// No row: "debits differ from credits". Both totals grow by the same posting, so no journal can
// make them differ; the check watches the book itself.
#include "engine/audit.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <random>

#include "engine/codec.hpp"
#include "engine/testing/golden.hpp"

namespace huitong::engine {
namespace {

using acquiring::OrderStatus;
using acquiring::RefundStatus;
using ledger::AccountKind;
using switching::PaymentStatus;

constexpr AccountId bank{1}, purse{2}, till{3}, dollars{4}, nowhere{99};
constexpr OrderId paid_order{21}, open_order{22}, closed_order{23};
constexpr PaymentId payment{31};
constexpr RefundId refund{41};
constexpr std::int64_t most = INT64_MAX;

const Instant t0{1'790'000'000'000};
const Rules rules{
    .ledger = {.inbound_floor = -1'000'00, .wallet_ceiling = 500'00}
};

acquiring::Order order(OrderId id, acquiring::OrderState state = {}) {
    return {
        {.id = id, .merchant = {11}, .out_trade_no = std::to_string(id.value), .minor = 100'00},
        std::move(state)
    };
}
acquiring::OrderState paid(std::int64_t refunded = 0) {
    return {.status = OrderStatus::paid,
            .payment = payment,
            .payer = {12},
            .ended_at = t0,
            .refunded_minor = refunded};
}
switching::Payment pays(PaymentId id, OrderId what) {
    return {
        {.id = id,
         .order = what,
         .merchant = {11},
         .payer = {12},
         .payer_account = purse,
         .payee_account = till,
         .minor = 100'00,
         .request_id = std::to_string(id.value)}
    };
}
acquiring::Refund gives_back(RefundId id, std::int64_t minor) {
    return {
        {.id = id,
         .order = paid_order,
         .payment = payment,
         .merchant = {11},
         .out_refund_no = std::to_string(id.value),
         .minor = minor}
    };
}

// An entry, built up.
struct Forged : Entry {
    Forged& open(AccountId id, AccountKind kind, Currency currency = cny) {
        ledger.opened.push_back({id, 5, kind, currency});
        return *this;
    }
    Forged& post(AccountId debit, AccountId credit, std::int64_t minor, Currency currency = cny) {
        ledger.postings.push_back({debit, credit, minor, currency});
        return *this;
    }
    Forged& hold(AccountId account, std::int64_t minor) {
        ledger.holds.push_back({account, minor});
        return *this;
    }
    Forged& make(const acquiring::Order& record) {
        acquiring.orders.push_back(created(record));
        return *this;
    }
    Forged& change(OrderId id, acquiring::OrderState state) {
        acquiring.orders.push_back(changed<acquiring::Order>(id, std::move(state)));
        return *this;
    }
    Forged& make(const switching::Payment& record) {
        switching.payments.push_back(created(record));
        return *this;
    }
    Forged& change(PaymentId id, switching::PaymentState state) {
        switching.payments.push_back(changed<switching::Payment>(id, std::move(state)));
        return *this;
    }
    Forged& make(const acquiring::Refund& record) {
        acquiring.refunds.push_back(created(record));
        return *this;
    }
    Forged& change(RefundId id, acquiring::RefundState state) {
        acquiring.refunds.push_back(changed<acquiring::Refund>(id, std::move(state)));
        return *this;
    }
};

// A journal, correctly chained however it lies.
class Journal {
public:
    void add(const Entry& entry) { add_bytes(encode(entry)); }
    void add_bytes(const std::string& entry) { add_batch({next(), now, {entry}}, hash); }
    void add_batch(const Batch& batch, const ChainHash& previous) {
        batches.push_back(frame(batch, previous));
        hash = chain_hash(batches.back());
        last.value += batch.entries.size();
    }
    [[nodiscard]] Sequence next() const { return {last.value + 1}; }

    std::vector<std::string> batches;
    ChainHash hash{};
    Sequence last;
    Instant now = t0;
};

// One of everything: a paid order with a refund, an open one and a closed one.
Journal honest() {
    Journal journal;
    journal.add(Forged()
                    .open(bank, AccountKind::inbound_funds)
                    .open(purse, AccountKind::wallet)
                    .open(till, AccountKind::merchant_unsettled)
                    .open(dollars, AccountKind::merchant_unsettled, {840})
                    .post(bank, purse, 300'00));
    journal.add(Forged().make(order(paid_order)).make(order(open_order)).make(order(closed_order)));
    journal.add(Forged()
                    .change(closed_order, {.status = OrderStatus::closed, .ended_at = t0})
                    .change(paid_order, paid())
                    .make(pays(payment, paid_order))
                    .post(purse, till, 100'00));
    journal.add(Forged()
                    .make(gives_back(refund, 30'00))
                    .change(paid_order, paid(30'00))
                    .change(payment, {.refunded_minor = 30'00})
                    .post(till, purse, 30'00));
    return journal;
}

Auditor audit(const Journal& journal) {
    Auditor auditor(rules);
    for (const std::string& batch : journal.batches)
        if (!auditor.read(batch)) break;
    auditor.finish();
    return auditor;
}

void expect_found(const Auditor& auditor, Invariant invariant, Sequence sequence,
                  const std::string& what) {
    std::string all;
    for (const Finding& finding : auditor.findings()) {
        if (finding.invariant == invariant && finding.sequence == sequence &&
            finding.what.starts_with(what))
            return;
        all += std::string(name_of(finding.invariant)) + ": " + finding.what + "\n";
    }
    ADD_FAILURE() << "no finding: " << what << "; but\n" << all;
}

TEST(Audit, FindsNothingInAnHonestJournal) {
    const Auditor auditor = audit(honest());
    EXPECT_TRUE(auditor.clean()) << auditor.findings().front().what;
    EXPECT_EQ(auditor.last(), honest().last);
}

TEST(Audit, FindsEveryForgedEntry) {
    using enum Invariant;
    const struct {
        Invariant invariant;
        const char* what;
        Entry entry;
    } cases[] = {
        // Money.
        {balanced, "a posting moves no money", Forged().post(purse, till, 0)},
        {balanced, "a posting moves no money", Forged().post(purse, till, -5)},
        {balanced, "a posting moves no money", Forged().post(purse, purse, 5)},
        {balanced, "a posting moves no money", Forged().post(nowhere, till, 5)},
        {balanced, "a posting moves no money", Forged().post(purse, nowhere, 5)},
        {balanced, "a posting is not in the currency", Forged().post(purse, till, 5, {840})},
        {balanced, "a posting is not in the currency", Forged().post(purse, dollars, 5)},
        {balanced, "the balances of a currency do not sum", Forged().post(purse, dollars, 5)},
        {limits, "an account is outside", Forged().post(purse, till, 230'01)},
        {limits, "an account is outside", Forged().post(bank, purse, 270'01)},
        {limits, "an account is outside", Forged().post(bank, till, 700'01)},
        {limits, "an account is outside", Forged().hold(purse, 230'01)},
        {limits, "a hold is on no account", Forged().hold(nowhere, 5)},
        {limits, "a hold releases more", Forged().hold(purse, -1)},
        {limits, "a hold releases more", Forged().hold(purse, 5).hold(purse, most)},
        {limits, "a balance overflows", Forged().post(bank, till, most).post(purse, till, most)},
        {limits, "a balance overflows", Forged().post(purse, till, most)},
        {chained, "an account is opened twice", Forged().open(purse, AccountKind::wallet)},
        {chained, "an account is opened twice",
         Forged().open(nowhere, AccountKind::wallet).open(nowhere, AccountKind::wallet)},
        // Numbers that no program wrote.
        {chained, "the entry is not readable", Forged().open(nowhere, AccountKind{7})},
        {chained, "the entry is not readable", Forged().open(nowhere, AccountKind::wallet, {1})},
        {chained, "the entry is not readable", Forged().post(purse, till, 5, {1})},
        {chained, "the entry is not readable",
         Forged().change(open_order, {.status = OrderStatus{4}})},
        {chained, "the entry is not readable",
         Forged().change(payment, {.status = PaymentStatus{6}})},
        {chained, "the entry is not readable",
         Forged().change(refund, {.status = RefundStatus{4}})},
        // Records.
        {chained, "a record is changed that was never", Forged().change(OrderId{77}, {})},
        {chained, "a record is made twice", Forged().make(order(open_order))},
        {chained, "an entry says two things",
         Forged().change(open_order, {}).change(open_order, {})},
        {one_end, "a caller's key leads to two", Forged().make([] {
             acquiring::Order twin = order(OrderId{77});
             twin.terms.out_trade_no = order(open_order).terms.out_trade_no;
             return twin;
         }())},
        // Orders, payments, refunds.
        {one_end, "an order's state follows no rule", Forged().change(paid_order, {})},
        {one_end, "an order's state follows no rule", Forged().change(closed_order, {})},
        {paid_once, "an order is paid by no payment", Forged().change(open_order, paid())},
        {paid_once, "an order is paid by no payment", Forged().make(order(OrderId{77}, paid()))},
        {paid_once, "an order is paid twice",
         Forged()
             .change(paid_order,
         {.status = OrderStatus::paid, .payment = {32}, .refunded_minor = 30'00})
             .make(pays({32}, paid_order))
             .post(purse, till, 100'00)},
        {paid_once, "a payment completed without", Forged().make(pays({32}, open_order))},
        {paid_once, "a payment completed without",
         Forged().make(pays({32}, open_order)).post(purse, till, 100'00)},
        {paid_once, "a payment completed without",
         Forged()
             .make(pays({32}, open_order))
             .change(open_order, {.status = OrderStatus::paid, .payment = {32}})
             .post(purse, till, 99'99)},
        {paid_once, "an order's refunds exceed", Forged().change(paid_order, paid(100'01))},
        {paid_once, "an order's refunds exceed", Forged().change(paid_order, paid(-1))},
        {paid_once, "an order's refunded amount", Forged().change(paid_order, paid(31'00))},
        {paid_once, "a payment's refunds exceed",
         Forged().change(payment, {.refunded_minor = 100'01})},
        {paid_once, "a refund succeeded without", Forged().make(gives_back({42}, 10'00))},
        {paid_once, "a refund succeeded without",
         Forged()
             .make(gives_back({42}, 10'00))
             .change(paid_order, paid(40'00))
             .post(till, purse, 9'99)},
        {one_end, "a payment's end changed",
         Forged().change(payment, {.status = PaymentStatus::declined})},
        {one_end, "a refund's end changed",
         Forged().change(refund, {.status = RefundStatus::closed})},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Journal journal = honest();
        const Sequence forged = journal.next();
        journal.add(c.entry);
        expect_found(audit(journal), c.invariant, forged, c.what);
    }
}

// A field of a record's terms, against the id of its image: only bytes can lie so.
TEST(Audit, FindsARecordWithTwoIds) {
    Forged entry;
    entry.make(order(OrderId{77}));
    entry.acquiring.orders.front().id = OrderId{78};
    Journal journal = honest();
    journal.add(entry);
    expect_found(audit(journal), Invariant::chained, journal.last, "a record has two ids");
}

TEST(Audit, FindsEveryBrokenChain) {
    const std::string entry = encode(Forged().post(purse, till, 1));
    const ChainHash wrong{1, 2, 3};
    const struct {
        const char* what;
        std::function<void(Journal&)> forge;
    } cases[] = {
        {"the batch is not readable",            [](Journal& j) { j.batches.emplace_back("no batch"); }},
        {"the entry is not readable",            [](Journal& j) { j.add_bytes("no entry"); }           },
        {"the hash of the batch before differs",
         [&](Journal& j) { j.add_batch({j.next(), j.now, {entry}}, wrong); }                           },
        {"a sequence is missing",
         [&](Journal& j) { j.add_batch({{j.next().value + 1}, j.now, {entry}}, j.hash); }              },
        {"a sequence is missing",
         [&](Journal& j) { j.add_batch({j.last, j.now, {entry}}, j.hash); }                            },
        {"a sequence is missing",
         [&](Journal& j) { j.add_batch({{UINT64_MAX}, j.now, {entry}}, j.hash); }                      },
        {"time goes back",
         [&](Journal& j) { j.add_batch({j.next(), j.now - milliseconds(1), {entry}}, j.hash); }        },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        Journal journal = honest();
        const Sequence forged = journal.next();
        c.forge(journal);
        expect_found(audit(journal), Invariant::chained, forged, c.what);
    }
}

TEST(Audit, FindsSegmentsAndTablesThatSayOtherwise) {
    const Journal journal = honest();
    const Auditor clean = audit(journal);
    const Hash128 digest = clean.state().digest();
    std::string digest_bytes(sizeof digest, '\0');
    std::memcpy(digest_bytes.data(), &digest, sizeof digest);
    const Checkpoint true_head{digest_bytes, encode_totals(clean.state().book.totals())};
    const auto check = [&](Sequence first, const ChainHash& previous, const Checkpoint& before) {
        Auditor auditor = audit(journal);
        auditor.check_head(first, previous, before);
        return auditor;
    };
    using enum Invariant;
    EXPECT_TRUE(check(journal.next(), journal.hash, true_head).clean());
    expect_found(check({2}, journal.hash, true_head), chained, journal.last,
                 "a segment begins elsewhere");
    expect_found(check(journal.next(), {}, true_head), chained, journal.last,
                 "a segment's previous hash differs");
    for (const std::string& other : {std::string(16, 'x'), std::string("short")})
        expect_found(check(journal.next(), journal.hash, {other, true_head.totals}), one_state,
                     journal.last, "a segment's state digest differs");
    for (const std::string& other : {std::string(), std::string("no totals")})
        expect_found(check(journal.next(), journal.hash, {digest_bytes, other}), one_state,
                     journal.last, "a segment's totals differ");

    Auditor tables = audit(journal);
    tables.check_tables(digest);
    EXPECT_TRUE(tables.clean());
    tables.check_tables(digest + Hash128{0, 1});
    expect_found(tables, one_state, journal.last, "the tables' digest differs");
}

// Bytes of the golden journal's entries changed at random, its chain made anew: a finding or not,
// but never the end of the process.
TEST(Audit, OutlivesAnyChangeOfTheGoldenJournal) {
    const auto golden =
        testing::read_golden(HUITONG_SOURCE_DIR "/src/engine/testdata/golden-journal-1.bin");
    ASSERT_FALSE(golden.empty());
    std::vector<std::string> entries;
    for (const std::string& bytes : golden) {
        const auto framed = unframe(bytes);
        ASSERT_TRUE(framed);
        entries.insert(entries.end(), framed->batch.entries.begin(), framed->batch.entries.end());
    }
    std::mt19937_64 random(1);
    int found = 0;
    for (int round = 0; round < 20'000; ++round) {
        auto forged = entries;
        for (std::uint64_t n = 1 + random() % 3; n > 0; --n) {
            std::string& entry = forged[random() % forged.size()];
            if (random() % 8 == 0) entry = entries[random() % entries.size()];
            entry[random() % entry.size()] = static_cast<char>(random());
        }
        Journal journal;
        for (const std::string& entry : forged) journal.add_bytes(entry);
        found += audit(journal).clean() ? 0 : 1;
    }
    EXPECT_GT(found, 1'000);
}

}  // namespace
}  // namespace huitong::engine
