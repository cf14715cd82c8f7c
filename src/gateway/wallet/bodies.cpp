#include "gateway/wallet/bodies.hpp"

#include <utility>

#include "base/id.hpp"
#include "gateway/json_door/credentials.hpp"
#include "gateway/json_door/parameters.hpp"
#include "wire/json/reader.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using json_door::fresh_password_rule;
using json_door::given_password_rule;
using json_door::login_name_rule;
using json_door::optional_secret;
using json_door::payment_password_rule;
using json_door::required_secret;
using wire::json::CharacterSet;
using wire::json::ObjectReader;
using wire::json::Report;
using wire::json::TextRule;

constexpr CharacterSet request_id_characters = wire::json::alphanumerics.with("_-");

constexpr TextRule request_id_rule{.min = 8, .max = 64, .alphabet = &request_id_characters};
constexpr TextRule code_rule{.max = 2048};
// A resolve token and the payee's name (institution/tokens.hpp).
constexpr TextRule payee_token_rule{.max = 4096};

Invocation read_invocation(ObjectReader& reader) {
    Invocation invocation;
    std::string sign_type;
    reader.required_string("app_id", {.max = 32}, invocation.app_id);
    reader.required_string("time_stamp", {.max = 12, .alphabet = &wire::json::decimal_digits},
                           invocation.time_stamp);
    reader.required_string("nonce_str", {.max = 64}, invocation.nonce_str);
    reader.required_string("package", {.max = 128}, invocation.package);
    reader.required_string("sign_type", {.max = 16}, sign_type);
    if (!sign_type.empty() && sign_type != "RSA")
        reader.refuse("sign_type", Error::field_range, "is not RSA");
    reader.required_string("pay_sign", {.max = 1024}, invocation.pay_sign);
    reader.finish();
    return invocation;
}

// The reader has no call for "a text or an object", and nearly all codes are texts: so they are
// read as texts, and only a body in which that fails is read again.
enum class CodeShape : bool { text, object };

std::optional<Code> read_code(ObjectReader& root, CodeShape shape) {
    if (shape == CodeShape::object) {
        auto object = root.required_object("code");
        if (!object) return std::nullopt;
        return read_invocation(*object);
    }
    std::string text;
    root.required_string("code", code_rule, text);
    return text;
}

template <class Body>
Parsed<Body> parse_either(std::string_view body,
                          Parsed<Body> (*parse)(std::string_view, CodeShape)) {
    auto parsed = parse(body, CodeShape::text);
    if (parsed || parsed.error().pointer != "/code" || parsed.error().error != Error::field_format)
        return parsed;
    auto again = parse(body, CodeShape::object);
    // Neither: then the answer speaks of a string, which most codes are.
    if (!again && again.error().pointer == "/code") return parsed;
    return again;
}

Parsed<Code> parse_resolve_as(std::string_view body, CodeShape shape) {
    Report report;
    ObjectReader root = wire::json::read_object(body, report);
    auto code = read_code(root, shape);
    root.finish();
    return report.into(std::move(code).value_or(Code{}));
}

Money read_money(ObjectReader& amount) {
    Money money;
    std::string currency;
    amount.required_integer("total", {.min = 1, .max = amount_minor_max}, money.minor);
    amount.required_string("currency", {.min = 3, .max = 3}, currency);
    if (const auto known = currency_of(currency)) {
        money.currency = *known;
    } else if (!currency.empty()) {
        amount.refuse("currency", Error::field_range, "is no currency of ISO 4217");
    }
    amount.finish();
    return money;
}

// What is to be paid, named in one way.
void read_target(ObjectReader& root, CodeShape shape, PaymentBody& payment) {
    const bool code = root.has("code");
    const bool order = root.has("order_token");
    const bool payee = root.has("payee_token");
    if (!code && !order && !payee) root.missing("code");
    if (code && order) root.refuse("order_token", Error::field_range, "may not stand beside code");
    if (payee && (code || order))
        root.refuse("payee_token", Error::field_range, "may not stand beside code or order_token");
    if (root.has("amount") && !payee)
        root.refuse("amount", Error::field_range, "stands beside a payee_token only");
    if (code) payment.code = read_code(root, shape);
    root.optional_string("order_token", {.max = 256}, payment.order_token);
    root.optional_string("payee_token", payee_token_rule, payment.payee_token);
    if (auto amount = root.optional_object("amount")) payment.amount = read_money(*amount);
}

Parsed<PaymentBody> parse_payment_as(std::string_view body, CodeShape shape) {
    Report report;
    PaymentBody payment;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("request_id", request_id_rule, payment.request_id);
    read_target(root, shape, payment);
    payment.payment_password = optional_secret(root, "payment_password", payment_password_rule);
    root.finish();
    return report.into(std::move(payment));
}

}  // namespace

Parsed<Credentials> parse_credentials(std::string_view body) {
    Report report;
    Credentials credentials;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("login_name", login_name_rule, credentials.login_name);
    credentials.password = required_secret(root, "password", given_password_rule);
    root.finish();
    return report.into(std::move(credentials));
}

Parsed<Code> parse_resolve(std::string_view body) {
    return parse_either<Code>(body, parse_resolve_as);
}

Parsed<PaymentBody> parse_payment(std::string_view body) {
    return parse_either<PaymentBody>(body, parse_payment_as);
}

Parsed<TopUpBody> parse_top_up(std::string_view body) {
    Report report;
    TopUpBody top_up;
    std::string source;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("request_id", request_id_rule, top_up.request_id);
    root.required_string("funding_source_id", {.max = 20, .alphabet = &wire::json::decimal_digits},
                         source);
    if (const auto id = json_door::parse_id(source)) {
        top_up.source = {*id};
    } else if (!source.empty()) {
        root.refuse("funding_source_id", Error::field_format, "is no id");
    }
    if (auto amount = root.required_object("amount")) top_up.amount = read_money(*amount);
    top_up.payment_password = required_secret(root, "payment_password", payment_password_rule);
    root.finish();
    return report.into(std::move(top_up));
}

Parsed<FundingSourceBody> parse_funding_source(std::string_view body) {
    Report report;
    FundingSourceBody source;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("bank_name", {.max = 64}, source.bank_name);
    root.required_string("account_number",
                         {.min = 8, .max = 32, .alphabet = &wire::json::decimal_digits},
                         source.account_number);
    root.finish();
    return report.into(std::move(source));
}

Parsed<PasswordBody> parse_payment_password(std::string_view body) {
    Report report;
    PasswordBody passwords;
    ObjectReader root = wire::json::read_object(body, report);
    passwords.old = optional_secret(root, "old", payment_password_rule);
    passwords.fresh = required_secret(root, "new", payment_password_rule);
    root.finish();
    return report.into(std::move(passwords));
}

Parsed<PasswordBody> parse_password(std::string_view body) {
    Report report;
    PasswordBody passwords;
    ObjectReader root = wire::json::read_object(body, report);
    passwords.old = required_secret(root, "old", given_password_rule);
    passwords.fresh = required_secret(root, "new", fresh_password_rule);
    root.finish();
    return report.into(std::move(passwords));
}

Parsed<crypto::Secret> parse_confirmation(std::string_view body) {
    Report report;
    ObjectReader root = wire::json::read_object(body, report);
    crypto::Secret password = required_secret(root, "payment_password", payment_password_rule);
    root.finish();
    return report.into(std::move(password));
}

}  // namespace huitong::gateway::wallet_door
