#include "gateway/json_door/router.hpp"

#include <algorithm>

#include "gateway/json_door/reply.hpp"

namespace huitong::gateway::json_door {

std::optional<std::string_view> path_below(std::string_view path, std::string_view prefix) {
    if (!path.starts_with(prefix)) return std::nullopt;
    const std::string_view rest = path.substr(prefix.size());
    if (!rest.empty() && rest.front() != '/') return std::nullopt;
    return rest;
}

void Router::add(std::string prefix, http::Handler handler) {
    routes_.emplace_back(std::move(prefix), std::move(handler));
    std::ranges::stable_sort(routes_, std::ranges::greater{},
                             [](const auto& route) { return route.first.size(); });
}

void Router::handle(http::Request&& request, http::Responder responder) const {
    const std::string_view path = request.path();
    for (const auto& [prefix, handler] : routes_) {
        if (path_below(path, prefix)) return handler(std::move(request), std::move(responder));
    }
    responder.send(refuse_broken(Error::path_unknown, request));
}

http::Handler Router::handler() const {
    return [this](http::Request&& request, http::Responder responder) {
        handle(std::move(request), std::move(responder));
    };
}

}  // namespace huitong::gateway::json_door
