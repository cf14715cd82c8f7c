// The requester's half: what we ask of others.
#include <algorithm>
#include <fmt/format.h>

#include "gateway/iso8583/payments.hpp"
#include "wire/iso8583/gbk.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using switching::Payment;
using switching::PaymentKind;

constexpr std::string_view sender_prefix = "sender:";
constexpr std::string_view receiver_prefix = "receiver:";
constexpr std::size_t account_digits_max = 19;
constexpr std::size_t name_bytes = 40;

bool fits_account_number(std::string_view code) {
    return !code.empty() && code.size() <= account_digits_max &&
           std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

std::string stan_of(PaymentId id) {
    return fmt::format("{:06}", trace_number(id.value));
}

// Another number of the same second, for what ends a payment, be it a completion or a reversal: the
// trace number is the millisecond and a count that goes up from 0, here the count goes down.
std::string ending_stan_of(PaymentId id) {
    const std::uint64_t trace = trace_number(id.value);
    const std::uint64_t count = trace % ids_per_ms;
    return fmt::format("{:06}", trace - count + (ids_per_ms - 1 - count));
}

OriginalKey key_of_own(PaymentId id, std::string_view mti, std::string_view own_code) {
    return {.mti = std::string(mti),
            .stan = stan_of(id),
            .transmitted_at = month_to_second(id_time(id.value)),
            .acquirer = std::string(own_code),
            .forwarder = std::string(own_code)};
}

// What prints of the name in GBK, in 40 bytes; half a character is never sent.
std::string name_of(const Payment& payment) {
    const auto gbk = wire::iso8583::gbk_of_utf8(payment.terms.subject).value_or("");
    std::size_t length = std::min(gbk.size(), name_bytes);
    while (length > 0 && !wire::iso8583::is_printable_gbk(gbk.substr(0, length))) --length;
    return padded(gbk.substr(0, length), name_bytes);
}

Fields common(const Payment& payment, const Sender& sender) {
    const std::string moment = month_to_second(id_time(payment.id().value));
    Fields fields;
    set_money(fields, payment.amount());
    fields[7] = moment;
    fields[11] = stan_of(payment.id());
    fields[12] = moment.substr(4);
    fields[13] = moment.substr(0, 4);
    fields[18] = sender.merchant_category;
    fields[22] = "030";
    fields[25] = "00";
    fields[32] = fields[33] = sender.own_code;
    fields[37] = reference_of(payment.id());
    fields[41] = padded(sender.terminal, 8);
    fields[42] = padded(sender.merchant.empty() ? sender.own_code : sender.merchant, 15);
    fields[43] = name_of(payment);
    return fields;
}

}  // namespace

std::string_view request_mti(const Payment& payment) {
    return payment.terms.kind == PaymentKind::mpm ? "0100" : "0200";
}

Fields request(const Payment& payment, const Sender& sender) {
    Fields fields = common(payment, sender);
    const std::string& code = payment.terms.code;
    fields[3] = "000000";
    if (payment.terms.kind == PaymentKind::mpm) {
        fields[3] = "030000";
        fields[25] = "06";
        fields[48] = usage_text(merchant_code_usage, code);
    } else if (fits_account_number(code)) {
        fields[2] = code;
    } else {
        fields[48] = usage_text(payer_code_usage, code);
    }
    return fields;
}

Fields reversal(const Payment& payment, const Sender& sender) {
    Fields fields = request(payment, sender);
    fields[11] = ending_stan_of(payment.id());
    fields[90] = key_of_own(payment.id(), request_mti(payment), sender.own_code).field_90();
    return fields;
}

Fields completion(const Payment& payment, const Sender& sender) {
    constexpr std::size_t approval_characters = 6;
    Fields fields = reversal(payment, sender);
    fields[3] = "000000";
    fields.erase(48);
    const std::string& approval = payment.state.peer_reference;
    if (approval.size() == approval_characters) fields[38] = approval;
    return fields;
}

std::optional<std::string> asked_original(const Payment& refund) {
    const std::string& code = refund.terms.code;
    if (!code.starts_with(receiver_prefix)) return std::nullopt;
    return code.substr(receiver_prefix.size());
}

Result<Fields> refund(const Payment& payment, const Sender& sender, std::string_view reference) {
    Fields fields = common(payment, sender);
    fields[3] = "200000";
    if (const auto key = asked_original(payment)) {
        TRY(original, parse_request_id(*key, "0100"));
        fields[37] = padded(reference, 12);
        fields[90] = original.field_90();
        return fields;
    }
    const std::string_view code = payment.terms.code;
    if (!code.starts_with(sender_prefix)) return refuse(Error::field_format);
    TRY(id, switching::payment_of_key(code.substr(sender_prefix.size())));
    fields[90] = key_of_own(id, "0200", sender.own_code).field_90();
    return fields;
}

}  // namespace huitong::gateway::iso8583
