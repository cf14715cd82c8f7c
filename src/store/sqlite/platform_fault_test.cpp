// The whole platform over a disk that fails: what power loss, full disks and failing syncs look
// like to those who pay.
//
// One life for each seed: random commands to a partition whose journal and tables lie on a
// FaultVfs, driven step by step as the heart and the reader's thread drive them, against a naive
// model, on a clock of its own. Faults strike wherever they like, recovery and the tables' file
// included. What was answered must hold for ever; what was answered "unknown" is settled by a
// repeat with the same key; and when the faults end, everything is served again and all forms of
// the state are one.
//
// HUITONG_FAULT_SEEDS says how many lives, HUITONG_FAULT_SEED which one.
#include <deque>
#include <gtest/gtest.h>
#include <map>

#include "engine/audit.hpp"
#include "engine/testing/memory_store.hpp"
#include "store/sqlite/platform_fault_kit.hpp"

namespace huitong::store::sqlite {
namespace {

using namespace testing;
using engine::AppendOutcome;
using engine::RequestPtr;
using engine::testing::CommandGenerator;

struct Count {
    std::map<Fault, int> struck;
    int there = 0, absent = 0, rebuilds = 0, crashes = 0, failed_starts = 0, failed_stores = 0;
    int segments = 0, misses = 0, deferred = 0, told = 0, resolved = 0;
};

class Life {
public:
    Life(std::uint64_t seed, Count& count)
        : count_(count), vfs_(seed), make_(seed, model_), options_(tiny_memory(model_.rules)) {
        start();
        open_institution();
    }
    ~Life() { process_.reset(); }

    void run(std::size_t rounds) {
        for (std::size_t i = 0; i < rounds && !failed(); ++i) {
            pass_time();
            if (make_.one_in(10)) inject();
            if (make_.one_in(25)) note_fault();
            if (make_.one_in(150)) power_loss();
            if (make_.one_in(150)) restart();
            work();
            if (!vfs_.powered()) come_back();
        }
    }
    // The faults end: everything is served again, and everything said holds.
    void finish() {
        note_fault();
        calm_ = true;
        for (int n = 0; n < 10 && process_->store_lost; ++n) rebuild();
        ASSERT_FALSE(process_->store_lost) << last_failure();
        close_what_expired();
        resolve_doubtful();
        for (const auto& [key, told] : told_) ask(again(told.step));
        check_told_everyone();
        check_end();
        power_loss();
        drain();
        check_end();
    }

private:
    static bool failed() { return ::testing::Test::HasFailure(); }
    std::uint64_t pick(std::uint64_t below) { return make_.below(below); }
    Partition& partition() { return process_->partition; }

    // --- the world ---------------------------------------------------------------------------

    void pass_time() {
        const std::uint64_t dice = pick(1000);
        const auto ms = [this](std::int64_t n) {
            return static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(n)));
        };
        if (dice < 500) clock_.ms += ms(2'000);
        if (dice < 10) clock_.ms += ms(NaiveModel::hour);
        if (dice == 10) clock_.ms += ms(NaiveModel::day);
        if (dice == 11) clock_.ms -= ms(10 * NaiveModel::minute);
    }
    void inject() {
        constexpr Fault faults[] = {Fault::disk_full,  Fault::write_error,  Fault::read_error,
                                    Fault::sync_error, Fault::sync_unknown, Fault::power_loss};
        note_fault();
        fault_ = faults[pick(std::size(faults))];
        vfs_.inject(fault_, 1 + pick(pick(2) == 0 ? 6 : 120));
    }
    // The fault is over, if it ever came.
    void note_fault() {
        if (fault_ != Fault::none && vfs_.struck()) ++count_.struck[fault_];
        fault_ = Fault::none;
        vfs_.clear();
    }
    void power_loss() {
        note_fault();
        fault_ = Fault::power_loss;
        vfs_.inject(fault_, 1 + pick(3));
        if (pick(2) == 0) work();
        come_back();
    }
    // The process dies, and what was not synced with it.
    void come_back() {
        ++count_.crashes;
        if (fault_ != Fault::none && vfs_.struck()) ++count_.struck[fault_];
        fault_ = Fault::none;
        forget_everybody();
        if (pick(2) == 0) process_.reset();
        vfs_.crash();
        process_.reset();
        if (!calm_ && pick(3) == 0) inject();
        start();
        check_some_told();
    }
    // The process ends and starts again, on a disk that may be failing.
    void restart() {
        forget_everybody();
        process_.reset();
        start();
    }
    // Callers hear nothing: the connection broke. They will ask again.
    void forget_everybody() {
        for (CallPtr& call : arrivals_) leave(std::move(call));
        arrivals_.clear();
        for (Waiting& one : std::exchange(deferred_, {})) leave(std::move(one.call));
        for (Fetching& one : std::exchange(fetching_, {})) leave(std::move(one.waiting.call));
        if (writing_) lose(std::move(writing_->batch));
        writing_.reset();
        lose(partition().take_batch());
    }
    void leave(CallPtr call) {
        if (!call->timer && !key_of(call->command).empty()) doubtful_.push_back(call->step);
    }

