#include "gateway/observability/door.hpp"

#include <string_view>
#include <utility>

#include "gateway/json_door/reply.hpp"
#include "wire/json/writer.hpp"

namespace huitong::gateway::observability {
namespace {

http::Response text_answer(std::string_view type, std::string body) {
    http::Response response{.status = 200, .headers = {}, .body = std::move(body)};
    response.headers.emplace_back("Content-Type", type);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

ObservabilityDoor::ObservabilityDoor(const MetricsPage& page, Reasons not_ready)
    : page_(page), not_ready_(std::move(not_ready)) {}

void ObservabilityDoor::handle(http::Request&& request, http::Responder responder) const {
    responder.send(answer(request));
}

http::Response ObservabilityDoor::answer(const http::Request& request) const {
    const std::string_view path = request.path();
    if (path != "/metrics" && path != "/healthz" && path != "/readyz")
        return json_door::refuse_broken(Error::path_unknown, request);
    if (request.method != "GET") {
        http::Response response = json_door::refuse_broken(Error::method_unknown, request);
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (path == "/metrics")
        return text_answer("text/plain; version=0.0.4; charset=utf-8", page_.render());
    if (path == "/healthz") return text_answer("text/plain; charset=utf-8", "ok\n");
    return readiness();
}

http::Response ObservabilityDoor::readiness() const {
    std::vector<std::string> reasons = not_ready_();
    if (draining_) reasons.emplace_back("draining");
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    json.boolean("ready", reasons.empty());
    if (!reasons.empty()) {
        json.begin_array("reasons");
        for (const std::string& reason : reasons) json.text(reason);
        json.end_array();
    }
    json.end_object();
    return json_door::json_answer(reasons.empty() ? 200 : 503, std::move(body));
}

http::Handler ObservabilityDoor::handler() const {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

}  // namespace huitong::gateway::observability
