#include "gateway/door/authentication.hpp"

#include <cstdlib>
#include <fmt/format.h>

namespace huitong::gateway::door {

std::unexpected<wire::json::FieldError> not_authentic(Error error, std::string_view member,
                                                      std::string_view value, std::string issue) {
    return std::unexpected(wire::json::FieldError{error, std::string(member),
                                                  wire::json::printable(value), std::move(issue),
                                                  wire::json::Location::header});
}

wire::json::Parsed<void> check_clock(std::int64_t timestamp, Instant now) {
    const std::int64_t behind = now.unix_seconds() - timestamp;
    if (std::abs(behind) <= clock_window.ms / 1000) return {};
    return not_authentic(
        Error::timestamp_skewed, "timestamp", std::to_string(timestamp),
        fmt::format("is {} s {} our clock", std::abs(behind), behind > 0 ? "behind" : "before"));
}

std::string_view method_of(const http::Request& request) {
    return request.head ? std::string_view{"HEAD"} : std::string_view{request.method};
}

}  // namespace huitong::gateway::door