    // --- the process -------------------------------------------------------------------------

    void start() {
        for (int attempt = 0; attempt < 6; ++attempt) {
            if (attempt == 3) note_fault();
            if (try_start()) return;
            ++count_.failed_starts;
            process_.reset();
            if (!vfs_.powered()) vfs_.crash();
        }
        FAIL() << "does not start on a good disk: " << last_failure();
    }
    bool try_start() {
        auto tables = SqliteTables::open(tables_over(vfs_, dir_));
        if (!tables) return false;
        process_ = std::make_unique<Process>(vfs_, dir_, std::move(*tables), options_);
        return take_over() && process_->feed.find_cursor();
    }
    // As Heart::Impl::start and rebuild do it.
    bool take_over() {
        const auto end = process_->journal.take_over();
        if (!end) return false;
        believe(end->last);
        if (!partition().rebuild(process_->journal, *process_->tables)) return false;
        process_->committed = end->last;
        return true;
    }
    // What the journal says of a batch in doubt is true from now on.
    void believe(Sequence last) {
        if (doubt_ && last == doubt_->last) {
            durable_ = std::move(doubt_->after);
            durable_last_ = last;
            ++count_.there;
        } else if (doubt_) {
            ++count_.absent;
        }
        doubt_.reset();
        ASSERT_EQ(last, durable_last_) << "the journal lost or made up a batch";
        model_ = durable_;
    }

    // --- the heart, step by step ---------------------------------------------------------------

    void work() {
        if (process_->store_lost) {
            if (pick(3) == 0) read_behind();  // The reader's thread stops for nothing.
            if (pick(2) == 0) rebuild();
            return;
        }
        if (arrivals_.size() < 40)
            for (std::uint64_t n = pick(4); n > 0; --n) arrive(something());
        if (pick(2) == 0) evict();
        decide_deferred();
        if (pick(6) == 0) fire_timers();
        decide_arrivals();
        if (pick(2) == 0) fetch_one();
        if (pick(2) == 0) deliver_one();
        if (pick(3) == 0) take_batch();
        if (pick(2) == 0) write();
        if (pick(8) == 0) read_behind();
    }
    Step something() {
        if (!doubtful_.empty() && pick(3) == 0) {
            const std::size_t at = pick(doubtful_.size());
            const Step step = again(doubtful_[at]);
            doubtful_.erase(doubtful_.begin() + static_cast<std::ptrdiff_t>(at));
            return step;
        }
        return make_.next(clock_);
    }
    void arrive(Step step) { arrivals_.push_back(std::make_unique<Call>(std::move(step))); }

