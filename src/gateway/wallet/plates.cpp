// Plates of merchants hosted here: the code stands for the payee, and the payer enters the amount.
// Each payment is for an order of its own, which is made first; its number comes from the payer and
// the payment's key, so a repeat finds the same order, and with it the first answer.
#include <utility>

#include "gateway/institution/resolver.hpp"
#include "gateway/wallet/impl.hpp"
#include "gateway/wallet/texts.hpp"

namespace huitong::gateway::wallet_door {
namespace {

// The order that was made under this key has come to an end: it says which.
bool has_ended(Error error) {
    return error == Error::order_number_paid || error == Error::order_closed ||
           error == Error::order_expired;
}

}  // namespace

Result<const acquiring::Merchant*> WalletDoor::Impl::payee_of_plate(
    const engine::Directory& directory, std::string_view code) const {
    TRY(merchant, plates_.merchant_of(code));
    return door::Plates::payee(directory.merchants, merchant);
}

void WalletDoor::Impl::resolve_plate(const ExchangePtr& exchange, const std::string& code) {
    ask(exchange, engine::QueryUser{exchange->session}, [this, exchange, code](engine::Request&) {
        const auto directory = parts_.heart.directory();
        const auto payee = payee_of_plate(*directory, code);
        if (!payee) return exchange->no(payee.error());
        exchange->yes(payee_json({
            .resolution = {.payee_name = (*payee)->state.name,
                           .code_kind = wire::institution::CodeKind::merchant_static,
                           .resolve_token = code,
                           .expires_at = exchange->now + institution::resolve_token_life},
            .institution_name = {}
        }));
    });
}

// No order is made for a session that has ended.
void WalletDoor::Impl::pay_plate(const ExchangePtr& exchange, PaymentBody body) {
    if (!body.amount)
        return exchange->no({Error::field_missing, "/amount", "",
                             "is required: the code names none", wire::json::Location::body});
    const auto shared = std::make_shared<PaymentBody>(std::move(body));
    ask(exchange, engine::QueryUser{exchange->session},
        [this, exchange, shared](engine::Request&) { make_plate_order(exchange, shared); });
}

void WalletDoor::Impl::make_plate_order(const ExchangePtr& exchange,
                                        const std::shared_ptr<PaymentBody>& body) {
    const auto directory = parts_.heart.directory();
    const auto payee = payee_of_plate(*directory, body->payee_token);
    if (!payee) return exchange->no(payee.error());
    auto order = door::Plates::order_of(**payee, {.asker = exchange->session.user.value,
                                                  .request_id = body->request_id,
                                                  .amount = *body->amount,
                                                  .now = exchange->now});
    if (!order) return exchange->no(order.error());
    const acquiring::OrderRef ref{.merchant = order->terms.merchant,
                                  .out_trade_no = order->terms.out_trade_no};
    parts_.heart.submit(std::make_unique<engine::Request>(
        *std::move(order), mailbox_, [this, exchange, body, ref](engine::Request& back) {
            if (back.answer) return pay_made(exchange, back, *body);
            const Error error = back.answer.error();
            if (error == Error::order_number_reused) return exchange->no(Error::payment_key_reused);
            if (!has_ended(error)) return exchange->no(error);
            ask(exchange, engine::QueryOrder{ref},
                [this, exchange, body](engine::Request& seen) { pay_made(exchange, seen, *body); });
        }));
}

void WalletDoor::Impl::pay_made(const ExchangePtr& exchange, engine::Request& back,
                                PaymentBody& body) {
    const OrderId order = as<engine::OrderAnswer>(back).order.id();
    pay_order(exchange, {.order = order, .look_first = false, .invocation = {}}, std::move(body));
}

}  // namespace huitong::gateway::wallet_door
