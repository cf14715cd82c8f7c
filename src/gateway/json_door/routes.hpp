// Which operation of a door a request asks for. A door has a table of routes, each with a `method`
// and a `path`, in which a step "*" takes anything.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/json_door/reply.hpp"
#include "gateway/json_door/router.hpp"

namespace huitong::gateway::json_door {

// What stands for the stars of the pattern, unescaped; nothing when the path is another one.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

// path_unknown, or method_unknown with an Allow header when there are methods.
http::Response refuse_route(const http::Request& request, const std::string& allowed);

template <class Route>
struct RouteFound {
    const Route* route;
    std::vector<std::string> parameters;  // of the path, unescaped
};

// Looks below the prefix in the table's order; what to answer when there is none.
template <class Route, std::size_t count>
std::expected<RouteFound<Route>, http::Response> find_route(const Route (&routes)[count],
                                                            const http::Request& request,
                                                            std::string_view prefix) {
    const auto path = path_below(request.path(), prefix);
    std::string allowed;
    for (const Route& route : routes) {
        auto parameters = path ? match_path(route.path, *path) : std::nullopt;
        if (!parameters) continue;
        // A HEAD is no method of these contracts, whatever the HTTP layer makes of it.
        if (!request.head && route.method == request.method)
            return RouteFound<Route>{&route, *std::move(parameters)};
        allowed.append(allowed.empty() ? "" : ", ").append(route.method);
    }
    return std::unexpected(refuse_route(request, allowed));
}

// What an operation reads of a request beside its path.
struct Takes {
    bool query = false;
    bool body = false;
};
// The defect of a request that brings what nobody reads.
std::optional<FieldError> unasked(const http::Request& request, Takes takes);

}  // namespace huitong::gateway::json_door
