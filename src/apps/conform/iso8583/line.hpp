// A TCP line as a tester wants it: any bytes out, whole frames in, and every wait ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "wire/iso8583/frame.hpp"

namespace huitong::apps::conform {

class TestLine {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    // The dialect outlives the line.
    explicit TestLine(const wire::iso8583::Dialect& dialect) : dialect_(dialect) {}
    ~TestLine() { close(); }
    TestLine(const TestLine&) = delete;
    TestLine& operator=(const TestLine&) = delete;

    // Refuses with peer_unreachable.
    Result<void> connect(const std::string& host, std::uint16_t port, Duration patience);
    // Says that no more comes, and waits until the other side has said so. False: it has not.
    bool finish(Deadline until);
    void close();

    // False: the line is closed.
    bool send(std::string_view bytes);
    // The next frame with its prefix, beats aside. Nothing: the time is up, or the line has ended.
    std::optional<std::string> receive(Deadline until);
    // The other side has ended the line, or sent what is no frame.
    [[nodiscard]] bool ended() const { return socket_ < 0 || ended_; }

private:
    // Takes what has come by then.
    void read_some(Deadline until);
    // Whole frames out of it; false: what has come is no frame.
    bool split();

    const wire::iso8583::Dialect& dialect_;
    std::string partial_;  // of a frame, at most
    std::deque<std::string> frames_;
    int socket_ = -1;
    bool ended_ = false;
};

}  // namespace huitong::apps::conform
