#include "sim/node.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace huitong::sim {
namespace {

constexpr std::size_t fetches_max = 8;
constexpr Duration restart_pause = seconds(3);

// Small memory, so that records are evicted and come back.
engine::HeartOptions small_memory() {
    engine::HeartOptions options;
    options.orders_in_memory = options.payments_in_memory = 150;
    options.others_in_memory = 60;
    options.rules.acquiring.order_life = hours(1);
    return options;
}

void plant(engine::Entry& entry, Bug bug, std::optional<switching::Payment>& twice) {
    if (bug == Bug::skipped_hold) {
        const auto reserves = [](const ledger::HoldChange& hold) { return hold.minor > 0; };
        auto& holds = entry.ledger.holds;
        holds.erase(std::remove_if(holds.begin(), holds.end(), reserves), holds.end());
    }
    if (!twice) return;
    entry.ledger.postings.push_back({twice->terms.payer_account, twice->terms.payee_account,
                                     twice->terms.minor, twice->terms.currency});
    twice.reset();
}

}  // namespace

Node::Node(Parts parts, Work::Repeats repeats, std::function<void(const Work::Task&)> send)
    : parts_(parts),
      send_(std::move(send)),
      options_(small_memory()),
      auditor_(options_.rules),
      work_({}, std::move(repeats)) {
    start();
}

void Node::start() {
    ++life_;
    partition_ = std::make_unique<engine::Partition>(options_);
    if (parts_.bug == Bug::skipped_hold || parts_.bug == Bug::double_commit)
        partition_->plant([this](engine::Entry& entry) { sim::plant(entry, parts_.bug, twice_); });
    waiters_ = std::make_unique<Waiters>();
    ENSURE(journal_.take_over().has_value());
    ENSURE(partition_->rebuild(journal_, tables_).has_value());
    audit();  // An append whose outcome was unknown may have been stored.
    work_.restarted(partition_->unfinished(), parts_.events.now());
    up_ = true;
    commit_planned_ = false;
}

void Node::crash() {
    up_ = false;
    ++life_;
    parts_.events.after(restart_pause, [this] { start(); });
}

void Node::audit() {
    (void)journal_.read(Sequence{auditor_.last().value + 1},
                        [this](const auto& stored) { return auditor_.read(stored.bytes); });
}

// False when a record could not be brought: the caller tries again.
bool Node::decide(engine::Request& request) {
    std::vector<Miss> brought;
    for (std::size_t i = 0; i < fetches_max; ++i) {
        const auto outcome = partition_->decide(request, parts_.events.now(), !brought.empty());
        if (outcome == engine::Partition::Outcome::answered) {
            partition_->release(brought);
            return true;
        }
        if (outcome == engine::Partition::Outcome::deferred) break;
        const Miss miss = partition_->miss();
        partition_->install(miss, *tables_.fetch(miss));
        brought.push_back(miss);
    }
    partition_->release(brought);
    return false;
}

void Node::ask(engine::Command command, Done done) {
    if (!up_) return;
    auto request = std::make_unique<engine::Request>();
    request->command = std::move(command);
    request->done = [done = std::move(done)](engine::Request& answered) {
        if (done) done(answered.answer);
    };
    if (!decide(*request)) request->answer = refuse(Error::overloaded);
    partition_->keep(std::move(request));
    plan_commit();
}

void Node::plan_commit() {
    if (commit_planned_) return;
    commit_planned_ = true;
    const Duration pause = milliseconds(1 + static_cast<std::int64_t>(parts_.prng.below(4)));
    parts_.events.after(pause, [this, life = life_] {
        if (life == life_) commit();
    });
}

void Node::commit() {
    commit_planned_ = false;
    const bool entries = partition_->has_entries();
    engine::PendingBatch batch = partition_->take_batch();
    if (!entries) return deliver(std::move(batch.answered));
    if (parts_.bug == Bug::early_answer) deliver(std::exchange(batch.answered, {}));
    if (parts_.prng.chance(parts_.faults.crash)) return crash();
    journal_.script(parts_.faults.fate(parts_.prng));
    if (journal_.append(batch.batch, batch.before) != engine::AppendOutcome::committed) {
        for (auto& request : batch.answered) request->answer = refuse(Error::outcome_unknown);
        deliver(std::move(batch.answered));
        return start();
    }
    audit();
    if (parts_.prng.chance(parts_.faults.crash)) return crash();  // durable, and nobody was told
    for (const switching::Payment& payment : batch.moved) work_.moved(payment, parts_.events.now());
    waiters_->moved(batch.moved, parts_.events.now());
    deliver(std::move(batch.answered));
    do_duties();
}

void Node::deliver(std::vector<engine::RequestPtr> answered) {
    const std::uint64_t life = life_;
    for (auto& request : answered) {
        if (request->done && life == life_) request->done(*request);
    }
}

void Node::do_duties() {
    const std::uint64_t life = life_;
    for (const Work::Task& task : work_.due(parts_.events.now(), 1'000)) {
        if (life != life_) return;
        if (parts_.bug == Bug::lost_reversal && task.duty == gateway::links::Duty::reverse) {
            answered(task, LegAnswer{.kind = LegAnswer::Kind::acknowledged});
        } else {
            send_(task);
        }
    }
}

void Node::answered(const Work::Task& task, const Result<LegAnswer>& answer) {
    if (!up_) return;
    const auto command = work_.answered(task, answer, parts_.events.now());
    if (!command) return;
    ask(*command, [this, id = task.payment.id()](Result<engine::Answer> told) {
        if (!told) work_.refused(id, parts_.events.now());
    });
}

void Node::tick() {
    if (!up_) return;
    for (engine::Command& command : partition_->due(parts_.events.now(), 256, tables_))
        ask(std::move(command), {});
    (void)engine::testing::feed(tables_, journal_, 2'000);
    partition_->evict(tables_.cursor()->last);
    waiters_->expire(parts_.events.now());
    do_duties();
}

void Node::pay_again(const switching::Payment& payment) {
    if (parts_.bug == Bug::double_commit) twice_ = payment;
}

bool Node::agrees() {
    while (*engine::testing::feed(tables_, journal_, 10'000) > 0) {}
    const Hash128 live = partition_->state().digest();
    return live == auditor_.state().digest() && live == *tables_.digest();
}

}  // namespace huitong::sim
