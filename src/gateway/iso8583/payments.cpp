// The responder's half: messages that ask us.
#include "gateway/iso8583/payments.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "gateway/iso8583/response_code.hpp"
#include "wire/iso8583/gbk.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using switching::Payment;
using switching::PaymentKind;
using switching::PaymentStatus;
using wire::iso8583::Mti;

// Section 5's mandatory sets, without what a payment by code has no use for: the account number
// (its place is the code's), and names.
constexpr unsigned purchase_fields[] = {3, 4, 7, 11, 12, 13, 18, 22, 25, 32, 33, 37, 41, 42, 49};
constexpr unsigned completion_fields[] = {3, 4, 7, 11, 25, 32, 33, 49, 90};
constexpr unsigned refund_fields[] = {3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49, 90};
constexpr unsigned reversal_fields[] = {7, 11, 32, 33, 90};

constexpr unsigned content_fields[] = {2, 3, 4, 7, 11, 18, 22, 25, 32, 33, 37, 41, 42, 48, 49, 90};
constexpr unsigned echoed_fields[] = {2,  3,  4,  7,  11, 12, 13, 14, 18, 25,
                                      28, 32, 33, 37, 41, 42, 49, 53, 122};

std::span<const unsigned> mandatory(MessageKind kind) {
    switch (kind) {
        case MessageKind::purchase:
        case MessageKind::authorisation:
            return purchase_fields;
        case MessageKind::completion:
            return completion_fields;
        case MessageKind::refund:
            return refund_fields;
        case MessageKind::reversal:
            return reversal_fields;
        case MessageKind::other:
            return {};
    }
    std::unreachable();
}

bool is_purchase(const Fields& fields) {
    const std::string_view condition = text_of(fields, 25);
    const bool known = condition == "00" || condition == "08" || condition == "82";
    return known && text_of(fields, 3) == "000000" && text_of(fields, 22).starts_with("03");
}

bool is_authorisation(const Fields& fields) {
    return text_of(fields, 25) == "06" && text_of(fields, 3) == "030000" &&
           text_of(fields, 22).starts_with("03");
}

bool is_completion(const Fields& fields) {
    return text_of(fields, 25) == "06" && text_of(fields, 3) == "000000";
}

// The payment of ours that field 90 names, by our reference, which tells what field 90 can't.
Result<PaymentId> own_original(const OriginalKey& key, const Fields& fields) {
    const auto id = payment_of_reference(text_of(fields, 37));
    const bool same = id && month_to_second(id_time(id->value)) == key.transmitted_at &&
                      fmt::format("{:06}", trace_number(id->value)) == key.stan;
    if (!same) return refuse(Error::payment_not_found);
    return *id;
}

}  // namespace

MessageKind kind_of(Mti mti, const Fields& fields) {
    const std::string_view type = mti.text().substr(0, 3);
    if (type == "042") return MessageKind::reversal;
    if (type == "020" && is_purchase(fields)) return MessageKind::purchase;
    if (type == "010" && is_authorisation(fields)) return MessageKind::authorisation;
    if (type == "022" && is_completion(fields)) return MessageKind::completion;
    if (type == "022" && text_of(fields, 3) == "200000") return MessageKind::refund;
    return MessageKind::other;
}

unsigned missing_field(MessageKind kind, const Fields& fields) {
    for (const unsigned field : mandatory(kind)) {
        if (!fields.contains(field)) return field;
    }
    return 0;
}

std::string content_digest(Mti mti, const Fields& fields) {
    std::string content(mti.text().substr(0, 3));
    for (const unsigned field : content_fields) {
        const auto found = fields.find(field);
        if (found == fields.end()) continue;
        content += fmt::format("|{}:{}:{}", field, found->second.size(), found->second);
    }
    return crypto::to_base64url(crypto::as_text(crypto::sha256(content)));
}

Result<switching::RequestPayment> request_of(Mti mti, const Fields& fields, const Asking& asking) {
    TRY(amount, money_of(fields));
    switching::RequestPayment command{.from = asking.from,
                                      .request_id = key_of(mti, fields).request_id(asking.now),
                                      .amount = amount,
                                      .content_digest = content_digest(mti, fields)};
    if (kind_of(mti, fields) == MessageKind::authorisation) {
        auto code = usage_in(asking.dialect, fields, merchant_code_usage);
        if (!code || code->empty()) return refuse(Error::field_format);
        command.kind = PaymentKind::mpm;
        command.code = *std::move(code);
        // A refund must bring it back, and whoever asks for one finds it here.
        command.subject = text_of(fields, 37);
        return command;
    }
    command.kind = PaymentKind::cpm;
    command.code_kind = switching::CodeKind::payer_code;
    command.code = usage_in(asking.dialect, fields, payer_code_usage)
                       .value_or(std::string(text_of(fields, 2)));
    if (command.code.empty()) return refuse(Error::field_format);
    const std::string name = wire::iso8583::utf8_of_gbk(text_of(fields, 43));
    command.subject = name.substr(0, name.find_last_not_of(' ') + 1);
    return command;
}

Result<switching::RequestPayment> refund_of(Mti mti, const Fields& fields, const Asking& asking) {
    TRY(amount, money_of(fields));
    TRY(original, parse_field_90(text_of(fields, 90)));
    switching::RequestPayment command{.from = asking.from,
                                      .request_id = key_of(mti, fields).request_id(asking.now),
                                      .kind = PaymentKind::refund,
                                      .amount = amount,
                                      .content_digest = content_digest(mti, fields)};
    if (original.forwarder == without_zeros(asking.own_code)) {
        TRY(id, own_original(original, fields));
        command.original = id;
        return command;
    }
    command.original_request_id = original.request_id(asking.now);
    return command;
}

Result<switching::ReversePayment> reversal_of(const Fields& fields, const Asking& asking) {
    TRY(original, parse_field_90(text_of(fields, 90)));
    return switching::ReversePayment{.from = asking.from,
                                     .request_id = original.request_id(asking.now)};
}

Result<switching::CommitPayment> completion_of(const Fields& fields, const Asking& asking) {
    TRY(original, parse_field_90(text_of(fields, 90)));
    return switching::CommitPayment{.from = asking.from,
                                    .request_id = original.request_id(asking.now)};
}

std::string_view code_of_payment(const Payment& payment) {
    const bool authorised =
        payment.state.status == PaymentStatus::reserved && payment.state.accepted;
    if (authorised || payment.state.status == PaymentStatus::completed) return approved;
    const Error reason = error_named(payment.state.decline);
    return code_of(reason == Error::count_ ? Error::peer_declined : reason);
}

// Section 8: 25 for an original that never came, and from then on it is refused; else done.
std::string_view code_of_reversal(const Payment& payment) {
    const bool remembered = payment.terms.content_digest.empty();
    return remembered ? "25" : approved;
}

Fields answer_to(MessageKind kind, const Fields& request, std::string_view code) {
    Fields answer;
    for (const unsigned field : echoed_fields) {
        if (const auto found = request.find(field); found != request.end()) answer.insert(*found);
    }
    if (kind == MessageKind::reversal) answer.erase(53);
    answer[39] = code;
    return answer;
}

void add_payment(Fields& answer, const Payment& payment, std::string_view own_code) {
    answer[15] = fmt::format("{:04}", payment.terms.window % 10'000);
    answer[100] = own_code;
    if (code_of_payment(payment) != approved) return;
    answer.try_emplace(14, "0000");
    answer[38] = fmt::format("{:06}", trace_number(payment.id().value));
}

}  // namespace huitong::gateway::iso8583
