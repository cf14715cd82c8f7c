// Commits on their way to one institution: while one message is under way, those that come are
// collected, and go together with the next. One lonely commit goes at once. Any thread.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/institution/link/peer_client.hpp"
#include "gateway/links/link.hpp"
#include "wire/institution/ending.hpp"

namespace huitong::gateway::institution {

struct CommitQueueOptions {
    Duration timeout = seconds(10);
    std::size_t waiting_max = 100'000;
};

class CommitQueue : public std::enable_shared_from_this<CommitQueue> {
public:
    CommitQueue(std::shared_ptr<PeerClient> peer, CommitQueueOptions options)
        : peer_(std::move(peer)), options_(options) {}

    // Acknowledged, or: state_conflict, payment_undecided, overloaded, peer_refused (any other
    // reason of the institution), and as PeerAnswered.
    void add(std::string request_id, links::LegCompletion done);

private:
    struct Waiting {
        std::string request_id;
        links::LegCompletion done;
    };
    using Batch = std::vector<Waiting>;

    // Sends what waits, unless a message is under way.
    void send_next();
    void answered(Batch& batch, const Result<PeerAnswer>& answer);

    std::shared_ptr<PeerClient> peer_;
    CommitQueueOptions options_;
    std::mutex mutex_;
    std::deque<Waiting> waiting_;
    bool under_way_ = false;
};

// The errors of the contract that tell a requester something definite, by their code; else
// peer_refused.
Error error_of_code(std::string_view code);
// What a no with this code means for a commit or reversal: refused for good, or an error that may
// pass.
Result<links::LegAnswer> no_to_ending(std::string_view code);

}  // namespace huitong::gateway::institution
