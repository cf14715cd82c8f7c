// The link courier: carries out the duties of payments, one link for each institution, and tells
// the heart what came of them.
//
//     heart's writer   moved(): duties due, waiting doors answered ---> courier's thread
//     courier          due duties -> Link::send
//     link's threads   the answer -> AnswerPayment or AcknowledgePayment -> heart
//
// Attempts are kept in memory alone: after a crash every duty is known from the payments
// (restarted), and a repeat is safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <thread>

#include "gateway/door/heart_port.hpp"
#include "gateway/links/waiters.hpp"
#include "gateway/links/work.hpp"

namespace huitong::gateway::links {

struct CourierOptions {
    WorkOptions work;
    std::size_t under_way_max = 4'096;  // duties on their way over all links
};

// Counters that anyone may read at any time.
struct CourierCounters {
    std::atomic<std::uint64_t> sent[duties] = {};      // by Duty
    std::atomic<std::uint64_t> answered[duties] = {};  // definite answers
    std::atomic<std::uint64_t> unanswered[duties] = {};
    std::atomic<std::uint64_t> refused[duties] = {};  // of those answered: commits and reversals
    std::atomic<std::uint64_t> conflicts{0};  // an answer contradicts the payment (STATE_CONFLICT)
    std::atomic<std::uint64_t> waiting{0};    // payments with a duty
};

class LinkCourier final : public engine::PaymentCourier, public engine::Mailbox {
public:
    // All of it must outlive the courier.
    struct Parts {
        door::HeartPort heart;
        engine::Clock& clock;
        // The link to an institution; null: there is none at present, and its duties wait.
        std::function<std::shared_ptr<Link>(ParticipantId)> link;
    };
    LinkCourier(Parts parts, CourierOptions options);
    ~LinkCourier() override;

    void start();
    // Ends the thread; answers that come later are dropped, their duties are known at the next
    // start. The links may end after it.
    void stop();

    void moved(std::vector<switching::Payment> payments) override;
    void restarted(std::vector<switching::Payment> unfinished) override;
    void deliver(std::vector<engine::RequestPtr> answered) override;

    [[nodiscard]] Waiters& waiters() { return waiters_; }
    [[nodiscard]] const CourierCounters& counters() const { return counters_; }
    [[nodiscard]] std::uint64_t cpu_microseconds();

private:
    void run();
    // Sends what is due; when to look again.
    Instant step();
    void answered(const Work::Task& task, Result<LegAnswer> answer);
    bool repeats(const switching::Payment& payment) const;

    Parts parts_;
    CourierOptions options_;
    CourierCounters counters_;
    Waiters waiters_;
    // Completions may outlive the courier: they see whether it is still there.
    struct Self {
        std::mutex mutex;
        LinkCourier* courier;
    };
    std::shared_ptr<Self> self_;

    std::mutex mutex_;
    std::condition_variable changed_;
    Work work_;
    std::size_t under_way_ = 0;
    bool poked_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace huitong::gateway::links