    void decide_deferred() {
        for (Waiting& one : std::exchange(deferred_, {})) decide(std::move(one));
    }
    void decide_arrivals() {
        while (!arrivals_.empty() && deferred_.empty() && !failed()) {
            CallPtr call = std::move(arrivals_.front());
            arrivals_.pop_front();
            decide({std::move(call), {}});
        }
    }
    void fire_timers() {
        for (const Command& command : partition().due(clock_, 16, *process_->tables)) {
            auto call = std::make_unique<Call>(
                make_.expire(std::get<acquiring::ExpireOrder>(command).order));
            call->timer = true;
            decide({std::move(call), {}});
        }
    }
    void decide(Waiting waiting) {
        Call& call = *waiting.call;
        switch (partition().decide(call, clock_, !waiting.brought.empty())) {
            case Partition::Outcome::deferred:
                ++count_.deferred;
                deferred_.push_back(std::move(waiting));
                return;
            case Partition::Outcome::missed:
                ++count_.misses;
                ASSERT_LT(waiting.brought.size(), options_.rounds_max);
                fetching_.push_back(
                    {std::move(waiting), partition().miss(), partition().last(), {}});
                return;
            case Partition::Outcome::answered:
                break;
        }
        const std::string want = call.step.expected(model_, call.command, partition().now().ms);
        ASSERT_EQ(line(call.answer), want) << "command " << call.command.index();
        partition().release(waiting.brought);
        partition().keep(std::move(waiting.call));
    }
    void fetch_one() {
        for (Fetching& one : fetching_) {
            if (one.found) continue;
            one.found = process_->tables->fetch(one.miss);
            return;
        }
    }
    void deliver_one() {
        if (fetching_.empty()) return;
        Fetching one = std::move(fetching_.front());
        fetching_.pop_front();
        if (!one.found) one.found = process_->tables->fetch(one.miss);
        if (!*one.found) {
            partition().release(one.waiting.brought);
            one.waiting.call->answer = refuse(one.found->error());
            if (one.waiting.call->timer) partition().try_again(clock_, one.waiting.call->command);
            partition().keep(std::move(one.waiting.call));
            return;
        }
        partition().install(one.miss, **std::move(one.found));
        one.waiting.brought.push_back(std::move(one.miss));
        decide(std::move(one.waiting));
    }
    void evict() {
        Sequence limit = process_->feed.stored();
        if (!fetching_.empty()) limit = std::min(limit, fetching_.front().asked_at);
        partition().evict(limit);
    }

    static Sequence last_of(const PendingBatch& batch) {
        return {batch.batch.first.value + batch.batch.entries.size() - 1};
    }
    void take_batch() {
        if (writing_ || partition().forming_size() == 0) return;
        const bool entries = partition().has_entries();
        PendingBatch batch = partition().take_batch();
        if (entries) {
            writing_ = Writing{std::move(batch), model_};
        } else {
            answer(std::move(batch));
        }
    }
    void write() {
        if (!writing_) return;
        Writing writing = *std::exchange(writing_, std::nullopt);
        const AppendOutcome outcome =
            process_->journal.append(writing.batch.batch, writing.batch.before);
        const Sequence last = last_of(writing.batch);
        if (outcome == AppendOutcome::committed) {
            durable_ = std::move(writing.after);
            durable_last_ = process_->committed = last;
            // If the power is gone, so is the process, and its answers stay with it.
            vfs_.powered() ? answer(std::move(writing.batch)) : lose(std::move(writing.batch));
            return;
        }
        if (outcome == AppendOutcome::unknown || !vfs_.powered())
            doubt_ = Doubt{last, std::move(writing.after)};
        lose(std::move(writing.batch));
        lose(partition().take_batch());
        process_->store_lost = true;
    }
    void read_behind() {
        if (!process_->feed.step(process_->committed)) ++count_.failed_stores;
    }
    void rebuild() {
        for (CallPtr& call : arrivals_) leave(std::move(call));
        arrivals_.clear();
        for (Waiting& one : std::exchange(deferred_, {})) leave(std::move(one.call));
        for (std::size_t n = fetching_.size(); n > 0; --n) deliver_one();
        if (!fetching_.empty()) return;  // As the heart: they come back first.
        lose(partition().take_batch());
        if (!take_over()) return;
        ++count_.rebuilds;
        process_->store_lost = false;
        check_some_told();
    }

    // --- the callers -------------------------------------------------------------------------

    struct Told {
        Step step;
        std::string promise;
    };

