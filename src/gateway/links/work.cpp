#include "gateway/links/work.hpp"

#include <algorithm>
#include <utility>

namespace huitong::gateway::links {
namespace {

// Nobody will answer this any more: the heart's timer ends the payment.
constexpr Instant never{INT64_MAX};

bool ended_without_yes(const switching::Payment& payment) {
    using enum switching::PaymentStatus;
    const auto status = payment.state.status;
    return status == reversing || status == reversed || status == declined;
}

}  // namespace

void Work::schedule(Item& item, Instant due) {
    item.due = due;
    if (due != never) queue_.emplace(due, item.payment.id());
}

void Work::again(Item& item, Instant now) {
    if (item.duty == Duty::request && !repeats_(item.payment)) return schedule(item, never);
    const std::uint32_t doublings = std::min(item.attempts, 16U);
    const Duration pause{options_.first_pause.ms << doublings};
    ++item.attempts;
    schedule(item, now + std::min(pause, options_.longest_pause));
}

void Work::moved(const switching::Payment& payment, Instant now) {
    const Duty duty = duty_of(payment);
    if (duty == Duty::none) {
        items_.erase(payment.id());
        return;
    }
    Item& item = items_[payment.id()];
    item.payment = payment;
    if (item.duty == duty) return;
    item.duty = duty;
    item.attempts = 0;
    item.under_way = false;
    schedule(item, now);
}

void Work::restarted(const std::vector<switching::Payment>& unfinished, Instant now) {
    items_.clear();
    queue_ = {};
    for (const switching::Payment& payment : unfinished) {
        moved(payment, now);
        const auto item = items_.find(payment.id());
        if (item == items_.end()) continue;
        if (item->second.duty == Duty::request && !repeats_(payment)) schedule(item->second, never);
    }
}

std::vector<Work::Task> Work::due(Instant now, std::size_t limit) {
    std::vector<Task> tasks;
    while (!queue_.empty() && queue_.top().first <= now && tasks.size() < limit) {
        const auto [due, id] = queue_.top();
        queue_.pop();
        const auto found = items_.find(id);
        if (found == items_.end() || found->second.under_way || found->second.due != due) continue;
        found->second.under_way = true;
        tasks.push_back({found->second.duty, found->second.payment});
    }
    return tasks;
}

std::optional<Instant> Work::next() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.top().first;
}

std::optional<engine::Command> Work::answered(const Task& task, const Result<LegAnswer>& answer,
                                              Instant now) {
    const PaymentId id = task.payment.id();
    const auto found = items_.find(id);
    const bool current = found != items_.end() && found->second.duty == task.duty;
    const bool said_yes = answer && answer->kind == LegAnswer::Kind::yes;
    // A yes to what was given up: the reversal is sent again after it (design section 2).
    if (!current && said_yes && task.duty == Duty::request) {
        if (found == items_.end()) return std::nullopt;
        if (ended_without_yes(found->second.payment)) schedule(found->second, now);
        return std::nullopt;
    }
    if (!current) return std::nullopt;
    Item& item = found->second;
    if (!answer) {
        item.under_way = false;
        again(item, now);
        return std::nullopt;
    }
    switch (answer->kind) {
        case LegAnswer::Kind::pending:
            item.under_way = false;
            schedule(item, now + options_.pending_pause);
            return std::nullopt;
        case LegAnswer::Kind::refused:
            item.under_way = false;
            schedule(item, now + options_.refused_pause);
            return std::nullopt;
        case LegAnswer::Kind::yes:
        case LegAnswer::Kind::no:
            return switching::AnswerPayment{.payment = id,
                                            .yes = said_yes,
                                            .decline = answer->decline,
                                            .peer_reference = answer->reference};
        case LegAnswer::Kind::acknowledged:
            return switching::AcknowledgePayment{id, task.duty == Duty::reverse};
    }
    std::unreachable();
}

void Work::refused(PaymentId payment, Instant now) {
    const auto found = items_.find(payment);
    if (found == items_.end()) return;
    found->second.under_way = false;
    again(found->second, now);
}

}  // namespace huitong::gateway::links
