// The fields of one message as this door's own values: texts by number, so that they outlive the
// bytes they came in. And the texts that payments are written in (iso8583.md sections 5 and 8).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/money.hpp"
#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/message.hpp"

namespace huitong::gateway::iso8583 {

// Content as people read it; of binary fields the bytes.
using Fields = std::map<unsigned, std::string>;

Fields fields_of(const wire::iso8583::Message& message);
// Empty when absent.
std::string_view text_of(const Fields& fields, unsigned field);
// Into a builder that was started.
wire::iso8583::Checked<void> add_all(wire::iso8583::Builder& builder, const Fields& fields);

// What names a message on a link: fields 7, 11, 32 and 33; of network management, whose answers
// lack the last two, 7 and 11. Messages of different classes never share one.
std::string match_key(wire::iso8583::Mti mti, const Fields& fields);

// The original of a reversal or refund: field 90, and the key under which the heart knows it. The
// year, which no field has, is the last in which the moment had come: a refund may be a year late.
struct OriginalKey {
    std::string mti;
    std::string stan;
    std::string transmitted_at;  // MMDDhhmmss, Beijing time
    std::string acquirer;        // without zeros in front
    std::string forwarder;

    [[nodiscard]] std::string field_90() const;
    // "2026" + field 7 + field 11 + "/" + field 32 + "/" + field 33.
    [[nodiscard]] std::string request_id(Instant now) const;

    friend bool operator==(const OriginalKey&, const OriginalKey&) = default;
};
// Institution codes are compared without zeros in front.
std::string_view without_zeros(std::string_view digits);
OriginalKey key_of(wire::iso8583::Mti mti, const Fields& fields);
// field_format.
Result<OriginalKey> parse_field_90(std::string_view digits);
Result<OriginalKey> parse_request_id(std::string_view text, std::string_view mti);

// MMDDhhmmss in Beijing time, and the moment that it names nearest to `now`; field_format.
std::string month_to_second(Instant moment);
Result<Instant> moment_near(std::string_view month_to_second, Instant now);

// Fields 4 and 49: currency unknown or amount malformed is field_format.
Result<Money> money_of(const Fields& fields);
void set_money(Fields& fields, Money money);

// Field 37 of our own requests: the payment's id in 12 characters of 0-9 A-Z, and back
// (field_format).
std::string reference_of(PaymentId id);
Result<PaymentId> payment_of_reference(std::string_view reference);

// A private usage of field 48, alone or within AS (docs/formats/iso8583-bridge.md).
std::string usage_text(std::string_view usage, std::string_view content);
std::optional<std::string> usage_in(const wire::iso8583::Dialect& dialect, const Fields& fields,
                                    std::string_view usage);

// Padded with spaces behind, or cut, to so many characters.
std::string padded(std::string_view text, std::size_t length);

}  // namespace huitong::gateway::iso8583
