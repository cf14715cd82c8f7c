// Absolute http and https URLs, strictly: what we call must be what the reader of the URL thinks.
//
// Refused although some programs take it: user info, fragments, spaces and control characters, bare
// non-ASCII, backslashes, IPv6 zones, and hosts such as 0177.1 or 2130706433 that old resolvers
// read as addresses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::gateway::http {

inline constexpr std::size_t url_bytes_max = 2048;

struct Url {
    bool tls = false;
    std::string host;  // Lower case; an IPv6 address without brackets.
    std::uint16_t port = 0;
    std::string target;  // Path and query as given, at least "/".

    // For the Host header: the port only if it is not the scheme's own.
    [[nodiscard]] std::string authority() const;

    friend bool operator==(const Url&, const Url&) = default;
};

// Refuses with url_malformed.
Result<Url> parse_url(std::string_view text);

}  // namespace huitong::gateway::http
