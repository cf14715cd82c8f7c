// A plate of a merchant hosted here is paid by another institution: first its order is made, then
// that is paid like any other.
#include <utility>

#include "gateway/institution/impl.hpp"

namespace huitong::gateway::institution {
namespace {

// The order under the payment's key has other content, hence the key was used for something else.
Error as_of_payment(Error error) {
    return error == Error::order_number_reused ? Error::payment_key_reused : error;
}

Result<acquiring::CreateOrder> order_for(const Exchange& exchange, const door::Plates& plates,
                                         const switching::RequestPayment& command) {
    TRY(merchant, plates.merchant_of(command.code));
    TRY(payee, door::Plates::payee(exchange.directory->merchants, merchant));
    return door::Plates::order_of(*payee, {.asker = command.from.value,
                                           .request_id = command.request_id,
                                           .amount = command.amount,
                                           .now = exchange.now});
}

}  // namespace

// What is refused here may be a repeat of a payment that was made: then its answer is due.
void InstitutionDoor::Impl::pay_plate(const ExchangePtr& exchange,
                                      switching::RequestPayment command) {
    auto order = order_for(*exchange, parts_.plates, command);
    if (!order) return refuse_unless_known(exchange, command, order.error());
    parts_.heart.submit(std::make_unique<engine::Request>(
        *std::move(order), mailbox_,
        [this, exchange, command = std::move(command)](engine::Request& back) {
            if (!back.answer)
                return refuse_unless_known(exchange, command, as_of_payment(back.answer.error()));
            switching::RequestPayment payment = command;
            payment.order = as<engine::OrderAnswer>(back).order.id();
            payment.code.clear();
            request(exchange, std::move(payment));
        }));
}

}  // namespace huitong::gateway::institution
