// Payments as messages and messages as payments (docs/formats/iso8583-bridge.md). Pure.
#pragma once

#include <optional>

#include "gateway/iso8583/fields.hpp"
#include "switching/linked.hpp"

namespace huitong::gateway::iso8583 {

// Usages of field 48 by which a purchase names its code: as a till shows it (MPM), or as a payer
// does (CPM) when it does not fit field 2.
inline constexpr std::string_view merchant_code_usage = "QM";
inline constexpr std::string_view payer_code_usage = "QC";

// Section 6: by class, processing code, condition and original.
enum class MessageKind : std::uint8_t {
    purchase,       // 0200: a till charges a payer's code
    authorisation,  // 0100: a payer scanned a till's code; the yes waits for its completion
    completion,     // 0220 of an authorisation
    refund,         // 0220
    reversal,       // 0420
    other,
};
// One that is sent once and remembered.
constexpr bool is_request(MessageKind kind) {
    return kind == MessageKind::purchase || kind == MessageKind::authorisation;
}
MessageKind kind_of(wire::iso8583::Mti mti, const Fields& fields);
// The first mandatory field that the message lacks; 0: none.
unsigned missing_field(MessageKind kind, const Fields& fields);

// What a message asks for. field_format: to be answered 30. The code is in `code`; who owns it is
// still to be found.
struct Asking {
    ParticipantId from;
    std::string_view own_code;  // our institution code: whose number an original is
    const wire::iso8583::Dialect& dialect;
    Instant now;
};
Result<switching::RequestPayment> request_of(wire::iso8583::Mti mti, const Fields& fields,
                                             const Asking& asking);
// Also payment_not_found: the original is said to be ours and is not.
Result<switching::RequestPayment> refund_of(wire::iso8583::Mti mti, const Fields& fields,
                                            const Asking& asking);
Result<switching::ReversePayment> reversal_of(const Fields& fields, const Asking& asking);
Result<switching::CommitPayment> completion_of(const Fields& fields, const Asking& asking);
// Of what a repeat must have in common with the first.
std::string content_digest(wire::iso8583::Mti mti, const Fields& fields);

// Response codes: of a payment that is decided, and of one that was asked to be reversed.
std::string_view code_of_payment(const switching::Payment& payment);
std::string_view code_of_reversal(const switching::Payment& payment);
// The answer to a message: what it echoes, and field 39.
Fields answer_to(MessageKind kind, const Fields& request, std::string_view code);
// What an answer says of the payment besides: settlement date, approval, receiving institution.
void add_payment(Fields& answer, const switching::Payment& payment, std::string_view own_code);

// Our own requests. The same payment gives the same fields, always.
struct Sender {
    std::string own_code;
    std::string merchant_category = "5999";  // field 18
    std::string terminal = "00000001";       // field 41
    std::string merchant;                    // field 42; empty: not hosted here
};
std::string_view request_mti(const switching::Payment& payment);  // 0200, or 0100 (MPM)
Fields request(const switching::Payment& payment, const Sender& sender);
Fields completion(const switching::Payment& payment, const Sender& sender);
Fields reversal(const switching::Payment& payment, const Sender& sender);
// `reference`: field 37 of the original, when the other side had asked for it. field_format: the
// payment's code names no original.
Result<Fields> refund(const switching::Payment& payment, const Sender& sender,
                      std::string_view reference);
// The key under which the other side had asked for the original of this refund, if it had.
std::optional<std::string> asked_original(const switching::Payment& refund);

}  // namespace huitong::gateway::iso8583
