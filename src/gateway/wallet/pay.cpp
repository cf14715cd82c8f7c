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
    return json_door::json_answer(200, payment_json(*paid, language));
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
    if (!target) return exchange->no(target.error());
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
    auto target =
        body->code ? codes_.target_of(*body->code) : codes_.target_of_token(body->order_token);
    if (!target) return exchange->no(target.error());
    switching::PayOrder command{.session = exchange->session,
                                .order = target->order,
                                .request_id = std::move(body->request_id)};
    if (!target->look_first && !body->payment_password)
        return pay_now(std::move(exchange->responder), exchange->language, std::move(command));

    crypto::wipe(exchange->request.body);
    const auto job =
        std::make_shared<PaymentJob>(PaymentJob{.exchange = exchange,
                                                .target = *std::move(target),
                                                .password = std::move(body->payment_password),
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
    if (!job->password)
        return pay_now(std::move(job->exchange->responder), job->exchange->language,
                       std::move(job->command));
    ask(job->exchange, engine::QueryUser{job->exchange->session},
        [this, job](engine::Request& back) {
            const wallet::User& user = as<engine::UserAnswer>(back).user;
            Sealed kept = user.state.payment_password.record;
            if (kept.bytes.empty()) return job->exchange->no(Error::payment_password_wrong);
            on_passwords(job->exchange, [this, job, kept = std::move(kept),
                                         login_key = user.terms.login_key] {
                const auto matches = passwords_.matches(
                    *job->password, json_door::payment_password_context(login_key), kept);
                if (!matches) return job->exchange->no(Error::store_failed);
                job->command.check = wallet::PasswordCheck{.compared = kept, .matches = *matches};
                pay_now(std::move(job->exchange->responder), job->exchange->language,
                        std::move(job->command));
            });
        });
}

void WalletDoor::Impl::get_payment(const ExchangePtr& exchange) {
    const auto id = wire::wechatpay::parse_transaction_id(exchange->parameters.front());
    if (!id) return exchange->no(Error::payment_not_found);
    ask(exchange, switching::QueryPayment{exchange->session, *id},
        [this, exchange](engine::Request& back) {
            auto& answer = as<switching::PaymentAnswer>(back);
            if (answer.payment.state.refunded_minor == 0)
                return exchange->yes(payment_json(answer, {}, exchange->language));
            on_lists(exchange, [this, exchange, seen = back.sequence, answer = std::move(answer)] {
                answer_payment(exchange, answer, seen);
            });
        });
}

void WalletDoor::Impl::answer_payment(const ExchangePtr& exchange,
                                      const switching::PaymentAnswer& answer, Sequence seen) {
    parts_.wait_stored(seen, options_.list_wait);
    const auto refunds = parts_.tables.refunds(answer.payment.terms.order);
    if (!refunds) return exchange->no(refunds.error());
    exchange->yes(payment_json(answer, *refunds, exchange->language));
}

}  // namespace huitong::gateway::wallet_door
