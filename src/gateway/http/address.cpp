#include "gateway/http/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <span>

namespace huitong::gateway::http {
namespace {

struct Block {
    const char* prefix;
    int bits;
};

// IANA's special-purpose registries (RFC 6890 and its updates): what is not globally reachable, and
// multicast.
constexpr Block v4_blocks[] = {
    {"0.0.0.0",      8 }, // this network
    {"10.0.0.0",     8 }, // private
    {"100.64.0.0",   10}, // shared, CGNAT
    {"127.0.0.0",    8 }, // loopback
    {"169.254.0.0",  16}, // link-local; clouds' metadata services
    {"172.16.0.0",   12}, // private
    {"192.0.0.0",    24}, // protocol assignments
    {"192.0.2.0",    24}, // documentation
    {"192.88.99.0",  24}, // 6to4 relays
    {"192.168.0.0",  16}, // private
    {"198.18.0.0",   15}, // benchmarks
    {"198.51.100.0", 24}, // documentation
    {"203.0.113.0",  24}, // documentation
    {"224.0.0.0",    4 }, // multicast
    {"240.0.0.0",    4 }, // reserved, broadcast
};

// Of IPv6 only 2000::/3 is global unicast; these are its exceptions.
constexpr Block v6_blocks[] = {
    {"2001::",     23}, // protocol assignments, Teredo
    {"2001:db8::", 32}, // documentation
    {"2002::",     16}, // 6to4 wraps an IPv4 address
    {"3fff::",     20}, // documentation
};

}  // namespace

std::uint16_t SocketAddress::port() const {
    if (storage.ss_family == AF_INET) {
        return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
    }
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
}

Address SocketAddress::address() const {
    std::array<std::uint8_t, 16> v6{};
    if (storage.ss_family == AF_INET) {
        std::array<std::uint8_t, 4> v4{};
        const auto* const in = reinterpret_cast<const sockaddr_in*>(&storage);
        std::memcpy(v4.data(), &in->sin_addr, v4.size());
        return Address::v4(v4);
    }
    const auto* const in = reinterpret_cast<const sockaddr_in6*>(&storage);
    std::memcpy(v6.data(), &in->sin6_addr, v6.size());
    return Address::v6(v6);
}

std::optional<Address> Address::parse(const std::string& text) {
    if (text.find('\0') != text.npos) return std::nullopt;
    Address address;
    if (::inet_pton(AF_INET, text.c_str(), address.bytes_.data()) == 1) return address;
    address.is_v4_ = false;
    if (::inet_pton(AF_INET6, text.c_str(), address.bytes_.data()) == 1) return address;
    return std::nullopt;
}

Address Address::v4(std::array<std::uint8_t, 4> bytes) {
    Address address;
    std::ranges::copy(bytes, address.bytes_.begin());
    return address;
}

Address Address::v6(std::array<std::uint8_t, 16> bytes) {
    Address address;
    address.is_v4_ = false;
    address.bytes_ = bytes;
    return address;
}

SocketAddress Address::with_port(std::uint16_t port) const {
    SocketAddress result{};
    if (is_v4_) {
        auto* const in = reinterpret_cast<sockaddr_in*>(&result.storage);
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        std::memcpy(&in->sin_addr, bytes_.data(), 4);
        result.size = sizeof *in;
        return result;
    }
    auto* const in = reinterpret_cast<sockaddr_in6*>(&result.storage);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(port);
    std::memcpy(&in->sin6_addr, bytes_.data(), 16);
    result.size = sizeof *in;
    return result;
}

std::string Address::to_string() const {
    char text[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(family(), bytes_.data(), text, sizeof text);
    return text;
}

bool Address::is_loopback() const {
    if (is_v4_) return bytes_[0] == 127;
    std::array<std::uint8_t, 16> one{};
    one[15] = 1;
    return bytes_ == one;
}

bool Address::is_public() const {
    const auto hit = [this](const Block& block) {
        return begins_like(*parse(block.prefix), block.bits);
    };
    if (is_v4_) return std::ranges::none_of(v4_blocks, hit);
    return hit({"2000::", 3}) && std::ranges::none_of(v6_blocks, hit);
}

Address Address::unmapped() const {
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (is_v4_ || !std::ranges::equal(mapped, std::span(bytes_).first<12>())) return *this;
    return v4({bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
}

bool Address::begins_like(const Address& other, int bits) const {
    if (is_v4_ != other.is_v4_) return false;
    for (int bit = 0; bit < bits; bit += 8) {
        const auto i = static_cast<std::size_t>(bit / 8);
        const int left = std::min(8, bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xff << (8 - left));
        if ((bytes_[i] & mask) != (other.bytes_[i] & mask)) return false;
    }
    return true;
}

std::optional<Network> Network::parse(const std::string& text) {
    const auto slash = text.find('/');
    const auto base = Address::parse(text.substr(0, slash));
    if (!base) return std::nullopt;
    const int most = base->family() == AF_INET ? 32 : 128;
    if (slash == text.npos) return Network{*base, most};
    int bits = 0;
    const char* const end = text.data() + text.size();
    const auto [at, status] = std::from_chars(text.data() + slash + 1, end, bits);
    if (status != std::errc{} || at != end || bits < 0 || bits > most) return std::nullopt;
    return Network{*base, bits};
}

}  // namespace huitong::gateway::http
