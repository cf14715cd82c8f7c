// The platform against a naive model of it: the same random commands to both, the same answers, the
// same balances, while records are evicted and fetched, batches are lost and the process restarts.
//
// HUITONG_MODEL_STEPS and HUITONG_MODEL_SEED choose another run; a failure prints its seed.
#include <cstdlib>
#include <deque>
#include <gtest/gtest.h>

#include "engine/audit.hpp"
#include "engine/codec.hpp"
#include "engine/partition.hpp"
#include "engine/testing/answer_line.hpp"
#include "engine/testing/command_generator.hpp"
#include "engine/testing/memory_store.hpp"
#include "engine/testing/model_rules.hpp"
#include "engine/testing/naive_model.hpp"

namespace huitong::engine::testing {
namespace {

HeartOptions tiny_memory(const NaiveModel::Rules& model) {
    return {.rules = rules_of(model),
            .orders_in_memory = 12,
            .payments_in_memory = 10,
            .others_in_memory = 6};
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The reasons that no decision gives, and who gives them instead.
bool cannot_occur(Error error) {
    using enum Error;
    const auto within = [error](Error first, Error last) {
        return error >= first && error <= last;
    };
    // The doors, of a message, its signature, MAC, session and clock, before there is a command.
    if (error == not_permitted) return true;
    if (within(body_malformed, nonce_reused) && error != serial_unknown) return true;
    if (error == mchid_mismatch || error == platform_certificates_unused) return true;
    // The operator door reads keys before they become a command, and knows notices itself.
    if (error == key_invalid || within(notice_not_found, notice_address_missing)) return true;
    // This model has hosted institutions only: no payment is reserved, so no order is locked; and
    // it has no tills. switching/linked_test.cpp, till_test.cpp and the simulation have the others.
    if (error == order_locked || error == amount_mismatch) return true;
    if (within(order_reversal_only, order_not_reversible)) return true;
    if (within(payer_code_unknown, state_conflict)) return true;
    // The world: key files, the queue, the store, the network.
    if (within(decryption_failed, key_file_exists)) return true;
    return within(overloaded, tls_config_invalid) && error != outcome_unknown;
}

// The heart's work, one step at a time on one thread: what waits for a record is kept in order, as
// the fetch thread would, and every pause between two steps is a chance for something to happen.
class Life {
public:
    explicit Life(std::uint64_t seed)
        : model_(std::make_unique<NaiveModel>()),
          make_(seed, *model_),
          options_(tiny_memory(model_->rules)) {
        restart();
        open_institution();
    }

    void run(std::size_t steps) {
        for (std::size_t i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
            pass_time();
            submit(make_.next(clock_));
            if (make_.one_in(3)) deliver_one();
            if (make_.one_in(6)) end_batch();
            if (make_.one_in(20)) fire_timers();
            if (make_.one_in(12)) store_some(make_.below(40));
            if (make_.one_in(3)) evict();
            if (make_.one_in(1500)) settle_and_restart();
            if (i % 500 == 499) check_balances();
        }
    }
    // Everything written down and stored: the end state in all its forms is one.
    void finish() {
        settle();
        store_some(SIZE_MAX);
        check_balances();
        check_records();
        check_digests();
        check_audit();
        EXPECT_GT(misses_, 0U);
        EXPECT_GT(lost_, 0U);
    }
    // A run that never met a rule proves nothing about it: every enumerator is met as a refusal or
    // as a decline, or is one that no decision here can give.
    void expect_every_refusal() const {
        for (int i = 0; i < static_cast<int>(Error::count_); ++i) {
            const ErrorRow& row = describe(static_cast<Error>(i));
            const bool met = refusals_.contains(std::string(row.name));
            EXPECT_EQ(met, !cannot_occur(row.error)) << row.name;
        }
    }
    // What the order of events can do to a payment: each is met, with records evicted between.
    void expect_every_encounter() const {
        for (const char* what :
             {"another payer was first", "a close was first", "a payment was first",
              "a refund was first", "a repeat found its record evicted", "an order expired",
              "a password was locked", "a code was renewed"})
            EXPECT_TRUE(encounters_.contains(what)) << what;
    }
    void print() const {
        for (const auto& [name, count] : refusals_) std::printf("%s %zu, ", name.c_str(), count);
        for (const auto& [what, count] : encounters_) std::printf("%s %zu, ", what.c_str(), count);
        const auto rows = journal_.rows();
        std::printf(
            "%zu orders, %zu payments, %zu refunds, %zu batches, %zu misses, %zu deferred, "
            "%zu batches lost, %zu restarts\n",
            model_->orders.size(), model_->payments.size(), model_->refunds.size(), rows.size(),
            misses_, deferred_count_, lost_, restarts_);
    }

private:
    struct Waiting {
        RequestPtr request;
        Expected expected;
        std::vector<Miss> brought;
    };
    struct Fetching {
        Waiting waiting;
        Miss miss;
        Sequence asked_at;
        AnyRecord found;  // as the tables had it when it was asked for
    };

    void pass_time() {
        const std::uint64_t dice = make_.below(1000);
        const auto ms = [this](std::int64_t n) {
            return static_cast<std::int64_t>(make_.below(static_cast<std::uint64_t>(n)));
        };
        if (dice < 500) clock_.ms += ms(2'000);
        if (dice < 5) clock_.ms += ms(NaiveModel::hour);
        if (dice == 5) clock_.ms += ms(NaiveModel::day);
        if (dice == 6) clock_.ms -= ms(10 * NaiveModel::minute);  // Clocks are set back, too.
    }

    void submit(Step step) {
        auto request = std::make_unique<Request>();
        request->command = std::move(step.command);
        attempt({std::move(request), std::move(step.expected), {}});
        while (!deferred_.empty()) make_room();
    }

    void attempt(Waiting waiting) {
        switch (partition_->decide(*waiting.request, clock_, !waiting.brought.empty())) {
            case Partition::Outcome::deferred:
                ++deferred_count_;
                deferred_.push_back(std::move(waiting));
                return;
            case Partition::Outcome::missed: {
                ++misses_;
                ASSERT_LT(waiting.brought.size(), options_.rounds_max);
                const Miss miss = partition_->miss();
                auto found = tables_.fetch(miss);
                ASSERT_TRUE(found);
                fetching_.push_back(
                    {std::move(waiting), miss, partition_->last(), *std::move(found)});
                return;
            }
            case Partition::Outcome::answered:
                break;
        }
        ++answered_;
        const std::string want =
            waiting.expected(*model_, waiting.request->command, partition_->now().ms);
        ASSERT_EQ(line(waiting.request->answer), want)
            << "answer " << answered_ << ", command " << waiting.request->command.index();
        note(*waiting.request, want, !waiting.brought.empty());
        partition_->release(waiting.brought);
        partition_->keep(std::move(waiting.request));
    }

    void note(const Request& request, const std::string& want, bool evicted) {
        if (want.starts_with("no: ")) ++refusals_[want.substr(4)];
        const auto decline = want.find("decline '");
        if (decline != std::string::npos) {
            const auto begin = decline + 9;
            const std::string why = want.substr(begin, want.find('\'', begin) - begin);
            if (!why.empty()) ++refusals_[why];
        }
        const bool fresh = partition_->last() != last_seen_;
        last_seen_ = partition_->last();
        const auto met = [this](bool it, const char* what) {
            if (it) ++encounters_[what];
        };
        const Command& command = request.command;
        if (const auto* pay = std::get_if<switching::PayOrder>(&command)) {
            const auto order = model_->orders.find(pay->order.value);
            const bool known = order != model_->orders.end();
            met(want == "no: order_paid" && known && order->second.payer != pay->session.user.value,
                "another payer was first");
            met(want == "no: order_closed", "a close was first");
        }
        const bool closes = std::holds_alternative<acquiring::CloseOrder>(command);
        const bool expires = std::holds_alternative<acquiring::ExpireOrder>(command);
        met(closes && want == "no: order_paid", "a payment was first");
        met(want == "no: refund_exceeds_payment", "a refund was first");
        met(expires && fresh, "an order expired");
        met(want.ends_with("_locked"), "a password was locked");
        const auto again = [&]<class... Kinds>(std::type_identity<Kinds>...) {
            return (std::holds_alternative<Kinds>(command) || ...);
        };
        const bool keyed = again(std::type_identity<switching::PayOrder>{},
                                 std::type_identity<wallet::DrawTopUp>{},
                                 std::type_identity<acquiring::CreateRefund>{});
        met(keyed && request.answer && !fresh && evicted, "a repeat found its record evicted");
        const bool order = std::holds_alternative<acquiring::CreateOrder>(command);
        const auto* answer = request.answer ? std::get_if<OrderAnswer>(&*request.answer) : nullptr;
        met(order && fresh && answer != nullptr &&
                answer->order.terms.created_at < partition_->now(),
            "a code was renewed");
    }

    void deliver_one() {
        if (fetching_.empty()) return;
        Fetching fetch = std::move(fetching_.front());
        fetching_.pop_front();
        partition_->install(fetch.miss, std::move(fetch.found));
        fetch.waiting.brought.push_back(fetch.miss);
        attempt(std::move(fetch.waiting));
    }

    // Lets everything under way end; commands that find memory full come back into deferred_.
    void settle() {
        while (!fetching_.empty() && !::testing::Test::HasFailure()) deliver_one();
        end_batch();
    }
    void make_room() {
        auto waiting = std::exchange(deferred_, {});
        settle();
        if (doomed_now_) return;  // They went with the batch.
        store_some(SIZE_MAX);
        evict();
        for (Waiting& one : waiting) attempt(std::move(one));
        ASSERT_LE(deferred_.size(), waiting.size());
    }

    void end_batch() {
        doomed_now_ = false;
        if (partition_->forming_size() == 0) return;
        const bool entries = partition_->has_entries();
        const PendingBatch batch = partition_->take_batch();
        if (!entries) return;
        if (!saved_) {
            ASSERT_EQ(journal_.append(batch.batch, batch.before), AppendOutcome::committed);
        } else {
            lose(batch);
        }
        if (make_.one_in(150)) saved_ = std::make_unique<NaiveModel>(*model_);
    }
    // The append fails in one of three ways, and the partition finds out what is true.
    void lose(const PendingBatch& batch) {
        const Fate fates[] = {Fate::aborted, Fate::unknown_lost, Fate::unknown_stored};
        const Fate fate = fates[make_.below(3)];
        journal_.script(fate);
        EXPECT_NE(journal_.append(batch.batch, batch.before), AppendOutcome::committed);
        if (fate != Fate::unknown_stored) *model_ = *saved_;
        saved_ = nullptr;
        ++lost_;
        doomed_now_ = true;
        fetching_.clear();
        deferred_.clear();
        rebuild();
    }

    void restart() {
        partition_.emplace(options_);
        ++restarts_;
        rebuild();
    }
    void rebuild() {
        ASSERT_TRUE(journal_.take_over());
        ASSERT_TRUE(partition_->rebuild(journal_, tables_));
    }

    void fire_timers() {
        for (const Command& command : partition_->due(clock_, 8, tables_))
            submit(make_.expire(std::get<acquiring::ExpireOrder>(command).order));
    }

    void store_some(std::size_t entries) {
        const auto stored = feed(tables_, journal_, entries);
        ASSERT_TRUE(stored);
    }
    void evict() {
        Sequence limit = tables_.cursor()->last;
        if (!fetching_.empty()) limit = std::min(limit, fetching_.front().asked_at);
        partition_->evict(limit);
    }

    // Writes an entry that no command of today makes, and starts again.
    void settle_and_restart() {
        settle();
        if (doomed_now_) return;
        saved_ = nullptr;
        make_.settle([this](NaiveModel::Id from, NaiveModel::Id to, std::int64_t minor) {
            Entry entry;
            entry.ledger.postings.push_back({AccountId{from}, AccountId{to}, minor, cny});
            write(entry);
            model_->move(from, to, minor);
        });
        restart();
    }
    void write(const Entry& entry) {
        const State& state = partition_->state();
        std::string digest(sizeof(Hash128), '\0');
        const Hash128 live = state.digest();
        std::memcpy(digest.data(), &live, sizeof live);
        ASSERT_EQ(journal_.append({.first = Sequence{partition_->last().value + 1},
                                   .now = partition_->now(),
                                   .entries = {encode(entry)}},
                                  {digest, encode_totals(state.book.totals())}),
                  AppendOutcome::committed);
    }
    void open_institution() {
        Entry entry;
        make_.institution = 77;
        entry.switching.participants.push_back(created(switching::Participant{
            {.id = ParticipantId{77}, .code = "bank", .created_at = clock_},
            {.name = "a bank"}
        }));
        write(entry);
        restart();
    }

    void check_balances() {
        const ledger::Book& book = partition_->state().book;
        std::int64_t sum = 0;
        ASSERT_EQ(book.size(), model_->balances.size());
        for (const auto& [id, balance] : model_->balances) {
            const ledger::Account* account = book.find(AccountId{id});
            ASSERT_NE(account, nullptr);
            ASSERT_EQ(account->balance, balance) << "account " << id;
            ASSERT_EQ(account->held, 0);
            sum += balance;
        }
        ASSERT_EQ(sum, 0);
        for (const auto& [currency, total] : book.totals()) ASSERT_EQ(total.debits, total.credits);
    }
    void check_records() {
        const State& kept = tables_.state();
        ASSERT_EQ(kept.acquiring.orders.size(), model_->orders.size());
        ASSERT_EQ(kept.acquiring.refunds.size(), model_->refunds.size());
        ASSERT_EQ(kept.switching.payments.size(), model_->payments.size());
        ASSERT_EQ(kept.wallet.top_ups.size(), model_->top_ups.size());
        for (const auto& [id, order] : model_->orders)
            ASSERT_EQ(line(*kept.acquiring.orders.in_memory(OrderId{id})), model_->line(id, order));
        for (const auto& [id, one] : model_->payments)
            ASSERT_EQ(line(*kept.switching.payments.in_memory(PaymentId{id})),
                      model_->line(id, one));
        for (const auto& [id, refund] : model_->refunds)
            ASSERT_EQ(line(*kept.acquiring.refunds.in_memory(RefundId{id})),
                      model_->line(id, refund));
    }
    void check_digests() {
        const Hash128 live = partition_->state().digest();
        MemoryTables none;
        Partition rebuilt(options_);
        ASSERT_TRUE(rebuilt.rebuild(journal_, none));
        EXPECT_EQ(rebuilt.state().digest(), live);
        EXPECT_EQ(rebuilt.last(), partition_->last());
        EXPECT_EQ(*tables_.digest(), live);
        EXPECT_EQ(tables_.cursor()->last, partition_->last());
    }
    void check_audit() {
        Auditor auditor(options_.rules);
        for (const MemoryJournal::Row& row : journal_.rows()) {
            const auto framed = unframe(row.batch.bytes);
            ASSERT_TRUE(framed);
            auditor.check_head(row.batch.first, framed->previous, row.before);
            ASSERT_TRUE(auditor.read(row.batch.bytes));
        }
        auditor.check_tables(*tables_.digest());
        auditor.finish();
        EXPECT_TRUE(auditor.clean()) << auditor.findings().front().what;
        EXPECT_EQ(auditor.last(), partition_->last());
    }

    std::unique_ptr<NaiveModel> model_;  // Stays in its place: the generator looks at it.
    CommandGenerator make_;
    HeartOptions options_;
    Instant clock_{1'790'000'000'000};
    MemoryJournal journal_;
    MemoryTables tables_;
    std::optional<Partition> partition_;
    std::deque<Fetching> fetching_;
    std::vector<Waiting> deferred_;
    std::unique_ptr<NaiveModel> saved_;  // The batch that forms will be lost; the model before it.
    bool doomed_now_ = false;
    std::map<std::string, std::size_t> refusals_, encounters_;
    Sequence last_seen_;
    std::size_t answered_ = 0, misses_ = 0, deferred_count_ = 0, lost_ = 0, restarts_ = 0;
};

TEST(Platform, AnswersAsTheNaiveModelDoes) {
    const std::uint64_t seed = number_from("HUITONG_MODEL_SEED", 1);
    const std::uint64_t steps = number_from("HUITONG_MODEL_STEPS", 100'000);
    SCOPED_TRACE(fmt::format("HUITONG_MODEL_SEED={}", seed));
    Life life(seed);
    life.run(steps);
    if (!HasFailure()) life.finish();
    if (!HasFailure() && steps >= 100'000) life.expect_every_refusal();
    if (!HasFailure() && steps >= 100'000) life.expect_every_encounter();
    life.print();
}

}  // namespace
}  // namespace huitong::engine::testing
