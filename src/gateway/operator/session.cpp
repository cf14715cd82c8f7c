// Operators, logging in and out.
#include <utility>

#include "gateway/operator/impl.hpp"

namespace huitong::gateway::operator_door {

void OperatorDoor::Impl::log_in(const ExchangePtr& exchange) {
    auto parsed = parse_credentials(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    const auto given = std::make_shared<Credentials>(*std::move(parsed));
    const auto* known = exchange->directory->operators.find(NaturalKey{0, given->name});
    Sealed record;
    if (known != nullptr) record = known->state.password.record;
    on_passwords(exchange, [this, exchange, given, record = std::move(record)] {
        // The same work for a name that nobody has.
        const Result<bool> matches =
            record.bytes.empty()
                ? passwords_.matches_nobody(given->password)
                : passwords_.matches(given->password,
                                     json_door::operator_password_context(given->name), record);
        if (!matches) return exchange->no(Error::store_failed);
        ask(exchange,
            switching::OperatorLogIn{
                .name = given->name,
                .check = {.compared = record, .matches = *matches},
                .fresh = std::nullopt
        },
            [this, exchange](engine::Request& back) {
                const auto& answer = as<switching::OperatorLogInAnswer>(back);
                if (!answer.matches) return exchange->no(Error::credentials_wrong);
                exchange->yes(session_of(answer.who, exchange->now + options_.session_life));
            });
    });
}

std::string OperatorDoor::Impl::session_of(const switching::Operator& who,
                                           Instant expires_at) const {
    const std::string token = tokens_.issue(
        {.id = who.id().value, .epoch = who.state.session_epoch, .expires_at = expires_at});
    return session_json({.token = token, .expires_at = expires_at, .who = who});
}

// A change of the password to itself: the session proves the operator, and the change ends all
// sessions.
void OperatorDoor::Impl::log_out(const ExchangePtr& exchange) {
    const Sealed& record = exchange->who->state.password.record;
    ask(exchange,
        switching::OperatorLogIn{
            .name = exchange->who->terms.name,
            .check = {.compared = record, .matches = true},
            .fresh = record
    },
        [exchange](engine::Request&) { exchange->done(); });
}

void OperatorDoor::Impl::change_password(const ExchangePtr& exchange) {
    auto parsed = parse_password(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    const auto body = std::make_shared<PasswordBody>(*std::move(parsed));
    on_passwords(exchange, [this, exchange, body] {
        const std::string& name = exchange->who->terms.name;
        const Sealed& kept = exchange->who->state.password.record;
        const std::string context = json_door::operator_password_context(name);
        const auto matches = passwords_.matches(body->old, context, kept);
        const auto fresh = passwords_.record(body->fresh, context);
        if (!matches || !fresh) return exchange->no(Error::store_failed);
        ask(exchange,
            switching::OperatorLogIn{
                .name = name, .check = {.compared = kept, .matches = *matches},
                     .fresh = *fresh
        },
            [this, exchange](engine::Request& back) {
                const auto& answer = as<switching::OperatorLogInAnswer>(back);
                if (!answer.matches) return exchange->no(Error::credentials_wrong);
                // All sessions have ended, so the one that asked gets a new token.
                exchange->yes(session_of(answer.who, exchange->session_ends));
            });
    });
}

void OperatorDoor::Impl::create_operator(const ExchangePtr& exchange) {
    auto parsed = parse_operator(exchange->request.body);
    crypto::wipe(exchange->request.body);
    if (!parsed) return exchange->no(parsed.error());
    const auto body = std::make_shared<Credentials>(*std::move(parsed));
    if (exchange->directory->operators.find(NaturalKey{0, body->name}) != nullptr)
        return exchange->no(Error::login_name_taken);
    on_passwords(exchange, [this, exchange, body] {
        const auto record =
            passwords_.record(body->password, json_door::operator_password_context(body->name));
        if (!record) return exchange->no(Error::store_failed);
        ask(exchange, switching::OpenOperator{.name = body->name, .password = *record},
            [exchange](engine::Request& back) {
                exchange->yes(operator_json(as<switching::Operator>(back)), 201);
            });
    });
}

}  // namespace huitong::gateway::operator_door
