#include "gateway/wallet/payment_texts.hpp"

#include <utility>

#include "gateway/door/merchant_texts.hpp"
#include "gateway/json_door/values.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using acquiring::Refund;
using json_door::write_amount;
using json_door::write_decline;
using json_door::write_time;
using switching::Payment;
using switching::PaymentStatus;
using wire::json::Writer;

// A payment that was given up says why as well.
void write_payment(Writer& json, const Payment& payment, Language language) {
    json.text("payment_id", wire::wechatpay::transaction_id(payment.id()));
    json.text("state", json_door::to_text(payment.state.status));
    if (!payment.state.decline.empty()) write_decline(json, payment.state.decline, language);
    write_amount(json, "amount", payment.amount());
}

// Who was paid and for what. Of a till at another institution only the institution is known.
void write_payee(Writer& json, std::string_view merchant, std::string_view description,
                 std::string_view institution) {
    json.text("merchant_name", merchant.empty() ? institution : merchant);
    json.text_if("institution_name", institution);
    json.text("description", description);
}

// The number by which a merchant hosted here knows what was paid.
void write_transaction(Writer& json, const Payment& payment) {
    if (payment.state.status == PaymentStatus::completed && payment.terms.order.named())
        json.text("transaction_id", door::transaction_id_of(payment.terms.order));
}

bool is_final(PaymentStatus status) {
    return status == PaymentStatus::completed || status == PaymentStatus::declined ||
           status == PaymentStatus::reversed;
}

void write_payment_times(Writer& json, const Payment& payment) {
    write_time(json, "created_at", payment.terms.created_at);
    if (is_final(payment.state.status)) write_time(json, "completed_at", payment.state.ended_at);
}

void write_answer(Writer& json, const PaymentView& view) {
    const switching::PaymentAnswer& answer = view.answer;
    write_payment(json, answer.payment, view.language);
    write_payee(json, answer.merchant_name, answer.description, view.institution_name);
    json.text_if("out_trade_no", answer.out_trade_no);
    write_transaction(json, answer.payment);
    write_payment_times(json, answer.payment);
}

// What a payer is shown of a refund, wherever it came from.
struct RefundItem {
    RefundId number;
    PaymentId original;
    acquiring::RefundStatus status;
    Money amount;
    std::string_view reason;
    Instant created_at;
    Instant ended_at;
};

RefundItem item_of(const Refund& refund) {
    return {
        .number = refund.id(),
        .original = refund.terms.payment,
        .status = refund.state.status,
        .amount = {refund.terms.minor, refund.terms.currency},
        .reason = refund.terms.reason,
        .created_at = refund.terms.created_at,
        .ended_at = refund.state.ended_at
    };
}

acquiring::RefundStatus refund_status(PaymentStatus status) {
    switch (status) {
        case PaymentStatus::completed:
            return acquiring::RefundStatus::success;
        case PaymentStatus::reserved:
        case PaymentStatus::confirming:
            return acquiring::RefundStatus::processing;
        case PaymentStatus::declined:
        case PaymentStatus::reversing:
        case PaymentStatus::reversed:
            return acquiring::RefundStatus::closed;
    }
    std::unreachable();
}

// Ids are of one source, so the payment's own number is no other refund's.
RefundItem item_of(const Payment& refund) {
    return {.number = {refund.id().value},
            .original = refund.terms.original,
            .status = refund_status(refund.state.status),
            .amount = refund.amount(),
            .reason = refund.terms.subject,
            .created_at = refund.terms.created_at,
            .ended_at = refund.state.ended_at};
}

