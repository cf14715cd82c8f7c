// The right to answer one request, once, from any thread.
//
// A Responder is moved to whoever will know the answer: the handler itself, the heart after its
// commit, a signature pool. Dropped unanswered it sends a 500, so no client waits for ever. It may
// outlive its connection, its server and even the I/O threads: the answer is then dropped, the work
// that was committed stays committed.
#pragma once

#include <cstdint>
#include <memory>

#include "gateway/http/message.hpp"

namespace huitong::gateway::http {

class Mailbox;

class Responder {
public:
    Responder() = default;  // Answers nobody.
    Responder(std::shared_ptr<Mailbox> mailbox, std::uint64_t session, std::uint64_t exchange);
    Responder(Responder&& other) noexcept = default;
    Responder& operator=(Responder&& other) noexcept;
    ~Responder();

    // The first call answers, later ones do nothing. Never blocks on the network.
    void send(Response&& response);

    [[nodiscard]] bool answered() const { return mailbox_ == nullptr; }

private:
    std::shared_ptr<Mailbox> mailbox_;  // Shared: it must outlive the thread that reads it.
    std::uint64_t session_ = 0;
    std::uint64_t exchange_ = 0;
};

// While one lives, the answers that this thread sends are kept back; its end hands them over with
// one lock and at most one wake-up for each I/O thread. The heart opens one for each commit.
class AnswerBatch {
public:
    AnswerBatch();
    ~AnswerBatch();
    AnswerBatch(const AnswerBatch&) = delete;
    AnswerBatch& operator=(const AnswerBatch&) = delete;
};

}  // namespace huitong::gateway::http
