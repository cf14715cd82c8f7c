#include "gateway/operator/institution_bodies.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.hpp"
#include "gateway/http/url.hpp"
#include "gateway/json_door/credentials.hpp"
#include "gateway/json_door/parameters.hpp"
#include "gateway/links/channel_address.hpp"
#include "gateway/operator/reading.hpp"
#include "gateway/operator/words.hpp"

namespace huitong::gateway::operator_door {
namespace {

using switching::CodeForm;
using wire::json::CharacterSet;
using wire::json::FieldError;
using wire::json::ObjectReader;
using wire::json::Report;
using wire::json::TextRule;

constexpr CharacterSet name_characters = wire::json::alphanumerics.with("_.-");
constexpr CharacterSet host_characters = wire::json::alphanumerics.with(".-");
constexpr CharacterSet address_characters = wire::json::alphanumerics.with("_.-:/[]%");
constexpr CharacterSet hex_characters = wire::json::decimal_digits.with("ABCDEFabcdef");

constexpr TextRule code_rule{.max = 32, .alphabet = &name_characters};
constexpr TextRule institution_code_rule{
    .min = 8, .max = 11, .alphabet = &wire::json::decimal_digits};
constexpr TextRule channel_rule{.max = 255, .alphabet = &address_characters};
constexpr TextRule dialect_rule{.max = 64, .alphabet = &name_characters};
constexpr TextRule pattern_rule{.max = 253, .alphabet = &host_characters};
constexpr TextRule master_key_rule{
    .min = 16, .max = 32, .alphabet = &hex_characters, .secret = true};
constexpr TextRule word_rule{.max = 32};
constexpr std::size_t channels_max = 8;
constexpr std::int64_t code_digits_max = 64;
constexpr std::int64_t priority_max = 1'000'000;

std::optional<std::string> optional_text(ObjectReader& root, std::string_view name,
                                         const TextRule& rule) {
    std::string text;
    root.optional_string(name, rule, text);
    return root.has(name) ? std::optional(std::move(text)) : std::nullopt;
}

template <class Value, std::size_t count>
std::optional<Value> optional_word(ObjectReader& root, std::string_view name,
                                   const Word<Value> (&words)[count]) {
    const auto text = optional_text(root, name, word_rule);
    if (!text) return std::nullopt;
    const auto value = value_of(words, *text);
    if (!value) root.refuse(name, Error::field_range, "is none of its words");
    return value;
}

std::optional<std::vector<std::string>> optional_channels(ObjectReader& root) {
    std::vector<std::string> channels;
    root.optional_strings("channels", {.min = 0, .max = channels_max}, channel_rule, channels);
    if (repeats(channels)) root.refuse("channels", Error::field_range, "names something twice");
    return root.has("channels") ? std::optional(std::move(channels)) : std::nullopt;
}

std::optional<crypto::Secret> optional_master_key(ObjectReader& root) {
    const auto hex = json_door::optional_secret(root, "master_key", master_key_rule);
    if (!hex) return std::nullopt;
    auto bytes = crypto::from_hex(hex->expose());
    const bool whole = bytes && (bytes->size() == 8 || bytes->size() == 16);
    if (!whole) {
        root.refuse("master_key", Error::field_format, "is not 16 or 32 hexadecimal digits");
        return std::nullopt;
    }
    return crypto::Secret(*std::move(bytes));
}

// What a link needs, in a new institution and in a change of one.
void read_link(ObjectReader& root, switching::ChangeParticipant& wanted) {
    wanted.protocol = optional_word(root, "protocol", protocol_words);
    root.optional_boolean("is_switch", wanted.is_switch);
    wanted.institution_code = optional_text(root, "institution_code", institution_code_rule);
    wanted.channels = optional_channels(root);
    wanted.dialect = optional_text(root, "dialect", dialect_rule);
}

// Of ISO 8583 a line's messages have a header, which this dialect alone has.
constexpr std::string_view line_dialect = "cups";

// What each protocol needs, when everything is taken together.
std::optional<FieldError> defect_of(const switching::ParticipantState& link) {
    using switching::Protocol;
    const bool lines = link.protocol == Protocol::iso8583;
    if (lines && link.institution_code.empty())
        return FieldError{.error = Error::field_missing,
                          .pointer = "/institution_code",
                          .issue = "is missing: messages of ISO 8583 name institutions by it"};
    if (lines && !link.dialect.empty() && link.dialect != line_dialect)
        return FieldError{.error = Error::field_range,
                          .pointer = "/dialect",
                          .value = wire::json::printable(link.dialect),
                          .issue = "is not spoken over lines: cups is"};
    for (const std::string& channel : link.channels) {
        const bool right =
            link.protocol == Protocol::hosted || (lines ? links::parse_channel(channel).has_value()
                                                        : http::parse_url(channel).has_value());
        if (!right)
            return FieldError{.error = Error::field_format,
                              .pointer = "/channels",
                              .value = wire::json::printable(channel),
                              .issue = lines ? "is not HOST:PORT" : "is no http or https URL"};
    }
    return std::nullopt;
}

std::string upper_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

void read_code_length(ObjectReader& root, switching::CodeRuleTerms& terms) {
    std::optional<std::int64_t> length;
    root.optional_integer("length", {.min = 1, .max = code_digits_max}, length);
    if (terms.form != CodeForm::digits) {
        if (length) root.refuse("length", Error::field_range, "belongs to the form DIGITS only");
        return;
    }
    if (!wire::json::decimal_digits.holds_all(terms.pattern))
        root.refuse("pattern", Error::field_format, "is no prefix of digits");
    if (!root.has("length")) root.missing("length");
    terms.length = static_cast<std::uint32_t>(length.value_or(code_digits_max));
    if (terms.pattern.size() > terms.length)
        root.refuse("length", Error::field_range, "is less than the prefix is long");
}

Instant read_time(ObjectReader& root, std::string_view name) {
    const auto text = optional_text(root, name, {.max = 40});
    if (!text) return {};
    const auto time = parse_rfc3339(*text);
    if (time && time->ms > 0) return *time;
    root.refuse(name, Error::field_format, "is no time of RFC 3339 since 1970");
    return {};
}

}  // namespace

std::optional<FieldError> link_defect(const switching::ParticipantState& before,
                                      const switching::ChangeParticipant& change) {
    return defect_of({.protocol = change.protocol.value_or(before.protocol),
                      .institution_code = change.institution_code.value_or(before.institution_code),
                      .channels = change.channels.value_or(before.channels),
                      .dialect = change.dialect.value_or(before.dialect)});
}

Parsed<NewParticipant> parse_participant(std::string_view body) {
    Report report;
    NewParticipant fresh;
    switching::ParticipantState& state = fresh.state;
    switching::ChangeParticipant wanted;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("name", display_name_rule, state.name);
    fresh.code = optional_text(root, "code", code_rule).value_or(state.name);
    if (wire::json::judge(fresh.code, code_rule))
        root.refuse("name", Error::field_format,
                    "is no code (1 to 32 of A-Z a-z 0-9 _ . -): give one in code");
    read_roles(root, state);
    read_link(root, wanted);
    root.finish();
    state.protocol = wanted.protocol.value_or(state.protocol);
    state.is_switch = wanted.is_switch.value_or(false);
    state.institution_code = wanted.institution_code.value_or("");
    state.channels = wanted.channels.value_or(std::vector<std::string>{});
    state.dialect = wanted.dialect.value_or("");
    if (auto defect = defect_of(state)) report.add(*std::move(defect));
    return report.into(std::move(fresh));
}

Parsed<ParticipantChange> parse_participant_change(std::string_view body) {
    Report report;
    ParticipantChange change;
    ObjectReader root = wire::json::read_object(body, report);
    change.command.name = optional_text(root, "name", display_name_rule);
    change.command.status = optional_word(root, "status", participant_status_words);
    read_link(root, change.command);
    change.master_key = optional_master_key(root);
    root.finish();
    return report.into(std::move(change));
}

Parsed<std::int64_t> parse_position(std::string_view body) {
    Report report;
    std::int64_t cap_minor = 0;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_integer("cap", {.min = 0, .max = amount_minor_max}, cap_minor);
    root.finish();
    return report.into(cap_minor);
}

Parsed<switching::SetCodeRule> parse_code_rule(std::string_view body) {
    Report report;
    switching::SetCodeRule rule;
    std::optional<std::int64_t> priority;
    ObjectReader root = wire::json::read_object(body, report);
    if (!root.has("form")) root.missing("form");
    rule.terms.form = optional_word(root, "form", code_form_words).value_or(CodeForm::digits);
    root.required_string("pattern", pattern_rule, rule.terms.pattern);
    rule.terms.pattern = upper_case(std::move(rule.terms.pattern));
    read_code_length(root, rule.terms);
    if (!root.has("participant_id")) root.missing("participant_id");
    rule.terms.participant = read_participant_id(root);
    root.optional_integer("priority", {.min = 0, .max = priority_max}, priority);
    rule.state.priority = static_cast<std::uint32_t>(priority.value_or(0));
    root.finish();
    return report.into(std::move(rule));
}

Parsed<switching::OpeningState> parse_opening(std::string_view body) {
    Report report;
    switching::OpeningState state;
    ObjectReader root = wire::json::read_object(body, report);
    if (!root.has("opens_at")) root.missing("opens_at");
    state.opens_at = read_time(root, "opens_at");
    state.closes_at = read_time(root, "closes_at");
    if (state.closes_at.ms != 0 && state.closes_at <= state.opens_at)
        root.refuse("closes_at", Error::field_range, "is not behind opens_at");
    root.finish();
    return report.into(state);
}

}  // namespace huitong::gateway::operator_door
