#include "wire/institution/payment.hpp"

namespace huitong::wire::institution {
namespace {

constexpr json::TextRule terminal_rule{.min = 0, .max = 32};
constexpr json::TextRule reason_rule{.min = 0, .max = 128};
constexpr json::TextRule word_rule{.max = 64, .alphabet = &request_id_characters};
constexpr json::TextRule payment_id_rule{.min = 28, .max = 28, .alphabet = &json::decimal_digits};

void read_original(ObjectReader& root, Original& out) {
    auto original = root.required_object("original");
    if (!original) return;
    required_word(*original, "requested_by", out.requested_by);
    original->required_string("request_id", request_id_rule, out.request_id);
    original->finish();
}

void read_decline(ObjectReader& root, PaymentView& view) {
    auto decline = root.optional_object("decline");
    if (!decline) return;
    Decline& out = view.decline.emplace();
    decline->required_string("code", word_rule, out.code);
    decline->required_string("reason", word_rule, out.reason);
    decline->required_string("message", message_rule, out.message);
    decline->finish();
}

}  // namespace

Parsed<Pay> parse_pay(std::string_view body) {
    Report report;
    Pay pay;
    ObjectReader root = json::read_object(body, report);
    root.required_string("request_id", request_id_rule, pay.request_id);
    root.required_string("resolve_token", resolve_token_rule, pay.resolve_token);
    optional_word(root, "code_kind", pay.code_kind);
    required_amount(root, "amount", pay.amount);
    root.optional_string("subject", subject_rule, pay.subject);
    root.finish();
    return report.into(std::move(pay));
}

std::string to_json(const Pay& pay) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("request_id", pay.request_id);
    json.text("resolve_token", pay.resolve_token);
    if (pay.code_kind) json.text("code_kind", to_text(*pay.code_kind));
    write_amount(json, "amount", pay.amount);
    json.text_if("subject", pay.subject);
    json.end_object();
    return body;
}

Parsed<Authorise> parse_authorise(std::string_view body) {
    Report report;
    Authorise authorise;
    ObjectReader root = json::read_object(body, report);
    root.required_string("request_id", request_id_rule, authorise.request_id);
    root.required_string("payer_code", code_rule, authorise.payer_code);
    required_amount(root, "amount", authorise.amount);
    root.optional_string("subject", subject_rule, authorise.subject);
    root.optional_string("terminal", terminal_rule, authorise.terminal);
    root.finish();
    return report.into(std::move(authorise));
}

std::string to_json(const Authorise& authorise) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("request_id", authorise.request_id);
    json.text("payer_code", authorise.payer_code);
    write_amount(json, "amount", authorise.amount);
    json.text_if("subject", authorise.subject);
    json.text_if("terminal", authorise.terminal);
    json.end_object();
    return body;
}

Parsed<Refund> parse_refund(std::string_view body) {
    Report report;
    Refund refund;
    ObjectReader root = json::read_object(body, report);
    root.required_string("request_id", request_id_rule, refund.request_id);
    read_original(root, refund.original);
    required_amount(root, "amount", refund.amount);
    root.optional_string("reason", reason_rule, refund.reason);
    root.finish();
    return report.into(std::move(refund));
}

std::string to_json(const Refund& refund) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("request_id", refund.request_id);
    json.begin_object("original");
    json.text("requested_by", to_text(refund.original.requested_by));
    json.text("request_id", refund.original.request_id);
    json.end_object();
    write_amount(json, "amount", refund.amount);
    json.text_if("reason", refund.reason);
    json.end_object();
    return body;
}

Parsed<PaymentView> parse_payment_view(std::string_view body) {
    Report report;
    PaymentView view;
    ObjectReader root = json::read_object(body, report);
    root.required_string("request_id", request_id_rule, view.request_id);
    root.required_string("payment_id", payment_id_rule, view.payment_id);
    required_word(root, "state", view.state);
    optional_amount(root, "amount", view.amount);
    required_time(root, "created_at", view.created_at);
    if (root.has("ended_at")) required_time(root, "ended_at", view.ended_at.emplace());
    read_decline(root, view);
    root.finish();
    return report.into(std::move(view));
}

std::string to_json(const PaymentView& view) {
    std::string body;
    Writer json(body);
    json.begin_object();
    json.text("request_id", view.request_id);
    json.text("payment_id", view.payment_id);
    json.text("state", to_text(view.state));
    if (view.amount) write_amount(json, "amount", *view.amount);
    json.text("created_at", to_rfc3339(view.created_at));
    if (view.ended_at) json.text("ended_at", to_rfc3339(*view.ended_at));
    if (view.decline) {
        json.begin_object("decline");
        json.text("code", view.decline->code);
        json.text("reason", view.decline->reason);
        json.text("message", view.decline->message);
        json.end_object();
    }
    json.end_object();
    return body;
}

}  // namespace huitong::wire::institution
