// One client's connection to a door, from accept to close. Internal to this module.
//
//   handshaking -> idle -> receiving -> answering -> idle ..      (keep-alive, in order)
//        any of them -> lingering -> closed                       (an error was answered)
//        any of them -> closed                                    (time over, broken, drained)
//
// answering: a request is with the handler; nothing is read meanwhile, which is the back-pressure.
// Bytes that came early (pipelining) wait in early_. lingering: the last answer was sent; what the
// client still sends is thrown away, so that a reset does not destroy the answer under way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/connection/door.hpp"
#include "gateway/http/connection/io_thread.hpp"
#include "gateway/http/connection/request_parser.hpp"
#include "gateway/http/connection/transport.hpp"

namespace huitong::gateway::http {

class Session final : public Actor {
public:
    // On the thread that will own it. The door has let it enter; the session leaves the door.
    static void start(IoThread& thread, std::shared_ptr<Door> door, int descriptor,
                      std::string remote_address);

    // The three ways of a Responder: at once from inside the handler (false: not possible, the
    // response is untouched); by the mailbox; and dropped. Unknown numbers are ignored.
    static bool answer_now(const Mailbox& mailbox, std::uint64_t session, std::uint64_t exchange,
                           Response& response);
    static void answer(IoThread& thread, std::uint64_t session, std::uint64_t exchange,
                       Response&& response);
    static void answer_missing(IoThread& thread, std::uint64_t session, std::uint64_t exchange);

    void on_readable() override;
    void on_writable() override;
    void on_deadline() override;
    void on_stop() override { close(); }

    [[nodiscard]] bool belongs_to(const Door& door) const { return door_.get() == &door; }
    // Closes if idle; else after the answer.
    void drain();
    void close();

private:
    enum class State : std::uint8_t {
        handshaking,
        idle,
        receiving,
        answering,
        lingering,
        closed,
    };

    Session(IoThread& thread, std::shared_ptr<Door> door, int descriptor,
            std::string remote_address);

    void take_bytes(std::string_view bytes);
    std::string_view consume(std::string_view bytes);
    void dispatch();
    void answered(Response&& response);
    void write_answer(const Response& response, Framing framing);
    void refuse_request(Error error);
    void proceed();
    void wait();
    void resume_soon();
    void linger();
    void time_out();
    void set_deadline(Duration from_now);
    void set_receiving_deadline();
    [[nodiscard]] bool body_in_time() const;

    IoThread& thread_;
    std::shared_ptr<Door> door_;
    Transport transport_;
    RequestParser parser_;
    std::string early_;  // Received, not yet used by the parser.
    std::string remote_address_;
    std::string tls_subject_;
    std::uint64_t id_ = 0;
    std::uint64_t exchange_ = 0;  // Counts requests: a late Responder must not answer the next one.
    std::int64_t receiving_since_ms_ = 0;  // 0: the request is not waited for.
    std::int64_t body_since_ms_ = 0;
    State state_ = State::idle;
    bool head_ = false;           // The request with the handler was a HEAD.
    bool last_exchange_ = false;  // Close after this answer.
    bool continue_sent_ = false;
    bool peer_ended_ = false;  // It will send no more, but may still read.
    bool writing_ = false;     // The deadline is that of a write.
};

}  // namespace huitong::gateway::http
