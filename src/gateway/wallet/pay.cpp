// From a code to a receipt.
#include <utility>

#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/texts.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

// The heart's own request carries what its answer needs, so a payment without a password is one
// allocation and no hop between threads of ours.
struct PayRequest final : engine::Request {
    http::Responder responder;
    Language language = Language::chinese;
};

http::Response payment_response(const Result<engine::Answer>& answer, Language language) {
    if (!answer) return wallet_refusal(answer.error(), language);
    const auto* paid = std::get_if<switching::PaymentAnswer>(&*answer);
    ENSURE(paid != nullptr);
    if (paid->payment.state.decline == describe(Error::payment_password_wrong).name)
        return wallet_refusal(Error::payment_password_wrong, language);
    return json_door::json_answer(
        200, payment_json({.answer = *paid, .institution_name = {}, .language = language}));
}

PaymentView view_of(const switching::PaymentAnswer& answer, const Participants& participants,
                    Language language) {
    return {.answer = answer,
            .institution_name = institution_name(participants, answer.payment),
            .language = language};
}

}  // namespace

struct PaymentJob {
    ExchangePtr exchange;
    Target target;
    std::optional<crypto::Secret> password;
    switching::PayOrder command;
};

void WalletDoor::Impl::resolve_code(const ExchangePtr& exchange) {
    const auto code = parse_resolve(exchange->request.body);
    if (!code) return exchange->no(code.error());
    const auto target = codes_.target_of(*code);
    if (!target) return resolve_payee(exchange, *code);
    ask(exchange, engine::ResolveOrder{exchange->session, target->order},
        [this, exchange, target = *target](engine::Request& back) {
            if (!target.look_first)
                return answer_resolved(exchange, target, as<engine::OrderAnswer>(back));
            on_lists(exchange,
                     [this, exchange, target, answer = std::move(as<engine::OrderAnswer>(back))] {
                         answer_resolved(exchange, target, answer);
                     });
        });
}

void WalletDoor::Impl::answer_resolved(const ExchangePtr& exchange, const Target& target,
                                       const engine::OrderAnswer& answer) {
    const acquiring::Order& order = answer.order;
    const UserId user = exchange->session.user;
    if (target.invocation) {
        const auto verified =
            codes_.verify(*target.invocation, order, *parts_.heart.directory(), exchange->now);
        if (!verified) return exchange->no(verified.error());
    }
    if (order.terms.payer_openid != codes_.openid_for(order, user))
        return exchange->no(Error::order_payer_differs);
    if (exchange->now >= order.state.code_expires_at)
        return exchange->no(Error::order_code_expired);
    exchange->yes(resolved_json(
        {.answer = answer, .order_token = codes_.order_token(order), .asking = user}));
}

void WalletDoor::Impl::pay(const ExchangePtr& exchange) {
    auto body = parse_payment(exchange->request.body);
    if (!body) return exchange->no(body.error());
    if (body->payment_password) crypto::wipe(exchange->request.body);
    if (!body->payee_token.empty()) return pay_payee(exchange, *std::move(body));
    auto target =
        body->code ? codes_.target_of(*body->code) : codes_.target_of_token(body->order_token);
    if (!target) return exchange->no(target.error());
    pay_order(exchange, *std::move(target), *std::move(body));
}

void WalletDoor::Impl::pay_order(const ExchangePtr& exchange, Target target, PaymentBody body) {
    switching::PayOrder command{.session = exchange->session,
                                .order = target.order,
                                .request_id = std::move(body.request_id)};
    if (!target.look_first && !body.payment_password)
        return pay_now(std::move(exchange->responder), exchange->language, std::move(command));

    const auto job =
        std::make_shared<PaymentJob>(PaymentJob{.exchange = exchange,
                                                .target = std::move(target),
                                                .password = std::move(body.payment_password),
                                                .command = std::move(command)});
    if (job->target.look_first) return look_at_order(job);
    check_password(job);
}

void WalletDoor::Impl::pay_now(http::Responder responder, Language language,
                               switching::PayOrder command) {
    auto request = std::make_unique<PayRequest>();
    request->command = std::move(command);
    request->home = &mailbox_;
    request->responder = std::move(responder);
    request->language = language;
    request->done = [](engine::Request& back) {
        auto& paid = static_cast<PayRequest&>(back);
        paid.responder.send(payment_response(paid.answer, paid.language));
    };
    parts_.heart.submit(std::move(request));
}

void WalletDoor::Impl::look_at_order(const PaymentJobPtr& job) {
    ask(job->exchange, engine::ResolveOrder{job->exchange->session, job->target.order},
        [this, job](engine::Request& back) {
            on_lists(
                job->exchange, [this, job, order = std::move(as<engine::OrderAnswer>(back).order)] {
                    if (job->target.invocation) {
                        const auto verified =
                            codes_.verify(*job->target.invocation, order, *parts_.heart.directory(),
                                          job->exchange->now);
                        if (!verified) return job->exchange->no(verified.error());
                    }
                    job->command.openid = codes_.openid_for(order, job->exchange->session.user);
                    check_password(job);
                });
        });
}

void WalletDoor::Impl::check_password(const PaymentJobPtr& job) {
    const auto go_on = [this, job] {
        pay_now(std::move(job->exchange->responder), job->exchange->language,
                std::move(job->command));
    };
    if (!job->password) return go_on();
    compare_payment_password(job->exchange, *std::move(job->password),
                             [job, go_on](wallet::PasswordCheck check) {
                                 job->command.check = std::move(check);
                                 go_on();
                             });
}

void WalletDoor::Impl::get_payment(const ExchangePtr& exchange) {
    const auto id = wire::wechatpay::parse_transaction_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::payment_not_found);
    ask(exchange, switching::QueryPayment{exchange->session, *id},
        [this, exchange](engine::Request& back) {
            auto& answer = as<switching::PaymentAnswer>(back);
            if (answer.payment.state.refunded_minor == 0) {
                const auto directory = parts_.heart.directory();
                return exchange->yes(
                    payment_json(view_of(answer, directory->participants, exchange->language), {}));
            }
            on_lists(exchange, [this, exchange, seen = back.sequence, answer = std::move(answer)] {
                answer_payment(exchange, answer, seen);
            });
        });
}

void WalletDoor::Impl::answer_payment(const ExchangePtr& exchange,
                                      const switching::PaymentAnswer& answer, Sequence seen) {
    parts_.wait_stored(seen, options_.list_wait);
    const auto& terms = answer.payment.terms;
    const auto records = parts_.tables.refunds(terms.order);
    if (!records) return exchange->no(records.error());
    const auto payments = parts_.tables.returns(terms.payer, terms.id);
    if (!payments) return exchange->no(payments.error());
    const auto directory = parts_.heart.directory();
    exchange->yes(payment_json(view_of(answer, directory->participants, exchange->language),
                               {.records = *records, .payments = *payments}));
}

}  // namespace huitong::gateway::wallet_door
