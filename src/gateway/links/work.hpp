// What the courier has to do, and when: the duties of all payments under way, without threads,
// clocks or sockets. The courier drives it, and so does the simulation.
//
// Always true: a payment with a duty is here until the heart tells of a state without one. A duty
// that got no answer is done again after 1, 2, 4, .. 300 s (business-rules 1.4 E), for ever: only
// an answer ends it. A commit or reversal that was refused is a case for an operator, and is tried
// once an hour, so that the payment ends by itself when the other side has been mended.
#pragma once

#include <optional>
#include <queue>
#include <unordered_map>
#include <vector>

#include "engine/command.hpp"
#include "gateway/links/link.hpp"

namespace huitong::gateway::links {

struct WorkOptions {
    Duration first_pause = seconds(1);
    Duration longest_pause = seconds(300);
    Duration pending_pause = seconds(2);  // before asking again what is under way there
    Duration refused_pause = hours(1);    // after a definite no to a commit or reversal
};

class Work {
public:
    // May an unanswered request of this payment be sent again? (Link::repeats)
    using Repeats = std::function<bool(const switching::Payment&)>;

    Work(WorkOptions options, Repeats repeats) : options_(options), repeats_(std::move(repeats)) {}

    // The heart told of this payment: its duty, if it has a new one, is due at once.
    void moved(const switching::Payment& payment, Instant now);
    // After a start nobody knows what was sent: every duty is due, but for requests that may not be
    // repeated, which the payment's timer gives up.
    void restarted(const std::vector<switching::Payment>& unfinished, Instant now);

    struct Task {
        Duty duty = Duty::none;
        switching::Payment payment;
    };
    // At most `limit` tasks whose time has come; each is under way until answered().
    std::vector<Task> due(Instant now, std::size_t limit);
    // When due() has something to tell; nothing: not before the next moved() or answered().
    [[nodiscard]] std::optional<Instant> next() const;

    // How a task went. The command that tells the heart of it, if it is to be told.
    std::optional<engine::Command> answered(const Task& task, const Result<LegAnswer>& answer,
                                            Instant now);
    // The heart could not take such a command: the duty is done again.
    void refused(PaymentId payment, Instant now);

    [[nodiscard]] std::size_t size() const { return items_.size(); }

private:
    struct Item {
        switching::Payment payment;
        Duty duty = Duty::none;
        bool under_way = false;
        std::uint32_t attempts = 0;
        Instant due;
    };
    using Due = std::pair<Instant, PaymentId>;

    void schedule(Item& item, Instant due);
    void again(Item& item, Instant now);

    WorkOptions options_;
    Repeats repeats_;
    std::unordered_map<PaymentId, Item> items_;
    // May hold more than one for an item: only the one at its due time counts.
    std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
};

}  // namespace huitong::gateway::links
