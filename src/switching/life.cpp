#include "switching/life.hpp"

#include <algorithm>

#include "acquiring/state.hpp"
#include "base/ensure.hpp"
#include "ledger/draft.hpp"

namespace huitong::switching {
namespace {

using acquiring::Order;
using acquiring::OrderStatus;

// Is a yes between us and this institution pending until a commit? Over JSON always; over ISO 8583
// when the payer scanned: then it is an authorisation (0100) and its completion advice (0220). A
// till's 0200 is committed by its yes, and a refund by nothing else either.
bool commits(const Switching& switching, PaymentKind kind, ParticipantId id) {
    const Participant* participant = switching.participants.find(id);
    if (participant == nullptr || kind == PaymentKind::refund) return false;
    return kind == PaymentKind::mpm || participant->state.protocol == Protocol::json;
}

}  // namespace

Result<const Participant*> linked(const Switching& switching, ParticipantId id) {
    const Participant* participant = switching.participants.find(id);
    if (participant == nullptr) return refuse(Error::participant_not_found);
    if (participant->state.protocol == Protocol::hosted)
        return refuse(Error::participant_not_linked);
    if (participant->state.status != ParticipantStatus::active)
        return refuse(Error::participant_suspended);
    return participant;
}

Result<const Position*> position_of(const Switching& switching, ParticipantId id,
                                    Currency currency) {
    const Position* position = switching.positions.find(Position::key_of(id, currency));
    if (position == nullptr) return refuse(Error::currency_not_open);
    return position;
}

std::string request_key(PaymentId id) {
    return to_digits28("10", id.value);
}

Result<PaymentId> payment_of_key(std::string_view key) {
    TRY(id, parse_digits28("10", key));
    return PaymentId{id};
}

std::string original_on_link(const Payment& original) {
    if (original.terms.kind == PaymentKind::mpm) return "receiver:" + original.terms.request_id;
    return "sender:" + request_key(original.id());
}

// business-rules 5.3: position + reserved + amount <= cap; the account counts the other way round.
Result<void> Life::check_cap(const Payment& payment) {
    if (!payment.terms.payer_link.named()) return {};
    const Position* position = sides_.switching.positions.find(payment.terms.payer_account);
    if (position == nullptr) return {};  // A refund's, which has left the merchant's account.
    const std::int64_t left = effects_.draft.available(position->id()).minor;
    if (left - payment.terms.minor < -position->state.cap_minor)
        return refuse(Error::position_limit_exceeded);
    return {};
}

Decided<void> Life::ask_payer(Payment& payment) {
    payment.state.status = PaymentStatus::confirming;
    return change_order(payment, OrderStatus::locked);
}

Decided<void> Life::reserve(Payment& payment) {
    CHECK(check_cap(payment));
    CHECK(effects_.draft.room(payment.terms.payee_account, payment.amount()));
    CHECK(effects_.draft.hold(payment.terms.payer_account, payment.amount()));
    payment.state.status = PaymentStatus::reserved;
    CHECK(reserve_original(payment, payment.terms.minor));
    return change_order(payment, OrderStatus::locked);
}

Decided<void> Life::accept(Payment& payment) {
    if (!commits(sides_.switching, payment.terms.kind, payment.terms.requester_link()))
        return complete(payment);
    payment.state.accepted = true;
    return {};
}

Decided<void> Life::complete(Payment& payment) {
    const auto moved = effects_.draft.post_hold(payment.terms.payer_account,
                                                payment.terms.payee_account, payment.amount());
    ENSURE(moved.has_value());  // The money was held, and the payee had room for it.
    payment.state.status = PaymentStatus::completed;
    payment.state.accepted = false;
    payment.state.ended_at = now_;
    payment.state.commit_owed =
        commits(sides_.switching, payment.terms.kind, payment.terms.responder_link());
    CHECK(change_order(payment, OrderStatus::paid));
    return end_refund(payment, true);
}

Decided<void> Life::decline(Payment& payment, std::string reason) {
    const bool reserved = payment.state.status == PaymentStatus::reserved;
    payment.state.status = PaymentStatus::declined;
    payment.state.accepted = false;
    payment.state.ended_at = now_;
    payment.state.decline = std::move(reason);
    if (reserved) {
        effects_.draft.void_hold(payment.terms.payer_account, payment.amount());
        CHECK(reserve_original(payment, -payment.terms.minor));
        CHECK(end_refund(payment, false));
    }
    return change_order(payment, OrderStatus::open);
}

Decided<void> Life::give_up(Payment& payment, std::string reason) {
    CHECK(decline(payment, std::move(reason)));
    payment.state.status =
        payment.terms.responder_link().named() ? PaymentStatus::reversing : PaymentStatus::reversed;
    return {};
}

Decided<void> Life::undo(Payment& payment) {
    if (payment.state.refunded_minor > 0) return refuse(Error::payment_completed);
    const auto moved = effects_.draft.post(payment.terms.payee_account, payment.terms.payer_account,
                                           payment.amount());
    if (!moved) return refuse(Error::merchant_funds_insufficient);
    payment.state.commit_owed = false;
    payment.state.ended_at = now_;
    payment.state.decline = describe(Error::payment_reversed).name;
    payment.state.status =
        payment.terms.responder_link().named() ? PaymentStatus::reversing : PaymentStatus::reversed;
    return change_order(payment, OrderStatus::closed);  // Its merchant was told that it is paid.
}

// The order of a payee hosted here. A till's order is used up by its payment, whatever became of it
// (business-rules 1.4 C, E); one that was scanned may be paid by somebody else.
Decided<void> Life::change_order(const Payment& payment, OrderStatus to) {
    if (!payment.terms.order.named() || payment.terms.kind == PaymentKind::refund) return {};
    // A till's order is made by the entry that charges it.
    const auto& images = effects_.acquiring.orders;
    const auto made = std::ranges::find(images, payment.terms.order, &Image<Order>::id);
    if (made != images.end() && made->terms) {
        change_order(payment, Order{*made->terms, made->state}, to);
        return {};
    }
    TRY(order, sides_.acquiring.orders.find(payment.terms.order, Error::order_not_found));
    change_order(payment, *order, to);
    return {};
}

void Life::change_order(const Payment& payment, const Order& order, OrderStatus to) {
    const bool ours = order.state.payment == payment.id();
    const bool till = payment.terms.kind == PaymentKind::cpm;
    acquiring::OrderState state = order.state;
    if (to == OrderStatus::locked) state = acquiring::locked_state(order, payment.id());
    if (to == OrderStatus::paid)
        state = acquiring::paid_state(order, payment.id(), payment.terms.payer, now_);
    const bool for_good = till || to == OrderStatus::closed;
    if ((to == OrderStatus::open || to == OrderStatus::closed) && (ours || till))
        state = acquiring::unlocked_state(order, for_good, now_);
    if (state != order.state || to == OrderStatus::paid)
        put_image(effects_.acquiring.orders, changed<Order>(order.id(), state));
}

Decided<void> Life::reserve_original(const Payment& payment, std::int64_t minor) {
    if (!payment.terms.original.named()) return {};
    TRY(original, sides_.switching.payments.find(payment.terms.original, Error::payment_not_found));
    PaymentState state = original->state;
    state.refunded_minor += minor;
    put_image(effects_.switching.payments, changed<Payment>(original->id(), state));
    return {};
}

Decided<void> Life::end_refund(const Payment& payment, bool given) {
    if (!payment.terms.refund.named()) return {};
    return acquiring::end_refund(
        sides_.acquiring, payment.terms.refund,
        {.given = given, .decline = payment.state.decline, .from = payment.terms.payer_account},
        now_, effects_.draft, effects_.acquiring);
}

}  // namespace huitong::switching
