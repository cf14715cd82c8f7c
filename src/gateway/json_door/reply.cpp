#include "gateway/json_door/reply.hpp"

#include <utility>

#include "wire/json/writer.hpp"

namespace huitong::gateway::json_door {
namespace {

struct Wording {
    int status;
    std::string_view code;
};

// The error table carries the merchant contract's words; these doors' documents differ here.
Wording wording_of(Error error) {
    if (error == Error::order_locked) return {409, "ORDER_LOCKED"};
    const ErrorRow& row = describe(error);
    return {row.http_status, row.wire_code};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// A weight of RFC 9110 section 12.4.2 in thousandths; what is malformed weighs nothing.
int weight_of(std::string_view parameter) {
    parameter = trimmed(parameter);
    if (parameter.empty()) return 1000;
    if (!parameter.starts_with("q=")) return 0;
    parameter.remove_prefix(2);
    if (parameter.starts_with('1')) return 1000;
    if (!parameter.starts_with("0.")) return 0;
    int weight = 0;
    int unit = 100;
    for (const char c : parameter.substr(2, 3)) {
        if (c < '0' || c > '9') return 0;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight;
}

bool is_language(std::string_view tag, std::string_view name) {
    return http::same_name(tag.substr(0, name.size()), name) &&
           (tag.size() == name.size() || tag[name.size()] == '-');
}

http::Response error_answer(Error error, std::string body) {
    http::Response response = json_answer(wording_of(error).status, std::move(body));
    // A proxy or browser that knows no schemes asks the user for a password otherwise.
    if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace

Language language_of(const http::Request& request) {
    std::string_view rest = request.header("Accept-Language");
    int english = 0;
    int chinese = 0;
    while (!rest.empty()) {
        const std::size_t end = rest.find(',');
        const std::string_view range = rest.substr(0, end);
        const std::size_t mark = range.find(';');
        const std::string_view tag = trimmed(range.substr(0, mark));
        const int weight =
            weight_of(mark == std::string_view::npos ? std::string_view{} : range.substr(mark + 1));
        // Of equal weights the first counts: browsers put the preferred one there.
        if (is_language(tag, "en") && english == 0 && weight > chinese) english = weight;
        if (is_language(tag, "zh") && chinese == 0) chinese = weight;
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return english > 0 && english >= chinese ? Language::english : Language::chinese;
}

std::string_view code_of(Error error) {
    return wording_of(error).code;
}

std::string_view message_of(Error error, Language language) {
    const ErrorRow& row = describe(error);
    return language == Language::english ? row.text_en : row.text_zh;
}

http::Response refusal(Error error, Language language) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("code", code_of(error));
    json.text("message", message_of(error, language));
    json.end_object();
    return error_answer(error, std::move(body));
}

http::Response refusal(const FieldError& defect, Language language) {
    if (defect.issue.empty()) return refusal(defect.error, language);
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("code", code_of(defect.error));
    json.text("message", message_of(defect.error, language));
    json.begin_object("detail");
    json.text("location", to_text(defect.location));
    json.text_if("field", defect.pointer);
    json.text("issue", defect.issue);
    json.end_object();
    json.end_object();
    return error_answer(defect.error, std::move(body));
}

http::Response json_answer(int status, std::string body) {
    http::Response response{.status = status, .headers = {}, .body = std::move(body)};
    response.headers.reserve(3);
    response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

http::Response no_content() {
    http::Response response{.status = 204, .headers = {}, .body = {}};
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

http::Response refuse_broken(Error error, const http::Request& request) {
    return refusal(error, language_of(request));
}

}  // namespace huitong::gateway::json_door
