#include "wire/iso8583/mac.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "crypto/bytes.hpp"

namespace huitong::wire::iso8583 {
namespace {

constexpr std::size_t raw_mac_bytes = 4;

// What a cleaned field keeps of a character; '\0' when it is dropped.
constexpr char cleaned(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
    const bool kept =
        (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == ',' || c == '.';
    return kept ? c : '\0';
}

// Small letters become capitals; what is not A-Z 0-9 space comma full stop is dropped; then spaces
// at both ends go and several become one. A field of which nothing stays is left out.
void append_cleaned(std::string_view field, std::string& data) {
    data += ' ';
    for (const char c : field) {
        const char kept = cleaned(c);
        if (kept != '\0' && (kept != ' ' || data.back() != ' ')) data += kept;
    }
    if (data.back() == ' ') data.pop_back();
}

const MacRule* rule_of(const Message& message) {
    const auto& rules = message.dialect().mac_rules;
    const auto found = std::ranges::find_if(rules, [&](const MacRule& rule) {
        return (rule.classes >> message.mti().message_class() & 1) != 0;
    });
    return found == rules.end() ? nullptr : &*found;
}

std::string_view fields_data(const Message& message, std::string& buffer) {
    buffer.assign(message.mti().text());
    const MacRule* rule = rule_of(message);
    if (rule == nullptr) return buffer;
    for (const MacField& part : rule->fields) {
        if (message.has(part.field))
            append_cleaned(message.sent(part.field).substr(0, part.bytes_max), buffer);
    }
    return buffer;
}

bool is_raw(const Message& message) {
    const MacRule* rule = rule_of(message);
    return message.dialect().mac == MacKind::fields && rule != nullptr && rule->raw;
}

}  // namespace

unsigned mac_field_of(const Message& message) {
    if (message.dialect().mac == MacKind::none) return 0;
    if (message.has(128)) return 128;
    return message.has(64) ? 64 : 0;
}

std::string_view mac_data(const Message& message, std::string& buffer) {
    switch (message.dialect().mac) {
        case MacKind::none:
            return {};
        case MacKind::fields:
            return fields_data(message, buffer);
        case MacKind::whole:
            break;
    }
    const std::string_view body = message.body();
    const unsigned field = mac_field_of(message);
    return field == 0 ? body : body.substr(0, body.size() - message.sent(field).size());
}

Checked<void> verify_mac(const Message& message, crypto::BlockMac& mac, std::string& buffer) {
    const unsigned field = mac_field_of(message);
    if (field == 0) return fault(FaultCode::mac_mismatch);
    const crypto::MacValue value = mac.of(mac_data(message, buffer));
    const auto characters = value.eight_characters();
    const std::string_view sent = message.wire(field);
    const bool equal =
        is_raw(message)
            ? crypto::equal_in_constant_time(sent.substr(0, raw_mac_bytes), value.first_four())
            : crypto::equal_in_constant_time(sent, {characters.data(), characters.size()});
    if (!equal) return fault(FaultCode::mac_mismatch, field, message.offset(field));
    return {};
}

Checked<void> add_mac(Builder& builder, crypto::BlockMac& mac, std::string& buffer,
                      std::string_view check_value) {
    const Dialect& dialect = builder.message().dialect();
    ENSURE(dialect.mac != MacKind::none);
    const unsigned field = dialect.fields[128].defined ? 128 : 64;
    const crypto::MacValue value =
        mac.of(dialect.mac == MacKind::whole ? builder.body_before(field)
                                             : mac_data(builder.message(), buffer));
    if (!is_raw(builder.message())) {
        const auto characters = value.eight_characters();
        return builder.add(field, {characters.data(), characters.size()});
    }
    ENSURE(check_value.size() == crypto::check_value_bytes);
    std::string both(value.first_four());
    both += check_value;
    return builder.add(field, both);
}

}  // namespace huitong::wire::iso8583
