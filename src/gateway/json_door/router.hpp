// Several doors on one port: the longest prefix of the path decides who is asked.
//
// A prefix ends at a slash or at the path's end: /wallet/v1 takes /wallet/v1 and /wallet/v1/me, not
// /wallet/v10. Paths are compared as they were sent; escapes open no way around. Filled before the
// server starts, then only read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http/server.hpp"

namespace huitong::gateway::json_door {

class Router {
public:
    // "" takes what nobody else does.
    void add(std::string prefix, http::Handler handler);

    // What nobody takes is refused with path_unknown.
    void handle(http::Request&& request, http::Responder responder) const;
    // A handler that refers to this router, which must outlive the server.
    [[nodiscard]] http::Handler handler() const;

private:
    std::vector<std::pair<std::string, http::Handler>> routes_;  // the longest prefix first
};

// The path behind the prefix, "" or beginning with a slash; nothing when it is not below it.
std::optional<std::string_view> path_below(std::string_view path, std::string_view prefix);

}  // namespace huitong::gateway::json_door
