// A listening socket: accepts for one door and deals the connections out to the I/O threads in
// turn. Internal to this module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "gateway/http/connection/door.hpp"
#include "gateway/http/connection/io_thread.hpp"

namespace huitong::gateway::http {

// A descriptor that is closed unless somebody takes it.
class SocketDescriptor {
public:
    explicit SocketDescriptor(int value) : value_(value) {}
    SocketDescriptor(SocketDescriptor&& other) noexcept : value_(other.release()) {}
    SocketDescriptor& operator=(SocketDescriptor&&) = delete;
    ~SocketDescriptor();

    [[nodiscard]] int value() const { return value_; }
    int release();
    void close();

private:
    int value_;
};

struct Bound {
    SocketDescriptor descriptor;
    std::uint16_t port;
};

// Listens on a numeric address; port 0 takes any free one. Refuses with listen_failed.
Result<Bound> listen_on(const std::string& address, std::uint16_t port);

// A door's listening socket, counted by the door until it is closed, on whatever thread it ends.
struct ListeningSocket {
    ListeningSocket(std::shared_ptr<Door> of, SocketDescriptor socket)
        : door(std::move(of)), descriptor(std::move(socket)) {
        door->open();
    }
    ~ListeningSocket() {
        descriptor.close();
        door->shut();
    }
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    std::shared_ptr<Door> door;
    SocketDescriptor descriptor;
};

class Listener final : public Actor {
public:
    // On the thread that will own it.
    static void start(IoThread& thread, std::unique_ptr<ListeningSocket> socket);

    void on_readable() override;
    void on_deadline() override;
    void on_stop() override;

    [[nodiscard]] bool belongs_to(const Door& door) const { return door_.get() == &door; }
    void close();

private:
    Listener(IoThread& thread, std::unique_ptr<ListeningSocket> socket);

    void admit(SocketDescriptor descriptor, const std::string& address, bool loopback);

    IoThread& thread_;
    std::shared_ptr<Door> door_;
    std::unique_ptr<ListeningSocket> socket_;  // until closed; the watch has its descriptor
    Watch watch_;
    std::uint64_t id_ = 0;
    std::size_t next_thread_ = 0;
};

}  // namespace huitong::gateway::http
