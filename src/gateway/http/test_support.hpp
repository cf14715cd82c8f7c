// What the tests of this module share: a blocking socket, and a server with a simple handler.
#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "gateway/http/server.hpp"

namespace huitong::gateway::http {

// A client that sends exactly the bytes it is told. Every wait ends after 10 s at the latest.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        const timeval limit{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~RawClient() { close(); }
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          connected_(other.connected_),
          rest_(std::move(other.rest_)) {}
    RawClient& operator=(RawClient&&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] int descriptor() const { return socket_; }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    // One response with its header and body; whatever came, if the server closed before.
    std::string receive_response() {
        while (true) {
            const auto end = rest_.find("\r\n\r\n");
            if (end != rest_.npos) {
                const auto size = end + 4 + content_length(rest_.substr(0, end));
                if (rest_.size() >= size) {
                    auto response = rest_.substr(0, size);
                    rest_.erase(0, size);
                    return response;
                }
            }
            if (!receive_some()) return std::exchange(rest_, {});
        }
    }

    // All until the server closes.
    std::string receive_all() {
        while (receive_some()) {}
        return std::exchange(rest_, {});
    }

    void finish_sending() { ::shutdown(socket_, SHUT_WR); }
    // The server gets a reset, not an end.
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

private:
    static std::size_t content_length(const std::string& header) {
        const auto at = header.find("Content-Length: ");
        return at == header.npos ? 0 : std::stoul(header.substr(at + 16));
    }

    bool receive_some() {
        char piece[16 * 1024];
        const auto count = ::recv(socket_, piece, sizeof piece, 0);
        if (count > 0) rest_.append(piece, static_cast<std::size_t>(count));
        return count > 0;
    }

    int socket_;
    bool connected_ = false;
    std::string rest_;
};

inline std::string status_of(const std::string& response) {
    return response.size() < 12 ? "" : response.substr(9, 3);
}

inline std::string body_of(const std::string& response) {
    const auto end = response.find("\r\n\r\n");
    return end == response.npos ? "" : response.substr(end + 4);
}

// For counters that another thread moves: looks again until it holds, 10 s at most.
template <class Condition>
bool eventually(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

// Answers with what it was asked: "GET /x?y 5\nhello" for method, target, size and bytes of body.
inline void echo(Request&& request, Responder responder) {
    Response response;
    response.headers.emplace_back("X-Echo", "yes");
    response.body = request.method + " " + request.target + " " +
                    std::to_string(request.body.size()) + "\n" + request.body;
    responder.send(std::move(response));
}

inline std::unique_ptr<Server> start_server(IoThreads& threads, ServerOptions options) {
    if (!options.handler) options.handler = echo;
    auto server = Server::start(threads, std::move(options));
    return server ? std::move(*server) : nullptr;
}

}  // namespace huitong::gateway::http
