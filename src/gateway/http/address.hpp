// Numeric IP addresses and networks, and which of them a courier may call.
#pragma once

#include <array>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>

namespace huitong::gateway::http {

class Address;

// What the socket calls take.
struct SocketAddress {
    sockaddr_storage storage;
    socklen_t size;

    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage);
    }
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] Address address() const;  // Of AF_INET or AF_INET6.
};

class Address {
public:
    // "127.0.0.1" or "::1"; no brackets, port or zone.
    static std::optional<Address> parse(const std::string& text);
    static Address v4(std::array<std::uint8_t, 4> bytes);
    static Address v6(std::array<std::uint8_t, 16> bytes);

    [[nodiscard]] int family() const { return is_v4_ ? AF_INET : AF_INET6; }
    [[nodiscard]] SocketAddress with_port(std::uint16_t port) const;
    [[nodiscard]] std::string to_string() const;

    [[nodiscard]] bool is_loopback() const;
    // True only for addresses that the public Internet routes to one host: not private, loopback,
    // link-local, shared (CGNAT), multicast, reserved, documentation or unique-local, and not an
    // IPv6 form that wraps an IPv4 address which some gateway would unwrap.
    [[nodiscard]] bool is_public() const;
    // The IPv4 address within ::ffff:0:0/96, as sockets of both families show it; else itself.
    [[nodiscard]] Address unmapped() const;
    // Of one family, and the first so many bits are the same.
    [[nodiscard]] bool begins_like(const Address& other, int bits) const;

    friend bool operator==(const Address&, const Address&) = default;

private:
    bool is_v4_ = true;
    std::array<std::uint8_t, 16> bytes_{};  // IPv4 uses the first four.
};

// All addresses with one beginning: "10.1.0.0/16", "2001:db8::/32", or a single address.
struct Network {
    Address base;
    int bits = 0;

    static std::optional<Network> parse(const std::string& text);
    [[nodiscard]] bool contains(const Address& address) const {
        return address.begins_like(base, bits);
    }
};

}  // namespace huitong::gateway::http
