#include "gateway/json_door/routes.hpp"

#include <algorithm>
#include <utility>

#include "gateway/http/query.hpp"

namespace huitong::gateway::json_door {
namespace {

// The first step of a path that begins with a slash, which is taken off it.
std::string_view take_step(std::string_view& path) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view step = path.substr(0, end);
    path.remove_prefix(end);
    return step;
}

}  // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
    std::vector<std::string> parameters;
    while (!pattern.empty() && path.starts_with('/')) {
        const std::string_view wanted = take_step(pattern);
        const std::string_view given = take_step(path);
        if (wanted != "*") {
            if (wanted != given) return std::nullopt;
            continue;
        }
        auto decoded = http::decode_percent(given);
        if (given.empty() || !decoded) return std::nullopt;
        parameters.push_back(*std::move(decoded));
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parameters;
}

http::Response refuse_route(const http::Request& request, const std::string& allowed) {
    const Error error = allowed.empty() ? Error::path_unknown : Error::method_unknown;
    http::Response response = refuse_broken(error, request);
    if (!allowed.empty()) response.headers.emplace_back("Allow", allowed);
    return response;
}

std::optional<FieldError> unasked(const http::Request& request, Takes takes) {
    constexpr std::string_view issue = "is not taken by this operation";
    if (!takes.body && !request.body.empty())
        return FieldError{Error::field_unknown, "", "", std::string(issue), Location::body};
    if (!takes.query && !request.query().empty())
        return FieldError{Error::field_unknown, "", "", std::string(issue), Location::query};
    return std::nullopt;
}

}  // namespace huitong::gateway::json_door