    void lose(PendingBatch batch) {
        for (RequestPtr& request : batch.answered)
            leave(CallPtr(static_cast<Call*>(request.release())));
    }
    void answer(PendingBatch batch) {
        for (RequestPtr& request : batch.answered) {
            const Call& call = static_cast<const Call&>(*request);
            if (call.timer) continue;
            const Result<Answer>& answer = call.answer;
            const bool unknown = !answer && describe(answer.error()).kind == ErrorKind::failure;
            if (unknown) {
                leave(CallPtr(static_cast<Call*>(request.release())));
            } else {
                hear(call.step, answer);
            }
        }
    }
    void hear(const Step& step, const Result<Answer>& answer) {
        const std::string key = key_of(step.command);
        if (key.empty()) return;
        const auto known = told_.find(key);
        if (!answer) {
            EXPECT_TRUE(known == told_.end() || about_something_else(step.command, answer.error()))
                << key << ": first " << known->second.promise << ", now "
                << describe(answer.error()).name;
            return;
        }
        const std::string promise = promise_of(*answer);
        if (known != told_.end()) {
            EXPECT_EQ(promise, known->second.promise) << key;
            return;
        }
        told_.emplace(key, Told{step, promise});
        ++count_.told;
        const auto* paid = std::get_if<switching::PaymentAnswer>(&*answer);
        if (paid == nullptr || !paid->payment.state.decline.empty()) return;
        const auto [first, fresh] = paid_.emplace(paid->payment.terms.order, paid->payment.id());
        EXPECT_TRUE(fresh) << "order " << first->first.value << " is paid twice";
    }
    // The same request in the user's present session, with the password as it is now.
    Step again(const Step& step) const {
        if (const auto* pay = std::get_if<switching::PayOrder>(&step.command))
            return make_.pay_again(*pay);
        if (const auto* draw = std::get_if<wallet::DrawTopUp>(&step.command))
            return make_.top_up_again(*draw);
        return step;
    }
    // Asks, and works until the answer is there; on a good disk.
    void ask(Step step) {
        arrive(std::move(step));
        drain();
    }
    void drain() {
        settle();
        for (int n = 0; n < 50 && !idle() && !failed(); ++n) settle();
        ASSERT_TRUE(idle()) << deferred_.size() << " wait for room in memory";
    }
    [[nodiscard]] bool idle() const {
        return arrivals_.empty() && deferred_.empty() && fetching_.empty() && !writing_;
    }
    void settle() {
        if (!process_->store_lost) {
            evict();
            decide_deferred();
            decide_arrivals();
            while (!fetching_.empty() && !failed()) deliver_one();
            write();
            take_batch();
            write();
        }
        if (!vfs_.powered()) return;
        while (process_->feed.stored() < process_->committed && !failed()) {
            if (!process_->feed.step(process_->committed)) break;
        }
        if (!process_->store_lost) evict();
    }
    void check_some_told() {
        for (int n = 0; n < 4 && !told_.empty(); ++n) {
            auto at = told_.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(pick(told_.size())));
            arrive(again(at->second.step));
        }
    }
    // Every caller who was told "unknown" asks until he knows.
    void resolve_doubtful() {
        for (int round = 0; round < 20 && !doubtful_.empty() && !failed(); ++round) {
            for (const Step& step : std::exchange(doubtful_, {})) {
                ask(again(step));
                ++count_.resolved;
            }
        }
        EXPECT_TRUE(doubtful_.empty()) << doubtful_.size() << " callers never learn";
    }
    void check_told_everyone() {
        EXPECT_TRUE(doubtful_.empty() && idle());
        for (const auto& [order, payment] : paid_)
            EXPECT_EQ(durable_.orders[order.value].payment, payment.value);
    }
    // No order stays open past its time, wherever it was when the faults came.
    void close_what_expired() {
        clock_.ms = std::max(clock_.ms, partition().now().ms) + 2'000;
        settle();
        for (int n = 0; n < 100 && !failed(); ++n) {
            fire_timers();
            settle();
        }
        for (const auto& [id, order] : model_.orders)
            EXPECT_TRUE(order.status != NaiveModel::open || order.expires > clock_.ms)
                << "order " << id << " is open " << clock_.ms - order.expires << " ms too long";
    }

    // --- the truth ---------------------------------------------------------------------------

