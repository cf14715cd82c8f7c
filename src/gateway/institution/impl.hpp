// The inside of the institution door. Included by its sources only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/door/nonce_memory.hpp"
#include "gateway/institution/caller.hpp"
#include "gateway/institution/door.hpp"
#include "gateway/json_door/answer_mailbox.hpp"
#include "gateway/json_door/reply.hpp"
#include "wire/institution/positions.hpp"

namespace huitong::gateway::institution {

using json_door::as;
using json_door::Language;

// One request on its way, kept until it is answered. Its directory keeps participant and key alive.
struct Exchange {
    Exchange(http::Request&& what, http::Responder whom, Metrics& counted)
        : request(std::move(what)), responder(std::move(whom)), metrics(counted) {
        metrics.in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() { metrics.in_flight.fetch_sub(1, std::memory_order_relaxed); }

    [[nodiscard]] ParticipantId from() const { return caller.participant->id(); }

    http::Request request;
    http::Responder responder;
    Metrics& metrics;
    Language language = Language::chinese;
    Instant now;
    std::shared_ptr<const engine::Directory> directory;
    Caller caller;
    std::string text;                     // what is signed or MACed
    std::vector<std::string> parameters;  // of the path, unescaped
    bool proven = false;
};
using ExchangePtr = std::shared_ptr<Exchange>;

class InstitutionDoor::Impl {
public:
    Impl(Parts parts, Options options);

    void handle(http::Request&& request, http::Responder responder);
    [[nodiscard]] const Metrics& metrics() const { return metrics_; }

private:
    using Operation = void (Impl::*)(const ExchangePtr&);
    struct Route;
    static const Route routes[];

    // door.cpp: whose request it is, and the answer's proof.
    void authenticate(const Route& route, const ExchangePtr& exchange);
    [[nodiscard]] bool signature_holds(const Exchange& exchange);
    void admit(const Route& route, const ExchangePtr& exchange);
    void finish(const ExchangePtr& exchange, http::Response response);
    void yes(const ExchangePtr& exchange, std::string body);
    void no(const ExchangePtr& exchange, Error error);
    void no(const ExchangePtr& exchange, const wire::json::FieldError& defect);

    // Given the heart's yes; runs on its thread, so it must be brief.
    using Then = std::function<void(engine::Request&)>;
    // Submits; a no is told to the caller.
    void ask(const ExchangePtr& exchange, engine::Command command, Then then);

    // session_operations.cpp
    void sign_on(const ExchangePtr& exchange);
    void sign_off(const ExchangePtr& exchange);
    void change_key(const ExchangePtr& exchange);

    // payment_operations.cpp
    void resolve(const ExchangePtr& exchange);
    void pay(const ExchangePtr& exchange);
    void authorise(const ExchangePtr& exchange);
    void refund(const ExchangePtr& exchange);
    void query(const ExchangePtr& exchange);
    void request(const ExchangePtr& exchange, switching::RequestPayment command);
    void hold(const ExchangePtr& exchange, const switching::Payment& payment);
    void refuse_unless_known(const ExchangePtr& exchange, const switching::RequestPayment& command,
                             Error error);
    void answer_payment(const ExchangePtr& exchange, const switching::Payment& payment);

    // plate_operations.cpp
    void pay_plate(const ExchangePtr& exchange, switching::RequestPayment command);

    // ending_operations.cpp
    void commit(const ExchangePtr& exchange);
    void reverse(const ExchangePtr& exchange);
    void get_positions(const ExchangePtr& exchange);

    Parts parts_;
    Options options_;
    PeerKeys peer_keys_;
    SessionTable sessions_;
    door::NonceMemory nonces_;
    Metrics metrics_;
    json_door::AnswerMailbox mailbox_;
};

}  // namespace huitong::gateway::institution
