// The inside of the wallet door. Included by its sources only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/door/plates.hpp"
#include "gateway/json_door/answer_mailbox.hpp"
#include "gateway/json_door/desk.hpp"
#include "gateway/json_door/reply.hpp"
#include "gateway/json_door/session_tokens.hpp"
#include "gateway/wallet/codes.hpp"
#include "gateway/wallet/door.hpp"
#include "gateway/wallet/issue_limit.hpp"

namespace huitong::gateway::wallet_door {

using json_door::as;
using json_door::Language;

// A no of the heart as this door says it: an order that a code of ours names and that is not there
// is a code that we do not know.
http::Response wallet_refusal(Error error, Language language);

// One request on its way, kept until it is answered.
struct Exchange {
    http::Request request;
    http::Responder responder;
    Language language = Language::chinese;
    Instant now;
    wallet::Session session;  // of all operations but the log-in
    Instant session_ends;
    std::vector<std::string> parameters;  // of the path, unescaped

    void yes(std::string body) { responder.send(json_door::json_answer(200, std::move(body))); }
    void done() { responder.send(json_door::no_content()); }
    void no(Error error) { responder.send(wallet_refusal(error, language)); }
    void no(const wire::json::FieldError& defect) {
        responder.send(json_door::refusal(defect, language));
    }
};
using ExchangePtr = std::shared_ptr<Exchange>;

// A payment that is not one step: the order must be looked at, or a password checked.
struct PaymentJob;
using PaymentJobPtr = std::shared_ptr<PaymentJob>;

class WalletDoor::Impl {
public:
    Impl(Parts parts, Options options);

    void handle(http::Request&& request, http::Responder responder);

private:
    using Operation = void (Impl::*)(const ExchangePtr&);
    struct Route;
    static const Route routes[];

    // Given the heart's yes; runs on its thread, so it must be brief.
    using Then = std::function<void(engine::Request&)>;
    // Submits; a no is told to the client.
    void ask(const ExchangePtr& exchange, engine::Command command, Then then);
    // Runs the work on a pool; overloaded when too much waits there.
    void on_lists(const ExchangePtr& exchange, std::move_only_function<void()> work);
    void on_passwords(const ExchangePtr& exchange, std::move_only_function<void()> work);

    void serve(const Route& route, const ExchangePtr& exchange);

    // session.cpp
    void log_in(const ExchangePtr& exchange);
    void finish_log_in(const ExchangePtr& exchange, const wallet::LogInAnswer& answer);
    void answer_session(const ExchangePtr& exchange, const wallet::User& user, Instant expires_at);
    void log_out(const ExchangePtr& exchange);
    void change_password(const ExchangePtr& exchange);
    void change_payment_password(const ExchangePtr& exchange);
    // Compares the payment password of the session's user on the pool; a no is told to the client.
    using Compared = std::function<void(wallet::PasswordCheck)>;
    void compare_payment_password(const ExchangePtr& exchange, crypto::Secret password,
                                  Compared then);

    // account.cpp
    void get_me(const ExchangePtr& exchange);
    void answer_me(const ExchangePtr& exchange, const engine::UserAnswer& user, Sequence seen);
    void bind_funding_source(const ExchangePtr& exchange);
    void top_up(const ExchangePtr& exchange);
    void answer_top_up(const ExchangePtr& exchange, const wallet::TopUpAnswer& answer,
                       Sequence seen);
    void list_history(const ExchangePtr& exchange);
    void answer_history(const ExchangePtr& exchange, engine::Page page, Sequence seen);

    // pay.cpp
    void resolve_code(const ExchangePtr& exchange);
    void answer_resolved(const ExchangePtr& exchange, const Target& target,
                         const engine::OrderAnswer& answer);
    void pay(const ExchangePtr& exchange);
    void pay_order(const ExchangePtr& exchange, Target target, PaymentBody body);
    void pay_now(http::Responder responder, Language language, switching::PayOrder command);
    void look_at_order(const PaymentJobPtr& job);
    void check_password(const PaymentJobPtr& job);
    void get_payment(const ExchangePtr& exchange);
    void answer_payment(const ExchangePtr& exchange, const switching::PaymentAnswer& answer,
                        Sequence seen);

    // payees.cpp
    void resolve_payee(const ExchangePtr& exchange, const Code& code);
    void answer_payee(const ExchangePtr& exchange, const institution::Resolution& found);
    void pay_payee(const ExchangePtr& exchange, PaymentBody body);
    void send_payment(const ExchangePtr& exchange, switching::PayCode command);
    void tell_payment(const ExchangePtr& exchange, PaymentId payment);

    // plates.cpp
    [[nodiscard]] Result<const acquiring::Merchant*> payee_of_plate(
        const engine::Directory& directory, std::string_view code) const;
    void resolve_plate(const ExchangePtr& exchange, const std::string& code);
    void pay_plate(const ExchangePtr& exchange, PaymentBody body);
    void make_plate_order(const ExchangePtr& exchange, const std::shared_ptr<PaymentBody>& body);
    void pay_made(const ExchangePtr& exchange, engine::Request& back, PaymentBody& body);

    // payer_codes.cpp
    void issue_payer_code(const ExchangePtr& exchange);
    void draw_payer_code(const ExchangePtr& exchange, int attempts);
    void list_confirming(const ExchangePtr& exchange);
    void answer_confirming(const ExchangePtr& exchange, Sequence seen);
    void confirm_payment(const ExchangePtr& exchange);
    void answer_confirmed(const ExchangePtr& exchange, const switching::Payment& payment);
    [[nodiscard]] std::string told(const switching::Payment& payment, Language language) const;

    Parts parts_;
    Options options_;
    json_door::SessionTokens tokens_;
    json_door::Passwords passwords_;
    json_door::PersonKeys person_keys_;
    json_door::People people_;
    ScannedCodes codes_;
    door::Plates plates_;
    IssueLimit issue_limit_;
    json_door::AnswerMailbox mailbox_;
    json_door::Desk lists_;
};

}  // namespace huitong::gateway::wallet_door