void write_refund(Writer& json, const RefundItem& refund, std::string_view merchant,
                  std::string_view institution) {
    json.begin_object();
    json.text("kind", "REFUND");
    json.text("refund_id", wire::wechatpay::refund_id(refund.number));
    json.text("payment_id", wire::wechatpay::transaction_id(refund.original));
    json.text("state", json_door::to_text(refund.status));
    write_amount(json, "amount", refund.amount);
    json.text("merchant_name", merchant.empty() ? institution : merchant);
    json.text_if("institution_name", institution);
    json.text_if("description", refund.reason);
    write_time(json, "created_at", refund.created_at);
    if (refund.ended_at.ms != 0) write_time(json, "completed_at", refund.ended_at);
    json.end_object();
}

}  // namespace

std::string payee_json(const PayeeView& view) {
    const institution::Resolution& found = view.resolution;
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("kind", "PAYEE");
    json.begin_object("payee");
    json.text("payee_token", found.resolve_token);
    json.text("payee_name", found.payee_name);
    json.text("payee_kind", to_text(found.payee_kind));
    json.text_if("institution_name", view.institution_name);
    if (found.amount) write_amount(json, "amount", *found.amount);
    json.text_if("description", found.subject);
    write_time(json, "expires_at", found.expires_at);
    json.end_object();
    json.end_object();
    return body;
}

std::string_view institution_name(const Participants& participants, const Payment& payment) {
    const bool refund = payment.terms.kind == switching::PaymentKind::refund;
    const auto* other =
        participants.find(refund ? payment.terms.payer_link : payment.terms.payee_link);
    return other == nullptr ? std::string_view{} : other->state.name;
}

std::string payment_json(const PaymentView& view) {
    const switching::PaymentAnswer& answer = view.answer;
    std::string body;
    body.reserve(640);
    Writer json(body);
    json.begin_object();
    write_answer(json, view);
    if (answer.payment.state.status == PaymentStatus::completed)
        write_amount(json, "balance_after",
                     {answer.available_minor, answer.payment.terms.currency});
    json.end_object();
    return body;
}

std::string payment_json(const PaymentView& view, const Refunds& refunds) {
    const Payment& payment = view.answer.payment;
    const std::string_view merchant = view.answer.merchant_name;
    std::string body;
    Writer json(body);
    json.begin_object();
    write_answer(json, view);
    if (payment.state.refunded_minor > 0)
        write_amount(json, "refunded", {payment.state.refunded_minor, payment.terms.currency});
    json.begin_array("refunds");
    for (const Refund& refund : refunds.records) {
        if (refund.terms.payment == payment.id())
            write_refund(json, item_of(refund), merchant, view.institution_name);
    }
    for (const Payment& refund : refunds.payments)
        write_refund(json, item_of(refund), merchant, view.institution_name);
    json.end_array();
    json.end_object();
    return body;
}

void write_item(Writer& json, const PaymentItem& view) {
    const Payment& payment = view.payment;
    if (payment.terms.kind == switching::PaymentKind::refund)
        return write_refund(json, item_of(payment), view.item.merchant_name, view.institution_name);
    json.begin_object();
    json.text("kind", "PAYMENT");
    write_payment(json, payment, view.language);
    write_payee(json, view.item.merchant_name, view.item.description, view.institution_name);
    write_transaction(json, payment);
    write_payment_times(json, payment);
    json.end_object();
}

void write_item(Writer& json, const Refund& refund, std::string_view merchant_name) {
    write_refund(json, item_of(refund), merchant_name, {});
}

std::string charge_json(const ChargeView& view) {
    const Payment& payment = view.payment;
    std::string body;
    Writer json(body);
    json.begin_object();
    write_payment(json, payment, view.language);
    json.text("payee_name", view.payee_name);
    json.text("description", payment.terms.subject);
    write_payment_times(json, payment);
    if (payment.state.status == PaymentStatus::confirming)
        write_time(json, "expires_at", payment.terms.created_at + view.payer_confirmation);
    json.end_object();
    return body;
}

std::string charges_json(std::span<const std::string> charges) {
    std::string body = R"({"items":[)";
    for (const std::string& charge : charges) {
        if (&charge != &charges.front()) body += ',';
        body += charge;
    }
    return body += "]}";
}

}  // namespace huitong::gateway::wallet_door
