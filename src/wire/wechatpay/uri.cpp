#include "wire/wechatpay/uri.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <optional>

#include "wire/json/text.hpp"

namespace huitong::wire::wechatpay {
namespace {

constexpr json::CharacterSet unreserved = json::alphanumerics.with("-._~");
constexpr json::CharacterSet host_characters = json::alphanumerics.with("-._");
constexpr json::CharacterSet ipv6_characters{"0123456789ABCDEFabcdef:."};

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), port);
    return status == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= 253 && host_characters.holds_all(host) &&
           host.front() != '.' && !host.contains("..");
}

// host, host:port, [ipv6] or [ipv6]:port. An '@' (user information) is in no alphabet here.
bool is_authority(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return false;
        const std::string_view address = text.substr(1, end - 1);
        const std::string_view rest = text.substr(end + 1);
        return ipv6_characters.holds_all(address) && is_ip_address(std::string(address)) &&
               (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return is_host_name(text);
    return is_host_name(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (text.size() - i < 3) return refuse(Error::field_format);
        const auto high = hex_digit(text[i + 1]);
        const auto low = hex_digit(text[i + 2]);
        if (!high || !low) return refuse(Error::field_format);
        decoded += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return decoded;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.holds(c)) {
            encoded += c;
            continue;
        }
        encoded += '%';
        encoded += hex[static_cast<unsigned char>(c) >> 4U];
        encoded += hex[static_cast<unsigned char>(c) & 0xFU];
    }
    return encoded;
}

bool is_web_url(std::string_view text) {
    const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
    if (!std::ranges::all_of(text, visible)) return false;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
    } else {
        return false;
    }
    // A backslash is a path separator to browsers, hence a way to smuggle another host.
    if (text.contains('\\')) return false;
    return is_authority(text.substr(0, text.find_first_of("/?#")));
}

bool is_notify_url(std::string_view text) {
    return text.find_first_of("?#") == std::string_view::npos && is_web_url(text);
}

bool is_ip_address(const std::string& text) {
    if (text.size() > 45 || text.contains('\0')) return false;  // INET6_ADDRSTRLEN - 1
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

}  // namespace huitong::wire::wechatpay
