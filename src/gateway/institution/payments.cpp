#include "gateway/institution/payments.hpp"

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace huitong::gateway::institution {
namespace {

using switching::Payment;
using switching::PaymentKind;
using switching::PaymentStatus;
using wire::institution::PaymentState;
using wire::institution::PaymentView;
using wire::institution::RequestedBy;

constexpr std::string_view sender_prefix = "sender:";
constexpr std::string_view receiver_prefix = "receiver:";

// What we write of a message is the same for the same content, however it was written to us.
std::string digest_of(const std::string& content) {
    return crypto::to_base64url(crypto::as_text(crypto::sha256(content)));
}

std::string shortened(const std::string& text, std::size_t characters_max) {
    std::size_t end = 0;
    for (std::size_t count = 0; count < characters_max && end < text.size(); ++count) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    }
    return text.substr(0, end);
}

constexpr std::size_t subject_characters_max = 128;

}  // namespace

switching::RequestPayment command_of(const wire::institution::Pay& pay, ParticipantId from) {
    return {.from = from,
            .request_id = pay.request_id,
            .kind = PaymentKind::mpm,
            .amount = pay.amount,
            .subject = pay.subject,
            .content_digest = digest_of(to_json(pay))};
}

switching::RequestPayment command_of(const wire::institution::Authorise& authorise,
                                     ParticipantId from) {
    return {.from = from,
            .request_id = authorise.request_id,
            .kind = PaymentKind::cpm,
            .code_kind = switching::CodeKind::payer_code,
            .amount = authorise.amount,
            .code = authorise.payer_code,
            .subject = authorise.subject,
            .content_digest = digest_of(to_json(authorise))};
}

Result<switching::RequestPayment> command_of(const wire::institution::Refund& refund,
                                             ParticipantId from) {
    switching::RequestPayment command{.from = from,
                                      .request_id = refund.request_id,
                                      .kind = PaymentKind::refund,
                                      .amount = refund.amount,
                                      .subject = refund.reason,
                                      .content_digest = digest_of(to_json(refund))};
    if (refund.original.requested_by == RequestedBy::sender) {
        command.original_request_id = refund.original.request_id;
        return command;
    }
    TRY(original, switching::payment_of_key(refund.original.request_id));
    command.original = original;
    return command;
}

void set_payee(switching::RequestPayment& command, const TokenContent& payee) {
    command.code_kind = payee.code_kind;
    command.to = payee.owner;
    command.order = payee.order;
    command.code = payee.inner;
}

PaymentState state_of(const Payment& payment) {
    switch (payment.state.status) {
        case PaymentStatus::completed:
            return PaymentState::completed;
        case PaymentStatus::declined:
            return PaymentState::declined;
        case PaymentStatus::reserved:
            return payment.state.accepted ? PaymentState::accepted : PaymentState::processing;
        case PaymentStatus::reversing:
        case PaymentStatus::reversed:
            return PaymentState::reversed;
        case PaymentStatus::confirming:
            return PaymentState::userpaying;
    }
    std::unreachable();
}

PaymentView view_of(const Payment& payment, Language language) {
    PaymentView view{.request_id = payment.terms.request_id,
                     .payment_id = switching::request_key(payment.id()),
                     .state = state_of(payment),
                     .created_at = payment.terms.created_at};
    if (payment.terms.minor > 0) view.amount = payment.amount();
    if (payment.state.ended_at.ms != 0) view.ended_at = payment.state.ended_at;
    if (payment.state.decline.empty()) return view;
    Error error = error_named(payment.state.decline);
    if (error == Error::count_) error = Error::peer_declined;  // A newer program wrote it.
    view.decline = {.code = std::string(json_door::code_of(error)),
                    .reason = std::string(describe(error).name),
                    .message = std::string(json_door::message_of(error, language))};
    return view;
}

wire::institution::Pay pay_of(const Payment& payment) {
    return {.request_id = switching::request_key(payment.id()),
            .resolve_token = payment.terms.code,
            .amount = payment.amount(),
            .subject = shortened(payment.terms.subject, subject_characters_max)};
}

wire::institution::Authorise authorise_of(const Payment& payment) {
    return {.request_id = switching::request_key(payment.id()),
            .payer_code = payment.terms.code,
            .amount = payment.amount(),
            .subject = shortened(payment.terms.subject, subject_characters_max),
            .terminal = {}};
}

wire::institution::Refund refund_of(const Payment& payment) {
    const std::string_view code = payment.terms.code;
    const bool sender = code.starts_with(sender_prefix);
    ENSURE(sender || code.starts_with(receiver_prefix));  // switching::original_on_link wrote it.
    const std::string_view prefix = sender ? sender_prefix : receiver_prefix;
    return {
        .request_id = switching::request_key(payment.id()),
        .original = {.requested_by = sender ? RequestedBy::sender : RequestedBy::receiver,
                     .request_id = std::string(code.substr(prefix.size()))},
        .amount = payment.amount(),
        .reason = shortened(payment.terms.subject, subject_characters_max)
    };
}

}  // namespace huitong::gateway::institution
