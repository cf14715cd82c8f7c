// From a code to a payment's answer.
#include <utility>

#include "gateway/institution/impl.hpp"
#include "gateway/institution/payments.hpp"

namespace huitong::gateway::institution {

void InstitutionDoor::Impl::resolve(const ExchangePtr& exchange) {
    auto wish = wire::institution::parse_resolve(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    parts_.resolve({.from = exchange->from(), .code = std::move(wish->code)},
                   [this, exchange](Result<Resolution> found) {
                       if (!found) return no(exchange, found.error());
                       yes(exchange, to_json(*found));
                   });
}

void InstitutionDoor::Impl::pay(const ExchangePtr& exchange) {
    const auto wish = wire::institution::parse_pay(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    auto command = command_of(*wish, exchange->from());
    const auto payee = parts_.tokens.open(wish->resolve_token, exchange->from(), exchange->now);
    if (!payee) return refuse_unless_known(exchange, command, payee.error());
    if (wish->code_kind && static_cast<switching::CodeKind>(*wish->code_kind) != payee->code_kind)
        return no(exchange, {Error::field_range, "/code_kind", "", "is not the kind of the token",
                             wire::json::Location::body});
    set_payee(command, *payee);
    if (payee->is_plate()) return pay_plate(exchange, std::move(command));
    request(exchange, std::move(command));
}

void InstitutionDoor::Impl::authorise(const ExchangePtr& exchange) {
    const auto wish = wire::institution::parse_authorise(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    auto command = command_of(*wish, exchange->from());
    const auto owner =
        owner_of_code(parts_.recognise, *exchange->directory, wish->payer_code, exchange->from());
    if (!owner) return refuse_unless_known(exchange, command, owner.error());
    command.to = *owner;
    request(exchange, std::move(command));
}

void InstitutionDoor::Impl::refund(const ExchangePtr& exchange) {
    const auto wish = wire::institution::parse_refund(exchange->request.body);
    if (!wish) return no(exchange, wish.error());
    auto command = command_of(*wish, exchange->from());
    if (!command) return no(exchange, Error::payment_not_found);
    request(exchange, *std::move(command));
}

void InstitutionDoor::Impl::request(const ExchangePtr& exchange,
                                    switching::RequestPayment command) {
    ask(exchange, std::move(command), [this, exchange](engine::Request& back) {
        const auto& payment = as<switching::Payment>(back);
        if (state_of(payment) == wire::institution::PaymentState::processing)
            return hold(exchange, payment);
        answer_payment(exchange, payment);
    });
}

// Another institution has still to answer. When the time is up, or the answer slipped in before we
// waited for it, the payment is looked at once more.
void InstitutionDoor::Impl::hold(const ExchangePtr& exchange, const switching::Payment& payment) {
    metrics_.held.fetch_add(1, std::memory_order_relaxed);
    parts_.wait(payment.id(), options_.hold,
                [this, exchange, key = payment.terms.request_id](
                    std::optional<switching::Payment> decided) mutable {
                    if (decided) return answer_payment(exchange, *decided);
                    ask(exchange, switching::QueryRequest{exchange->from(), std::move(key)},
                        [this, exchange](engine::Request& back) {
                            answer_payment(exchange, as<switching::Payment>(back));
                        });
                });
}

// The door's own no is given only to a request that the heart has never seen: to a repeat, the
// first answer is due whatever has become of the token or the code's owner since.
void InstitutionDoor::Impl::refuse_unless_known(const ExchangePtr& exchange,
                                                const switching::RequestPayment& command,
                                                Error error) {
    switching::QueryRequest query{command.from, command.request_id};
    parts_.heart.submit(std::make_unique<engine::Request>(
        std::move(query), mailbox_,
        [this, exchange, digest = command.content_digest, error](engine::Request& back) {
            if (!back.answer)
                return no(exchange, back.answer.error() == Error::payment_not_found
                                        ? error
                                        : back.answer.error());
            const auto& payment = as<switching::Payment>(back);
            const std::string& known = payment.terms.content_digest;
            if (!known.empty() && known != digest) return no(exchange, Error::payment_key_reused);
            answer_payment(exchange, payment);
        }));
}

void InstitutionDoor::Impl::query(const ExchangePtr& exchange) {
    switching::QueryRequest query{exchange->from(), exchange->parameters.front()};
    ask(exchange, std::move(query), [this, exchange](engine::Request& back) {
        answer_payment(exchange, as<switching::Payment>(back));
    });
}

void InstitutionDoor::Impl::answer_payment(const ExchangePtr& exchange,
                                           const switching::Payment& payment) {
    yes(exchange, to_json(view_of(payment, exchange->language)));
}

}  // namespace huitong::gateway::institution
