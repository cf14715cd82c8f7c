#include "apps/bench/load.hpp"

#include <array>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace huitong::apps::bench {
namespace {

// Where the answer in these bytes ends; npos when it is not whole yet.
std::size_t answer_end(std::string_view bytes) {
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head == std::string_view::npos) return head;
    const std::size_t field = bytes.find("Content-Length: ");
    std::size_t length = 0;
    if (field < head) std::from_chars(bytes.data() + field + 16, bytes.data() + head, length);
    const std::size_t end = head + 4 + length;
    return bytes.size() < end ? std::string_view::npos : end;
}

struct Connection {
    int socket = -1;
    std::string received;
    Clock::time_point sent;
};

class Load {
public:
    Load(std::uint64_t count, const std::function<std::string_view(std::uint64_t)>& next,
         const std::function<bool(std::string_view)>& good)
        : count_(count), next_(next), good_(good), poll_(epoll_create1(0)) {}
    ~Load() {
        for (const Connection& connection : connections_) close(connection.socket);
        close(poll_);
    }

    Result<void> open(std::uint16_t port, std::size_t connections) {
        connections_.resize(std::min<std::uint64_t>(connections, count_));
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_port = htons(port);
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            const int made = socket(AF_INET, SOCK_STREAM, 0);
            connections_[i].socket = made;
            if (connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
                return refuse(Error::peer_unreachable);
            const int on = 1;
            setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
            epoll_ctl(poll_, EPOLL_CTL_ADD, made, &event);
        }
        return {};
    }

    Result<LoadReport> run() {
        const Clock::time_point start = Clock::now();
        const std::uint64_t cpu = own_cpu_microseconds();
        for (Connection& connection : connections_) send_next(connection);
        std::array<epoll_event, 256> events{};
        while (report_.answers < count_) {
            const int ready = epoll_wait(poll_, events.data(), events.size(), 10'000);
            if (ready <= 0) return refuse(Error::peer_timeout);
            for (int i = 0; i < ready; ++i) {
                if (!receive(connections_[events[static_cast<std::size_t>(i)].data.u64]))
                    return refuse(Error::peer_unreachable);
            }
        }
        report_.seconds = seconds_since(start);
        report_.client_cpu_us = own_cpu_microseconds() - cpu;
        return std::move(report_);
    }

private:
    void send_next(Connection& connection) {
        if (sent_ == count_) return;
        const std::string_view bytes = next_(sent_++);
        connection.sent = Clock::now();
        // Requests are far smaller than a socket's buffer, and only one is under way: it fits.
        (void)!send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    bool receive(Connection& connection) {
        std::array<char, 16 * 1024> buffer;
        const ssize_t got = recv(connection.socket, buffer.data(), buffer.size(), 0);
        if (got <= 0) return false;
        connection.received.append(buffer.data(), static_cast<std::size_t>(got));
        const std::size_t end = answer_end(connection.received);
        if (end == std::string_view::npos) return true;
        report_.latencies.add(
            std::chrono::duration<double, std::micro>(Clock::now() - connection.sent).count());
        ++report_.answers;
        if (!good_(connection.received)) {
            if (report_.wrong++ == 0) report_.first_wrong = connection.received;
        }
        connection.received.erase(0, end);
        send_next(connection);
        return true;
    }

    std::uint64_t count_;
    std::uint64_t sent_ = 0;
    const std::function<std::string_view(std::uint64_t)>& next_;
    const std::function<bool(std::string_view)>& good_;
    int poll_;
    std::vector<Connection> connections_;
    LoadReport report_;
};

}  // namespace

Result<LoadReport> run_load(std::uint16_t port, std::size_t connections, std::uint64_t count,
                            const std::function<std::string_view(std::uint64_t)>& next,
                            const std::function<bool(std::string_view)>& good) {
    Load load(count, next, good);
    CHECK(load.open(port, connections));
    return load.run();
}

std::uint16_t port_of(const std::string& url) {
    std::uint16_t port = 0;
    const std::size_t colon = url.rfind(':');
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
    return port;
}

}  // namespace huitong::apps::bench
