#include "gateway/http/url.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/http/address.hpp"
#include "gateway/http/message.hpp"

namespace huitong::gateway::http {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986: pchar, and what may stand between path segments and in a query.
constexpr bool is_target_character(char c) {
    constexpr std::string_view others = "-._~!$&'()*+,;=:@/?";
    return is_digit(c) || is_letter(c) || others.contains(c);
}

bool target_well_formed(std::string_view target) {
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (target[i] == '%') {
            if (target.size() - i < 3 || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) {
                return false;
            }
            i += 2;
        } else if (!is_target_character(target[i])) {
            return false;
        }
    }
    return true;
}

bool label_well_formed(std::string_view label) {
    // The underscore is no host name's, but DNS names that are called do have it.
    const auto known = [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; };
    return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, known) &&
           label.front() != '-' && label.back() != '-';
}

// A name of the DNS, or an IPv4 address with four plain numbers.
bool host_well_formed(const std::string& host) {
    if (host.size() > 253) return false;
    std::string_view rest = host;
    std::string_view last;
    while (true) {
        const auto dot = rest.find('.');
        last = rest.substr(0, dot);
        if (!label_well_formed(last)) return false;
        if (dot == rest.npos) break;
        rest.remove_prefix(dot + 1);
    }
    // What ends in a number is an address to somebody, so it must be one to us.
    const bool hexadecimal = last.starts_with("0x");
    if (std::ranges::all_of(last, is_digit) || hexadecimal) return Address::parse(host).has_value();
    return true;
}

Result<std::uint16_t> parse_port(std::string_view digits) {
    std::uint16_t port = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, port);
    if (digits.empty() || error != std::errc{} || stop != end || port == 0 ||
        digits.starts_with('0')) {
        return refuse(Error::url_malformed);
    }
    return port;
}

// host[:port] or [address][:port]; leaves the port of the url alone if none is given.
Result<void> parse_authority(std::string_view text, Url& url) {
    std::size_t end = text.find(':');
    if (text.starts_with('[')) {
        end = text.find(']');
        if (end == text.npos) return refuse(Error::url_malformed);
        url.host = text.substr(1, end - 1);
        const auto address = Address::parse(url.host);
        if (!address || address->family() != AF_INET6) return refuse(Error::url_malformed);
        ++end;
    } else {
        url.host = text.substr(0, end);
        for (char& c : url.host) c = is_letter(c) ? static_cast<char>(c | 0x20) : c;
        if (!host_well_formed(url.host)) return refuse(Error::url_malformed);
    }
    if (end >= text.size()) return {};
    if (text[end] != ':') return refuse(Error::url_malformed);
    TRY(port, parse_port(text.substr(end + 1)));
    url.port = port;
    return {};
}

}  // namespace

std::string Url::authority() const {
    std::string text = host.contains(':') ? "[" + host + "]" : host;
    if (port != (tls ? 443 : 80)) text.append(":").append(std::to_string(port));
    return text;
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > url_bytes_max) return refuse(Error::url_malformed);
    const auto colon = text.find("://");
    if (colon == text.npos) return refuse(Error::url_malformed);
    const auto scheme = text.substr(0, colon);
    Url url;
    url.tls = same_name(scheme, "https");
    if (!url.tls && !same_name(scheme, "http")) return refuse(Error::url_malformed);
    url.port = url.tls ? 443 : 80;

    const auto rest = text.substr(colon + 3);
    const auto target = std::min(rest.find_first_of("/?#"), rest.size());
    CHECK(parse_authority(rest.substr(0, target), url));
    url.target = rest.substr(target);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    if (!target_well_formed(url.target)) return refuse(Error::url_malformed);
    return url;
}

}  // namespace huitong::gateway::http
