#include "wire/institution/resolve.hpp"

namespace huitong::wire::institution {
namespace {

constexpr json::TextRule payee_name_rule{.max = 128};

}  // namespace

Parsed<Resolve> parse_resolve(std::string_view body) {
    Report report;
    Resolve resolve;
    ObjectReader root = json::read_object(body, report);
    root.required_string("code", code_rule, resolve.code);
    root.finish();
    return report.into(std::move(resolve));
}

std::string to_json(const Resolve& resolve) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("code", resolve.code);
    json.end_object();
    return body;
}

Parsed<Resolution> parse_resolution(std::string_view body) {
    Report report;
    Resolution resolution;
    ObjectReader root = json::read_object(body, report);
    root.required_string("payee_name", payee_name_rule, resolution.payee_name);
    required_word(root, "payee_kind", resolution.payee_kind);
    required_word(root, "code_kind", resolution.code_kind);
    optional_amount(root, "amount", resolution.amount);
    root.optional_string("subject", subject_rule, resolution.subject);
    root.required_string("resolve_token", resolve_token_rule, resolution.resolve_token);
    required_time(root, "expires_at", resolution.expires_at);
    root.finish();
    return report.into(std::move(resolution));
}

std::string to_json(const Resolution& resolution) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("payee_name", resolution.payee_name);
    json.text("payee_kind", to_text(resolution.payee_kind));
    json.text("code_kind", to_text(resolution.code_kind));
    if (resolution.amount) write_amount(json, "amount", *resolution.amount);
    json.text_if("subject", resolution.subject);
    json.text("resolve_token", resolution.resolve_token);
    json.text("expires_at", to_rfc3339(resolution.expires_at));
    json.end_object();
    return body;
}

}  // namespace huitong::wire::institution
