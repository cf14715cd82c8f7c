// One I/O thread: an event loop, its timer wheel and the actors that live on it. For this module
// and for lines without HTTP (gateway/iso8583); Asio stays in io_thread.cpp.
//
// An actor (listener, connection, client) belongs to one thread; all its members are called there.
// The thread keeps it alive from add() until drop(), at the latest until the thread ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "gateway/http/connection/mailbox.hpp"
#include "gateway/http/connection/timer_wheel.hpp"

namespace huitong::gateway::http {

class IoThread;

class Actor : public std::enable_shared_from_this<Actor>, public Timer {
public:
    virtual void on_readable() {}
    virtual void on_writable() {}
    void on_deadline() override {}
    // The thread ends: close what is open. The thread drops the actor afterwards.
    virtual void on_stop() = 0;
};

// A file descriptor whose readiness the loop reports to its actor. Owns and closes it.
class Watch {
public:
    Watch(IoThread& thread, int descriptor);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Each asks for one report; asking again before it came changes nothing.
    void want_readable(Actor& actor);
    void want_writable(Actor& actor);
    [[nodiscard]] int descriptor() const;
    void close();  // Reports still due are not made.

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // Shared with the loop's handlers.
};

class IoThread {
public:
    IoThread();
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    // From any thread.
    [[nodiscard]] const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
    [[nodiscard]] static IoThread* current();  // The one that runs the caller; else null.
    void stop();
    [[nodiscard]] std::uint64_t cpu_microseconds() const;

    // From its own thread only.
    std::uint64_t add(std::shared_ptr<Actor> actor);
    void drop(std::uint64_t id);
    [[nodiscard]] Actor* find(std::uint64_t id) const;
    void for_each(const std::function<void(Actor&)>& visit);
    [[nodiscard]] std::int64_t now_ms() const;  // Of a steady clock.
    void set_timer(Timer& timer, std::int64_t deadline_ms);
    // The session whose handler is running now; 0 if none. Its answer needs no mailbox.
    std::uint64_t dispatching = 0;
    // Memory for what is being read or written at this moment; no connection keeps any of it.
    std::string wire_scratch;
    std::string plain_scratch;
    std::string answer_scratch;

private:
    friend class Watch;
    struct Loop;

    void run();
    void tick();

    std::unique_ptr<Loop> loop_;
    std::shared_ptr<Mailbox> mailbox_;
    std::unordered_map<std::uint64_t, std::shared_ptr<Actor>> actors_;
    std::uint64_t last_id_ = 0;
    std::unique_ptr<TimerWheel> wheel_;
    bool ticking_ = false;
};

}  // namespace huitong::gateway::http
