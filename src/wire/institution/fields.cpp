#include "wire/institution/fields.hpp"

#include "crypto/bytes.hpp"

namespace huitong::wire::institution {
namespace {

constexpr Instant time_max{253'402'271'999'999};  // the year 9999 in Beijing

Money read_amount(ObjectReader& amount) {
    Money money;
    std::string currency;
    amount.required_integer("minor", {.min = 1, .max = amount_minor_max}, money.minor);
    amount.required_string("currency", {.min = 3, .max = 3}, currency);
    if (const auto known = currency_of(currency)) {
        money.currency = *known;
    } else if (!currency.empty()) {
        amount.refuse("currency", Error::field_range, "is no currency of ISO 4217");
    }
    amount.finish();
    return money;
}

}  // namespace

void required_amount(ObjectReader& reader, std::string_view name, Money& out) {
    if (auto amount = reader.required_object(name)) out = read_amount(*amount);
}

void optional_amount(ObjectReader& reader, std::string_view name, std::optional<Money>& out) {
    if (auto amount = reader.optional_object(name)) out = read_amount(*amount);
}

void write_amount(Writer& json, std::string_view name, Money amount) {
    json.begin_object(name);
    json.integer("minor", amount.minor);
    json.text("currency", describe(amount.currency).code);
    json.end_object();
}

void required_time(ObjectReader& reader, std::string_view name, Instant& out) {
    std::string text;
    reader.required_string(name, {.max = 40}, text);
    if (text.empty()) return;
    const auto time = parse_rfc3339(text);
    if (!time) return reader.refuse(name, Error::field_format, "is not an RFC 3339 time");
    // An Instant of 0 means never, and a year of five digits cannot be printed again.
    if (time->ms < 1000 || *time > time_max)
        return reader.refuse(name, Error::field_range, "is out of range");
    out = Instant{time->ms - time->ms % 1000};
}

void required_bytes(ObjectReader& reader, std::string_view name, std::string& out) {
    std::string text;
    reader.required_string(name, base64_rule, text);
    if (text.empty()) return;
    auto bytes = crypto::from_base64(text);
    if (!bytes) return reader.refuse(name, Error::field_format, "is not base64");
    out = *std::move(bytes);
}

}  // namespace huitong::wire::institution
