#include "wire/iso8583/field_codec.hpp"

#include <algorithm>
#include <optional>

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/content.hpp"
#include "wire/iso8583/inner.hpp"

namespace huitong::wire::iso8583 {
namespace {

using crypto::octet;

constexpr unsigned separator_nibble = 13;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_packed(const FieldRule& rule) {
    return rule.coding == Coding::packed_left || rule.coding == Coding::packed_right;
}

// Two or three digits, a byte each; nothing when one is no digit.
std::optional<std::size_t> plain_length(std::string_view digits) {
    std::size_t length = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        length = length * 10 + static_cast<std::size_t>(c - '0');
    }
    return length;
}

std::optional<std::size_t> packed_length(std::string_view bytes) {
    std::size_t length = 0;
    for (const char c : bytes) {
        const std::size_t high = octet(c) >> 4, low = octet(c) & 15;
        if (high > 9 || low > 9) return std::nullopt;
        length = length * 100 + high * 10 + low;
    }
    return length;
}

// Spells packed digits. The content was judged: a nibble above 9 is the separator.
void unpack(std::string_view bytes, std::size_t first_nibble, std::size_t count, char separator,
            char* to) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t nibble = first_nibble + i;
        const unsigned value = octet(bytes[nibble / 2]) >> (nibble % 2 == 0 ? 4 : 0) & 15;
        to[i] = value > 9 ? separator : static_cast<char>('0' + value);
    }
}

void pack(const FieldRule& rule, std::string_view text, char* to) {
    std::size_t nibble = text.size() % 2 != 0 && rule.coding == Coding::packed_right ? 1 : 0;
    std::fill_n(to, (text.size() + 1) / 2, '\0');
    for (const char c : text) {
        const unsigned value =
            c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : separator_nibble;
        to[nibble / 2] =
            static_cast<char>(octet(to[nibble / 2]) | value << (nibble % 2 == 0 ? 4 : 0));
        ++nibble;
    }
}

bool are_hex_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return hex_digits.contains(c); });
}

// Judged as it lies on the wire, which is the faster way.
bool has_wire_content(const Dialect& dialect, const FieldRule& rule, std::string_view wire,
                      std::size_t units) {
    if (rule.coding == Coding::hex) return are_hex_digits(wire);
    if (is_packed(rule)) return has_packed_content(rule, units, wire);
    return has_content(rule, dialect.gbk, wire);
}

// Value and inner structure, which are judged on the text.
std::optional<FaultCode> check_text(const Dialect& dialect, unsigned field, std::string_view text) {
    const FieldRule& rule = dialect.fields[field];
    if (rule.value != ValueRule::any && !has_value(rule.value, text)) return FaultCode::field_value;
    return rule.inner == 0 ? std::nullopt : check_inner(dialect.inner_of(field), text);
}

Checked<std::size_t> read_length(const Dialect& dialect, unsigned field, std::string_view bytes,
                                 std::size_t at) {
    const FieldRule& rule = dialect.fields[field];
    if (bytes.size() - at < rule.length_bytes) return fault(FaultCode::field_truncated, field, at);
    const std::string_view digits = bytes.substr(at, rule.length_bytes);
    const auto length = dialect.lengths_packed ? packed_length(digits) : plain_length(digits);
    if (!length || *length > rule.units) return fault(FaultCode::field_length, field, at);
    return *length;
}

void write_length(const Dialect& dialect, const FieldRule& rule, std::size_t length, char* to) {
    for (std::size_t i = rule.length_bytes; i-- > 0;) {
        if (dialect.lengths_packed) {
            to[i] = static_cast<char>(length / 10 % 10 << 4 | length % 10);
            length /= 100;
        } else {
            to[i] = static_cast<char>('0' + length % 10);
            length /= 10;
        }
    }
}

void write_content(const FieldRule& rule, std::string_view text, char* to) {
    if (rule.coding == Coding::hex) {
        std::ranges::copy(crypto::to_hex_upper(text), to);
    } else if (!is_packed(rule)) {
        std::ranges::copy(text, to);
    } else if (rule.content == Content::xn) {
        *to = text.front();
        pack(rule, text.substr(1), to + 1);
    } else {
        pack(rule, text, to);
    }
}

}  // namespace

Checked<Slot> read_field(const Dialect& dialect, unsigned field, std::string_view bytes,
                         std::size_t& at) {
    const FieldRule& rule = dialect.fields[field];
    std::size_t units = rule.units;
    if (rule.length_digits != 0) {
        TRY(length, read_length(dialect, field, bytes, at));
        units = length;
        at += rule.length_bytes;
    }
    const std::size_t size = wire_bytes(rule, units);
    if (bytes.size() - at < size) return fault(FaultCode::field_truncated, field, at);
    const std::string_view wire = bytes.substr(at, size);
    if (!has_wire_content(dialect, rule, wire, units))
        return fault(FaultCode::field_content, field, at);
    if (rule.value != ValueRule::any || rule.inner != 0) {
        TextBuffer buffer;
        const std::string_view text = content_text(dialect, field, wire, units, buffer);
        if (const auto wrong = check_text(dialect, field, text)) return fault(*wrong, field, at);
    }
    const Slot slot{.offset = static_cast<std::uint16_t>(at),
                    .units = static_cast<std::uint16_t>(units)};
    at += size;
    return slot;
}

Checked<Written> write_field(const Dialect& dialect, unsigned field, std::string_view text,
                             char* to) {
    const FieldRule& rule = dialect.fields[field];
    if (text.size() > rule.units || (rule.length_digits == 0 && text.size() != rule.units))
        return fault(FaultCode::field_length, field);
    if (!has_content(rule, dialect.gbk, text)) return fault(FaultCode::field_content, field);
    if (const auto wrong = check_text(dialect, field, text)) return fault(*wrong, field);

    write_length(dialect, rule, text.size(), to);
    write_content(rule, text, to + rule.length_bytes);
    return Written{
        .slot = {.offset = rule.length_bytes, .units = static_cast<std::uint16_t>(text.size())},
        .bytes = rule.length_bytes + wire_bytes(rule, text.size())
    };
}

std::string_view content_text(const Dialect& dialect, unsigned field, std::string_view wire,
                              std::size_t units, TextBuffer& buffer) {
    const FieldRule& rule = dialect.fields[field];
    if (rule.coding == Coding::plain) return wire;
    ENSURE(units <= buffer.size());
    if (rule.coding == Coding::hex) {
        for (std::size_t i = 0; i < units; ++i)
            buffer[i] = static_cast<char>(hex_digits.find(wire[2 * i]) << 4 |
                                          hex_digits.find(wire[2 * i + 1]));
        return {buffer.data(), units};
    }
    std::size_t spelled = 0;
    if (rule.content == Content::xn) {
        buffer[spelled++] = wire.front();
        wire.remove_prefix(1);
    }
    const std::size_t digits = units - spelled;
    const bool padded_in_front = digits % 2 != 0 && rule.coding == Coding::packed_right;
    unpack(wire, padded_in_front ? 1 : 0, digits, dialect.separator, buffer.data() + spelled);
    return {buffer.data(), units};
}

}  // namespace huitong::wire::iso8583
