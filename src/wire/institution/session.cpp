#include "wire/institution/session.hpp"

#include "crypto/bytes.hpp"
#include "wire/institution/fields.hpp"

namespace huitong::wire::institution {
namespace {

constexpr json::TextRule serial_rule{.min = 2, .max = 40, .alphabet = &hexadecimal};
constexpr json::TextRule session_rule{.min = 8, .max = 64, .alphabet = &json::alphanumerics};
constexpr json::TextRule pem_rule{.max = 8192, .lines = true};
constexpr std::int64_t sessions_max = 1'000'000;

}  // namespace

Parsed<SignOn> parse_sign_on(std::string_view body) {
    Report report;
    SignOn sign_on;
    std::string mac;
    ObjectReader root = json::read_object(body, report);
    root.required_string("mac_algorithm", {.max = 32}, mac);
    const auto scheme = scheme_of(mac);
    if (!mac.empty() && (!scheme || !is_mac(*scheme)))
        root.refuse("mac_algorithm", Error::field_range, "is no MAC of this contract");
    sign_on.mac = scheme.value_or(sign_on.mac);
    root.required_string("key_serial", serial_rule, sign_on.key_serial);
    required_bytes(root, "encrypted_key", sign_on.encrypted_key);
    root.finish();
    return report.into(std::move(sign_on));
}

std::string to_json(const SignOn& sign_on) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("mac_algorithm", to_text(sign_on.mac));
    json.text("key_serial", sign_on.key_serial);
    json.text("encrypted_key", crypto::to_base64(sign_on.encrypted_key));
    json.end_object();
    return body;
}

Parsed<SessionOpened> parse_session_opened(std::string_view body) {
    Report report;
    SessionOpened opened;
    ObjectReader root = json::read_object(body, report);
    root.required_string("session", session_rule, opened.session);
    required_time(root, "expires_at", opened.expires_at);
    root.finish();
    return report.into(std::move(opened));
}

std::string to_json(const SessionOpened& opened) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("session", opened.session);
    json.text("expires_at", to_rfc3339(opened.expires_at));
    json.end_object();
    return body;
}

Parsed<bool> parse_empty(std::string_view body) {
    Report report;
    ObjectReader root = json::read_object(body, report);
    root.finish();
    return report.into(true);
}

Parsed<SessionsEnded> parse_sessions_ended(std::string_view body) {
    Report report;
    SessionsEnded ended;
    ObjectReader root = json::read_object(body, report);
    root.required_integer("sessions_ended", {.min = 0, .max = sessions_max}, ended.count);
    root.finish();
    return report.into(ended);
}

std::string to_json(SessionsEnded ended) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.integer("sessions_ended", ended.count);
    json.end_object();
    return body;
}

Parsed<NextKey> parse_next_key(std::string_view body) {
    Report report;
    NextKey key;
    ObjectReader root = json::read_object(body, report);
    root.required_string("serial", serial_rule, key.serial);
    root.required_string("public_key_pem", pem_rule, key.public_key_pem);
    required_time(root, "not_before", key.not_before);
    required_time(root, "not_after", key.not_after);
    root.finish();
    return report.into(std::move(key));
}

std::string to_json(const NextKey& key) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("serial", key.serial);
    json.text("public_key_pem", key.public_key_pem);
    json.text("not_before", to_rfc3339(key.not_before));
    json.text("not_after", to_rfc3339(key.not_after));
    json.end_object();
    return body;
}

}  // namespace huitong::wire::institution
