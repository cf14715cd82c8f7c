// Payees at other institutions: from a code that is none of ours to the end of its payment.
//
//     resolve   the session is looked at, then the resolver asks whose code it is
//     pay       the token says whom and how much; the payment is reserved and the courier asks
//     answer    when the payee's institution has answered, or when the time to wait is up
#include <algorithm>
#include <utility>

#include "gateway/links/waiters.hpp"
#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/payment_texts.hpp"

namespace huitong::gateway::wallet_door {
namespace {

// Whatever keeps the owner of a code from answering, or leaves its answer unproven, is one thing to
// a payer.
constexpr Error silences[] = {
    Error::peer_unreachable,      Error::peer_refused,          Error::peer_timeout,
    Error::peer_answer_malformed, Error::peer_answer_too_large, Error::peer_certificate_invalid,
    Error::mac_mismatch,          Error::signature_mismatch,    Error::participant_key_unknown};

Error told_of(Error error) {
    const bool silent = std::ranges::find(silences, error) != std::end(silences);
    return silent ? Error::institution_silent : error;
}

// As the code says, or as the payer does when the code leaves it open.
Parsed<Money> amount_to_pay(const std::optional<Money>& asked, const std::optional<Money>& given) {
    const auto refused = [](Error error, std::string issue) {
        return std::unexpected(wire::json::FieldError{error, "/amount", "", std::move(issue),
                                                      wire::json::Location::body});
    };
    if (!asked && !given) return refused(Error::field_missing, "is required: the code names none");
    if (asked && given && *asked != *given)
        return refused(Error::amount_mismatch, "is not the amount of the code");
    return asked ? *asked : *given;
}

}  // namespace

// Other institutions are asked for users only, so the session is looked at before.
void WalletDoor::Impl::resolve_payee(const ExchangePtr& exchange, const Code& code) {
    const auto* text = std::get_if<std::string>(&code);
    if (text != nullptr && plates_.merchant_of(*text)) return resolve_plate(exchange, *text);
    if (text == nullptr || !parts_.others.resolve) return exchange->no(Error::order_code_unknown);
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, text = *text](engine::Request&) {
            on_lists(exchange, [this, exchange, text] {
                parts_.others.resolve({.from = {}, .code = text},
                                      [this, exchange](Result<institution::Resolution> found) {
                                          if (!found) return exchange->no(told_of(found.error()));
                                          answer_payee(exchange, *found);
                                      });
            });
        });
}

void WalletDoor::Impl::answer_payee(const ExchangePtr& exchange,
                                    const institution::Resolution& found) {
    const auto payee = parts_.others.open(found.resolve_token);
    if (!payee) return exchange->no(payee.error());
    const auto directory = parts_.heart.directory();
    const auto* owner = directory->participants.find(payee->owner);
    exchange->yes(payee_json(
        {.resolution = found,
         .institution_name = owner == nullptr ? std::string_view{} : owner->state.name}));
}

void WalletDoor::Impl::pay_payee(const ExchangePtr& exchange, PaymentBody body) {
    if (plates_.merchant_of(body.payee_token)) return pay_plate(exchange, std::move(body));
    if (!parts_.others.open) return exchange->no(Error::resolve_token_unknown);
    const auto payee = parts_.others.open(body.payee_token);
    if (!payee) return exchange->no(payee.error());
    const auto amount = amount_to_pay(payee->amount, body.amount);
    if (!amount) return exchange->no(amount.error());
    if (!payee->owner.named())
        return pay_order(exchange, {.order = payee->order, .look_first = false, .invocation = {}},
                         std::move(body));

    switching::PayCode command{.session = exchange->session,
                               .to = payee->owner,
                               .amount = *amount,
                               .code = payee->inner,
                               .expires_at = payee->expires_at,
                               .subject = payee->payee_name,
                               .request_id = std::move(body.request_id),
                               .check = {}};
    if (!body.payment_password) return send_payment(exchange, std::move(command));
    compare_payment_password(
        exchange, *std::move(body.payment_password),
        [this, exchange, command = std::move(command)](wallet::PasswordCheck check) {
            switching::PayCode checked = command;
            checked.check = std::move(check);
            send_payment(exchange, std::move(checked));
        });
}

void WalletDoor::Impl::send_payment(const ExchangePtr& exchange, switching::PayCode command) {
    ask(exchange, std::move(command), [this, exchange](engine::Request& back) {
        const auto& payment = as<switching::Payment>(back);
        if (payment.state.decline == describe(Error::payment_password_wrong).name)
            return exchange->no(Error::payment_password_wrong);
        if (links::is_decided(payment)) return tell_payment(exchange, payment.id());
        parts_.others.wait(
            payment.id(), options_.payment_wait,
            [this, exchange, id = payment.id()](const std::optional<switching::Payment>&) {
                tell_payment(exchange, id);
            });
    });
}

// Asked for anew: the balance is told with it.
void WalletDoor::Impl::tell_payment(const ExchangePtr& exchange, PaymentId payment) {
    ask(exchange, switching::QueryPayment{exchange->session, payment},
        [this, exchange](engine::Request& back) {
            const auto& answer = as<switching::PaymentAnswer>(back);
            const auto directory = parts_.heart.directory();
            exchange->yes(payment_json(
                {.answer = answer,
                 .institution_name = institution_name(directory->participants, answer.payment),
                 .language = exchange->language}));
        });
}

}  // namespace huitong::gateway::wallet_door
