// One process: a partition on a journal and tables in memory that fail as told, and the duties of
// its links. The heart, the writer and the reader of a real process are steps here.
//
// Always true: what ask() answers and what send() gets is durable (but for a planted bug); every
// committed entry has been through the auditor.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "engine/audit.hpp"
#include "engine/partition.hpp"
#include "gateway/links/waiters.hpp"
#include "gateway/links/work.hpp"
#include "sim/events.hpp"
#include "sim/faults.hpp"

namespace huitong::sim {

using gateway::links::LegAnswer;
using gateway::links::Waiters;
using gateway::links::Work;

class Node {
public:
    using Done = std::function<void(Result<engine::Answer>)>;
    struct Parts {
        Events& events;
        Prng& prng;
        const Faults& faults;
        Bug bug = Bug::none;
    };
    // `repeats` as of Work; `send` carries out a task and tells answered() how it went.
    Node(Parts parts, Work::Repeats repeats, std::function<void(const Work::Task&)> send);

    // The command's answer, unless the process dies before: then nobody hears.
    void ask(engine::Command command, Done done);
    void answered(const Work::Task& task, const Result<LegAnswer>& answer);
    void crash();
    // Once a second: timers, tables, eviction, duties.
    void tick();

    [[nodiscard]] bool up() const { return up_; }
    [[nodiscard]] Waiters& waiters() { return *waiters_; }
    [[nodiscard]] const engine::Auditor& auditor() const { return auditor_; }
    // The sums that are only worth checking now and then.
    void check_all() { auditor_.check_all(); }
    [[nodiscard]] std::size_t duties() const { return work_.size(); }
    // Everything said in one digest: live state, journal, tables.
    [[nodiscard]] bool agrees();
    // The next entry posts a payment's money once more (Bug::double_commit).
    void pay_again(const switching::Payment& payment);

private:
    void start();
    void plan_commit();
    void commit();
    void deliver(std::vector<engine::RequestPtr> answered);
    void audit();
    void do_duties();
    bool decide(engine::Request& request);

    Parts parts_;
    std::function<void(const Work::Task&)> send_;
    engine::HeartOptions options_;
    engine::testing::MemoryJournal journal_;
    engine::testing::MemoryTables tables_;
    engine::Auditor auditor_;
    std::unique_ptr<engine::Partition> partition_;
    std::unique_ptr<Waiters> waiters_;
    Work work_;
    bool up_ = false;
    bool commit_planned_ = false;
    std::uint64_t life_ = 0;  // counts the starts: what a dead process had planned is not done
    std::optional<switching::Payment> twice_;
};

}  // namespace huitong::sim
