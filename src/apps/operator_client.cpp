#include "apps/operator_client.hpp"

#include <fmt/format.h>

#include "wire/json/writer.hpp"

namespace huitong::apps {

Result<std::string> OperatorClient::request(const std::string& method, const std::string& path,
                                            const std::string& body) {
    Caller::Headers headers{
        {"Accept-Language", "en"}
    };
    if (!token_.empty()) headers.emplace_back("Authorization", "Bearer " + token_);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    const auto answer =
        caller_.call(method, url_ + "/operator/v1" + path, std::move(headers), body);
    if (!answer) {
        status_ = 0;
        problem_ = fmt::format("{}: {}", url_, describe(answer.error()).text_en);
        return refuse(answer.error());
    }
    status_ = answer->status;
    if (status_ < 300) return answer->body;
    const std::string field = json_at(answer->body, "/detail/field");
    problem_ = fmt::format("{} {} ({}{}{})", status_, json_at(answer->body, "/message"),
                           json_at(answer->body, "/code"), field.empty() ? "" : " ", field);
    return refuse(Error::peer_refused);
}

Result<bool> OperatorClient::log_in(const std::string& name, const std::string& password) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("name", name);
    json.text("password", password);
    json.end_object();
    token_.clear();
    TRY(answer, request("POST", "/sessions", body));
    token_ = json_at(answer, "/token");
    return json_at(answer, "/password_change_required") == "true";
}

Result<void> OperatorClient::change_password(const std::string& old, const std::string& fresh) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.text("old", old);
    json.text("new", fresh);
    json.end_object();
    CHECK(request("PUT", "/password", body));
    return {};
}

}  // namespace huitong::apps