    void open_institution() {
        auto call = std::make_unique<Call>(Step{switching::RegisterParticipant{.code = "bank"},
                                                [](NaiveModel&, const Command&, std::int64_t) {
                                                    return std::string(
                                                        "an answer that the model does not know");
                                                }});
        const Call& asked = *call;
        decide({std::move(call), {}});
        make_.institution = std::get<switching::Participant>(*asked.answer).id().value;
        take_batch();
        write();
    }
    void check_end() {
        if (failed()) return;
        check_balances();
        check_records();
        check_digests();
        check_audit();
    }
    void check_balances() {
        const ledger::Book& book = partition().state().book;
        std::int64_t sum = 0;
        ASSERT_EQ(book.size(), model_.balances.size());
        for (const auto& [id, balance] : model_.balances) {
            const ledger::Account* account = book.find(AccountId{id});
            ASSERT_NE(account, nullptr);
            ASSERT_EQ(account->balance, balance) << "account " << id;
            sum += balance;
        }
        ASSERT_EQ(sum, 0);
    }
    template <class Record, class Rows>
    void check_kept(const Rows& rows) {
        for (const auto& [id, row] : rows) {
            const auto found = process_->tables->fetch(Miss{Record::kind, id, {}});
            ASSERT_TRUE(found) << last_failure();
            const auto* record = std::get_if<Record>(&*found);
            ASSERT_NE(record, nullptr) << id;
            ASSERT_EQ(line(*record), model_.line(id, row));
        }
    }
    void check_records() {
        check_kept<acquiring::Order>(model_.orders);
        check_kept<switching::Payment>(model_.payments);
        check_kept<acquiring::Refund>(model_.refunds);
    }
    void check_digests() {
        const Hash128 live = partition().state().digest();
        engine::testing::MemoryTables none;
        Partition rebuilt(options_);
        ASSERT_TRUE(rebuilt.rebuild(process_->journal, none));
        EXPECT_EQ(rebuilt.state().digest(), live);
        const auto kept = process_->tables->digest();
        ASSERT_TRUE(kept) << last_failure();
        EXPECT_EQ(*kept, live);
        EXPECT_EQ(process_->tables->cursor()->last, partition().last());
        EXPECT_EQ(partition().last(), durable_last_);
    }
    void check_audit() {
        engine::Auditor auditor(options_.rules);
        const auto heads = process_->journal.heads();
        ASSERT_TRUE(heads) << last_failure();
        count_.segments += static_cast<int>(heads->size());
        auto head = heads->begin();
        const auto read = process_->journal.read({1}, [&](const engine::StoredBatch& stored) {
            while (head != heads->end() && head->first <= stored.first) {
                auditor.check_head(head->first, head->previous, head->before);
                ++head;
            }
            return auditor.read(stored.bytes);
        });
        ASSERT_TRUE(read) << last_failure();
        auditor.check_tables(*process_->tables->digest());
        auditor.finish();
        EXPECT_TRUE(auditor.clean()) << auditor.findings().front().what;
        EXPECT_EQ(auditor.last(), partition().last());
    }

    Count& count_;
    TempDir dir_;
    FaultVfs vfs_;
    NaiveModel model_;    // as the heart decides
    NaiveModel durable_;  // as the journal has it
    Sequence durable_last_;
    std::optional<Doubt> doubt_;
    CommandGenerator make_;
    engine::HeartOptions options_;
    Instant clock_{1'790'000'000'000};
    Fault fault_ = Fault::none;
    bool calm_ = false;  // no more faults
    std::unique_ptr<Process> process_;
    std::deque<CallPtr> arrivals_;
    std::vector<Waiting> deferred_;
    std::deque<Fetching> fetching_;
    std::optional<Writing> writing_;
    std::vector<Step> doubtful_;
    std::map<std::string, Told> told_;
    std::map<OrderId, PaymentId> paid_;
};

TEST(PlatformFaults, LoseNothingThatWasAnsweredAndServeAgain) {
    Count count;
    const auto seeds = testing::fault_seeds(6);
    for (const std::uint64_t seed : seeds) {
        // A failed ENSURE ends the process: the seed must have been said before.
        std::printf("HUITONG_FAULT_SEED=%d\n", static_cast<int>(seed));
        std::fflush(stdout);
        Life life(seed, count);
        life.run(1200);
        if (!HasFailure()) life.finish();
        ASSERT_FALSE(HasFailure()) << "again: HUITONG_FAULT_SEED=" << seed
                                   << " store_faults_test --gtest_filter=PlatformFaults.*";
    }
    std::printf(
        "%d answers told, %d unknown ones resolved; batches in doubt: %d there, %d absent; "
        "%d crashes, %d rebuilds, %d failed starts, %d failed stores, %d segments, %d misses, "
        "%d deferred\n",
        count.told, count.resolved, count.there, count.absent, count.crashes, count.rebuilds,
        count.failed_starts, count.failed_stores, count.segments, count.misses, count.deferred);
    if (seeds.size() == 1) return;
    // A run that met nothing shows nothing.
    for (const Fault fault : {Fault::disk_full, Fault::write_error, Fault::read_error,
                              Fault::sync_error, Fault::sync_unknown, Fault::power_loss})
        EXPECT_GT(count.struck[fault], 0) << static_cast<int>(fault);
    for (const int met : {count.there, count.absent, count.rebuilds, count.failed_starts,
                          count.failed_stores, count.misses, count.deferred, count.resolved})
        EXPECT_GT(met, 0);
    EXPECT_GT(count.segments, static_cast<int>(2 * seeds.size()));
}

}  // namespace
}  // namespace huitong::store::sqlite
