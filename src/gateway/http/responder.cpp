#include "gateway/http/responder.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "gateway/http/connection/io_thread.hpp"
#include "gateway/http/connection/mailbox.hpp"
#include "gateway/http/connection/session.hpp"

namespace huitong::gateway::http {
namespace {

// What one thread keeps back: a few I/O threads at most, so a list serves.
struct Held {
    std::shared_ptr<Mailbox> mailbox;
    std::vector<Mailbox::Task> tasks;
};

thread_local std::vector<Held> held;
thread_local int batches_open = 0;

void hold(const std::shared_ptr<Mailbox>& mailbox, Mailbox::Task task) {
    for (Held& entry : held) {
        if (entry.mailbox == mailbox) return entry.tasks.push_back(std::move(task));
    }
    held.push_back({.mailbox = mailbox, .tasks = {}});
    held.back().tasks.push_back(std::move(task));
}

}  // namespace

Responder::Responder(std::shared_ptr<Mailbox> mailbox, std::uint64_t session,
                     std::uint64_t exchange)
    : mailbox_(std::move(mailbox)), session_(session), exchange_(exchange) {}

Responder& Responder::operator=(Responder&& other) noexcept {
    if (this == &other) return *this;
    const Responder dropped = std::move(*this);
    mailbox_ = std::move(other.mailbox_);
    session_ = other.session_;
    exchange_ = other.exchange_;
    return *this;
}

Responder::~Responder() {
    if (mailbox_ == nullptr) return;
    mailbox_->post([session = session_, exchange = exchange_](IoThread* thread) {
        Session::answer_missing(*thread, session, exchange);
    });
}

void Responder::send(Response&& response) {
    if (mailbox_ == nullptr) return;
    const auto mailbox = std::move(mailbox_);
    if (Session::answer_now(*mailbox, session_, exchange_, response)) return;
    Mailbox::Task task = [session = session_, exchange = exchange_,
                          response = std::move(response)](IoThread* thread) mutable {
        Session::answer(*thread, session, exchange, std::move(response));
    };
    if (batches_open > 0) return hold(mailbox, std::move(task));
    mailbox->post(std::move(task));
}

AnswerBatch::AnswerBatch() {
    ++batches_open;
}

AnswerBatch::~AnswerBatch() {
    if (--batches_open > 0) return;
    for (Held& entry : held) {
        entry.mailbox->post(std::move(entry.tasks));
    }
    held.clear();
}

}  // namespace huitong::gateway::http
