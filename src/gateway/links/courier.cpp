#include "gateway/links/courier.hpp"

#include <algorithm>
#include <pthread.h>
#include <utility>

#include "base/thread.hpp"
#include "engine/reader.hpp"

namespace huitong::gateway::links {
namespace {

// The thread looks up at least so often, so that a clock that was set is noticed.
constexpr Duration sleep_max = seconds(1);

std::size_t number(Duty duty) {
    return static_cast<std::size_t>(duty);
}

}  // namespace

LinkCourier::LinkCourier(Parts parts, CourierOptions options)
    : parts_(std::move(parts)),
      options_(options),
      self_(std::make_shared<Self>()),
      work_(options.work, [this](const switching::Payment& payment) { return repeats(payment); }) {
    self_->courier = this;
}

LinkCourier::~LinkCourier() {
    stop();
}

bool LinkCourier::repeats(const switching::Payment& payment) const {
    const auto link = parts_.link(payment.terms.responder_link());
    return link == nullptr || link->repeats(payment);
}

void LinkCourier::start() {
    thread_ = std::thread([this] { run(); });
}

void LinkCourier::stop() {
    {
        const std::lock_guard lock(self_->mutex);
        self_->courier = nullptr;
    }
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void LinkCourier::moved(std::vector<switching::Payment> payments) {
    const Instant now = parts_.clock.now();
    {
        const std::lock_guard lock(mutex_);
        for (const switching::Payment& payment : payments) work_.moved(payment, now);
        counters_.waiting = work_.size();
        poked_ = true;
        changed_.notify_one();
    }
    waiters_.moved(payments, now);
}

void LinkCourier::restarted(std::vector<switching::Payment> unfinished) {
    const std::lock_guard lock(mutex_);
    work_.restarted(unfinished, parts_.clock.now());
    counters_.waiting = work_.size();
    poked_ = true;
    changed_.notify_one();
}

void LinkCourier::run() {
    pthread_setname_np(pthread_self(), "links");
    work_in_batches();
    for (;;) {
        const Instant next = step();
        const Duration rest = std::clamp(next - parts_.clock.now(), Duration{}, sleep_max);
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(rest.ms),
                          [this] { return poked_ || stopping_; });
        poked_ = false;
        if (stopping_) return;
    }
}

Instant LinkCourier::step() {
    const Instant now = parts_.clock.now();
    std::vector<Work::Task> tasks;
    std::optional<Instant> next;
    {
        const std::lock_guard lock(mutex_);
        tasks =
            work_.due(now, options_.under_way_max - std::min(under_way_, options_.under_way_max));
        under_way_ += tasks.size();
        next = work_.next();
    }
    for (Work::Task& task : tasks) {
        ++counters_.sent[number(task.duty)];
        const auto link = parts_.link(task.payment.terms.responder_link());
        if (link == nullptr) {
            answered(task, refuse(Error::peer_unreachable));
            continue;
        }
        const Duty duty = task.duty;
        const switching::Payment payment = task.payment;
        link->send(duty, payment, [self = self_, task = std::move(task)](Result<LegAnswer> answer) {
            const std::lock_guard lock(self->mutex);
            if (self->courier != nullptr) self->courier->answered(task, std::move(answer));
        });
    }
    const auto expiry = waiters_.expire(now);
    return std::min(next.value_or(now + sleep_max), expiry.value_or(now + sleep_max));
}

void LinkCourier::answered(const Work::Task& task, Result<LegAnswer> answer) {
    ++(answer ? counters_.answered : counters_.unanswered)[number(task.duty)];
    if (answer && answer->kind == LegAnswer::Kind::refused) ++counters_.refused[number(task.duty)];
    std::optional<engine::Command> command;
    {
        const std::lock_guard lock(mutex_);
        --under_way_;
        command = work_.answered(task, answer, parts_.clock.now());
        poked_ = true;
        changed_.notify_one();
    }
    if (!command) return;
    auto request = std::make_unique<engine::Request>();
    request->command = *std::move(command);
    request->home = this;
    const PaymentId payment = task.payment.id();
    request->done = [this, payment](engine::Request& done) {
        if (done.answer) return;  // moved() has told what became of it, if anything did.
        if (done.answer.error() == Error::state_conflict) {
            ++counters_.conflicts;
            return;
        }
        const std::lock_guard lock(mutex_);
        work_.refused(payment, parts_.clock.now());
    };
    parts_.heart.submit(std::move(request));
}

void LinkCourier::deliver(std::vector<engine::RequestPtr> answered) {
    for (const engine::RequestPtr& request : answered) request->done(*request);
}

std::uint64_t LinkCourier::cpu_microseconds() {
    return thread_.joinable() ? engine::thread_cpu_microseconds(thread_) : 0;
}

}  // namespace huitong::gateway::links
