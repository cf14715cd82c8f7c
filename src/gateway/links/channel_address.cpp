#include "gateway/links/channel_address.hpp"

#include <charconv>

namespace huitong::gateway::links {

Result<ChannelAddress> parse_channel(std::string_view channel) {
    constexpr std::string_view scheme = "tcp://";
    if (channel.starts_with(scheme)) channel.remove_prefix(scheme.size());
    const std::size_t colon = channel.rfind(':');
    if (colon == std::string_view::npos) return refuse(Error::url_malformed);
    std::string_view host = channel.substr(0, colon);
    const std::string_view digits = channel.substr(colon + 1);
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || host.contains('[') || (!bracketed && host.contains(':')))
        return refuse(Error::url_malformed);
    ChannelAddress address{.host = std::string(host)};
    const char* const end = digits.data() + digits.size();
    const auto [at, status] = std::from_chars(digits.data(), end, address.port);
    if (status != std::errc{} || at != end || address.port == 0)
        return refuse(Error::url_malformed);
    return address;
}

}  // namespace huitong::gateway::links
