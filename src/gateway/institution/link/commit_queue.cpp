#include "gateway/institution/link/commit_queue.hpp"

#include <utility>

namespace huitong::gateway::institution {
namespace {

using links::LegAnswer;
using wire::institution::CommitResult;
using wire::institution::CommitResults;

Result<LegAnswer> leg_answer(const CommitResult& result) {
    if (result.acknowledged()) return LegAnswer{.kind = LegAnswer::Kind::acknowledged};
    return no_to_ending(result.code);
}

Result<CommitResults> results_of(const Result<PeerAnswer>& answer) {
    if (!answer) return refuse(answer.error());
    if (answer->status != 200) return refuse(Error::peer_refused);
    auto parsed = wire::institution::parse_commit_results(answer->body);
    if (!parsed) return refuse(Error::peer_answer_malformed);
    return *std::move(parsed);
}

}  // namespace

Error error_of_code(std::string_view code) {
    for (const Error error : {Error::state_conflict, Error::payment_undecided,
                              Error::payment_completed, Error::payment_not_found}) {
        if (describe(error).wire_code == code) return error;
    }
    return Error::peer_refused;
}

Result<LegAnswer> no_to_ending(std::string_view code) {
    const Error error = error_of_code(code);
    const bool for_good = error == Error::state_conflict || error == Error::payment_completed;
    if (for_good) return LegAnswer{.kind = LegAnswer::Kind::refused};
    return refuse(error);
}

void CommitQueue::add(std::string request_id, links::LegCompletion done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < options_.waiting_max) {
            waiting_.push_back({std::move(request_id), std::move(done)});
            done = nullptr;
        }
    }
    if (done) return done(refuse(Error::overloaded));
    send_next();
}

void CommitQueue::send_next() {
    const auto batch = std::make_shared<Batch>();
    wire::institution::Commits commits;
    {
        const std::lock_guard lock(mutex_);
        if (under_way_ || waiting_.empty()) return;
        under_way_ = true;
        while (!waiting_.empty() && batch->size() < wire::institution::commits_max) {
            commits.request_ids.push_back(waiting_.front().request_id);
            batch->push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
    }
    PeerCall call;
    call.path = "/commits";
    call.body = to_json(commits);
    call.timeout = options_.timeout;
    call.done = [self = shared_from_this(), batch](Result<PeerAnswer> answer) {
        self->answered(*batch, answer);
    };
    peer_->call(std::move(call));
}

void CommitQueue::answered(Batch& batch, const Result<PeerAnswer>& answer) {
    {
        const std::lock_guard lock(mutex_);
        under_way_ = false;
    }
    send_next();
    const auto all = results_of(answer);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!all) {
            batch[i].done(refuse(all.error()));
        } else if (i >= all->results.size() || all->results[i].request_id != batch[i].request_id) {
            batch[i].done(refuse(Error::peer_answer_malformed));
        } else {
            batch[i].done(leg_answer(all->results[i]));
        }
    }
}

}  // namespace huitong::gateway::institution
