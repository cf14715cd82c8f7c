// Where a channel of a link without HTTP leads: "10.1.2.3:9000", "[::1]:9000",
// "switch.example:9000"; "tcp://" in front is allowed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::gateway::links {

struct ChannelAddress {
    std::string host;
    std::uint16_t port = 0;
};
// url_malformed.
Result<ChannelAddress> parse_channel(std::string_view channel);

}  // namespace huitong::gateway::links
