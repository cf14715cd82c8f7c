// Payments between institutions (api/institution.yaml): what the requester asks, and how the
// responder says where the payment stands. Bytes <-> values; a parser refuses with the first
// defect.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {

// POST /payments: the payer's institution asks the payee's (mpm).
struct Pay {
    std::string request_id;
    std::string resolve_token;
    std::optional<CodeKind> code_kind;  // the token says it, too
    Money amount;
    std::string subject;

    friend bool operator==(const Pay&, const Pay&) = default;
};
Parsed<Pay> parse_pay(std::string_view body);
std::string to_json(const Pay& pay);

// POST /authorisations: the till's institution asks the payer's (cpm).
struct Authorise {
    std::string request_id;
    std::string payer_code;  // digits, or the base64 of an EMV text
    Money amount;
    std::string subject;
    std::string terminal;  // may be empty

    friend bool operator==(const Authorise&, const Authorise&) = default;
};
Parsed<Authorise> parse_authorise(std::string_view body);
std::string to_json(const Authorise& authorise);

// Which of the two had asked for the payment that a refund gives back on.
enum class RequestedBy : std::uint8_t { sender, receiver };
template <>
struct Words<RequestedBy> {
    static constexpr std::array<std::string_view, 2> all = {"sender", "receiver"};
};
struct Original {
    RequestedBy requested_by = RequestedBy::sender;
    std::string request_id;

    friend bool operator==(const Original&, const Original&) = default;
};

// POST /refunds: the payee's institution asks the payer's.
struct Refund {
    std::string request_id;
    Original original;
    Money amount;
    std::string reason;  // may be empty

    friend bool operator==(const Refund&, const Refund&) = default;
};
Parsed<Refund> parse_refund(std::string_view body);
std::string to_json(const Refund& refund);

// Why a payment was declined or reversed.
struct Decline {
    std::string code;     // for programs of any make: the error's code
    std::string reason;   // the name of an Error of ours: tells more than the code
    std::string message;  // for people

    friend bool operator==(const Decline&, const Decline&) = default;
};

// The answer to all three, and to a query.
struct PaymentView {
    std::string request_id;
    std::string payment_id;  // the responder's own number, 28 digits
    PaymentState state = PaymentState::processing;
    std::optional<Money> amount;  // nothing: it was reversed before it was seen
    Instant created_at;
    std::optional<Instant> ended_at;
    std::optional<Decline> decline;

    friend bool operator==(const PaymentView&, const PaymentView&) = default;
};
Parsed<PaymentView> parse_payment_view(std::string_view body);
std::string to_json(const PaymentView& view);

}  // namespace huitong::wire::institution
