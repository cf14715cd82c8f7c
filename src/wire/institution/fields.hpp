// What the messages between institutions have in common: closed sets of words, amounts, keys. For
// this folder's sources and for those who name the words.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/instant.hpp"
#include "base/money.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/writer.hpp"

namespace huitong::wire::institution {

using json::ObjectReader;
using json::Parsed;
using json::Report;
using json::Writer;

// business-rules 1.2
enum class CodeKind : std::uint8_t {
    personal_static,
    personal_dynamic,
    business,
    merchant_static,
    merchant_dynamic,
    payer_code,
};
enum class PayeeKind : std::uint8_t { person, business, merchant };

// Where a payment stands for the one who asked for it.
enum class PaymentState : std::uint8_t {
    accepted,    // yes, if the requester commits
    completed,   // yes
    declined,    // no
    reversed,    // no: it was taken back or given up
    processing,  // no answer yet: ask again
    userpaying,  // the payer is being asked: ask again
};

// The words of these sets on the wire, in the order of their enumerators.
template <class Set>
struct Words;
template <>
struct Words<CodeKind> {
    static constexpr std::array<std::string_view, 6> all = {"PERSONAL_STATIC",  "PERSONAL_DYNAMIC",
                                                            "BUSINESS",         "MERCHANT_STATIC",
                                                            "MERCHANT_DYNAMIC", "PAYER_CODE"};
};
template <>
struct Words<PayeeKind> {
    static constexpr std::array<std::string_view, 3> all = {"PERSON", "BUSINESS", "MERCHANT"};
};
template <>
struct Words<PaymentState> {
    static constexpr std::array<std::string_view, 6> all = {"ACCEPTED", "COMPLETED",  "DECLINED",
                                                            "REVERSED", "PROCESSING", "USERPAYING"};
};

template <class Set>
std::string_view to_text(Set value) {
    return Words<Set>::all[std::to_underlying(value)];
}

// Refuses with field_range what is no word of the set.
template <class Set>
void optional_word(ObjectReader& reader, std::string_view name, std::optional<Set>& out) {
    std::string text;
    reader.optional_string(name, {.max = 32}, text);
    if (text.empty()) return;
    for (std::size_t i = 0; i < Words<Set>::all.size(); ++i) {
        if (Words<Set>::all[i] == text) return void(out = static_cast<Set>(i));
    }
    reader.refuse(name, Error::field_range, "is none of the words that are defined");
}
template <class Set>
void required_word(ObjectReader& reader, std::string_view name, Set& out) {
    if (!reader.has(name)) reader.missing(name);
    std::optional<Set> word;
    optional_word(reader, name, word);
    out = word.value_or(out);
}

inline constexpr json::CharacterSet request_id_characters = json::alphanumerics.with("_-");
inline constexpr json::TextRule request_id_rule{
    .min = 1, .max = 64, .alphabet = &request_id_characters};
inline constexpr json::TextRule resolve_token_rule{.max = 2048};
// What is scanned: digits, a URL, an EMV text.
inline constexpr json::TextRule code_rule{.max = 1024};
inline constexpr json::TextRule subject_rule{.min = 0, .max = 128};
inline constexpr json::TextRule base64_rule{.max = 2048};
inline constexpr json::TextRule message_rule{.min = 0, .max = 256};  // of a refusal
inline constexpr json::CharacterSet hexadecimal = json::decimal_digits.with("ABCDEFabcdef");

// {"minor", "currency"}, above zero.
void required_amount(ObjectReader& reader, std::string_view name, Money& out);
void optional_amount(ObjectReader& reader, std::string_view name, std::optional<Money>& out);
// A balance or a cap: of either sign.
void write_amount(Writer& json, std::string_view name, Money amount);
void required_time(ObjectReader& reader, std::string_view name, Instant& out);
void required_bytes(ObjectReader& reader, std::string_view name, std::string& out);

}  // namespace huitong::wire::institution
