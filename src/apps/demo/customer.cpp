#include "apps/demo/customer.hpp"

#include <charconv>

#include "wire/json/writer.hpp"

namespace huitong::apps {
namespace {

std::int64_t number_of(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

Result<CallResult> Customer::request(const std::string& method, const std::string& path,
                                     const std::string& body) {
    Caller::Headers headers{
        {"Accept-Language", "en"}
    };
    if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return caller_.call(method, url_ + "/wallet/v1" + path, std::move(headers), body);
}

Result<void> Customer::log_in() {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("login_name", login_name_);
    json.text("password", password_);
    json.end_object();
    token_.clear();
    TRY(answer, request("POST", "/sessions", body));
    if (answer.status != 200) return refuse(Error::peer_refused);
    token_ = json_at(answer.body, "/token");
    return {};
}

Result<void> Customer::top_up(const std::string& request_id, std::int64_t total) {
    std::string bank;
    wire::json::Writer bank_json(bank);
    bank_json.begin_object();
    bank_json.text("bank_name", "演示银行");
    bank_json.text("account_number",
                   "622202000000" + std::to_string(1000 + login_name_.size() * 7));
    bank_json.end_object();
    TRY(bound, request("POST", "/funding-sources", bank));
    if (bound.status != 200) return refuse(Error::peer_refused);

    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("request_id", request_id);
    json.text("funding_source_id", json_at(bound.body, "/funding_source_id"));
    json.begin_object("amount");
    json.integer("total", total);
    json.text("currency", "CNY");
    json.end_object();
    json.text("payment_password", payment_password_);
    json.end_object();
    TRY(answer, request("POST", "/top-ups", body));
    if (answer.status != 200) return refuse(Error::peer_refused);
    return {};
}

Result<Scanned> Customer::scan(const std::string& code) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("code", code);
    json.end_object();
    TRY(answer, request("POST", "/codes/resolve", body));
    if (answer.status != 200) return refuse(Error::peer_refused);
    const bool order = json_at(answer.body, "/kind") == "ORDER";
    const std::string at = order ? "/order" : "/payee";
    const std::string total = json_at(answer.body, at + "/amount/total");
    return Scanned{
        .code = code,
        .payee_token = json_at(answer.body, "/payee/payee_token"),
        .payee_name = json_at(answer.body, at + (order ? "/merchant_name" : "/payee_name")),
        .institution_name = json_at(answer.body, at + "/institution_name"),
        .description = json_at(answer.body, at + "/description"),
        .total = number_of(total),
        .open_amount = total.empty()};
}

Result<std::string> Customer::show_code() {
    TRY(answer, request("POST", "/payer-codes"));
    if (answer.status >= 300) return refuse(Error::peer_refused);
    return json_at(answer.body, "/digits");
}

Result<CallResult> Customer::pay(const std::string& request_id, const std::string& code,
                                 Proof proof) {
    Scanned scanned;
    scanned.code = code;
    return pay(request_id, scanned, proof);
}

Result<CallResult> Customer::pay(const std::string& request_id, const Scanned& scanned,
                                 Proof proof) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("request_id", request_id);
    if (scanned.payee_token.empty()) {
        json.text("code", scanned.code);
    } else {
        json.text("payee_token", scanned.payee_token);
    }
    if (scanned.open_amount) {
        json.begin_object("amount");
        json.integer("total", scanned.total);
        json.text("currency", "CNY");
        json.end_object();
    }
    if (proof == Proof::password) json.text("payment_password", payment_password_);
    json.end_object();
    return request("POST", "/payments", body);
}

Result<std::int64_t> Customer::available() {
    TRY(answer, request("GET", "/me"));
    if (answer.status != 200) return refuse(Error::peer_refused);
    const std::string text = json_at(answer.body, "/accounts/0/available");
    std::int64_t minor = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), minor);
    if (status != std::errc{} || end != text.data() + text.size())
        return refuse(Error::field_format);
    return minor;
}

}  // namespace huitong::apps
