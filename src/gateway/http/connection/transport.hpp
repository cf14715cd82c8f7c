// A connected TCP socket, plain or TLS, that never blocks. Knows bytes, not HTTP.
//
// Reading goes through memory of the thread, so a connection without traffic owns no buffer. What
// is written and not yet sent is kept here and counted: its owner stops reading meanwhile.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/http/connection/io_thread.hpp"
#include "gateway/http/tls.hpp"

namespace huitong::gateway::http {

inline constexpr std::size_t idle_capacity_max = 1024;  // bytes a buffer keeps between messages

class Transport {
public:
    enum class Status : std::uint8_t { open, ended, failed };

    struct Received {
        Status status;           // ended: the peer will send no more.
        std::string_view bytes;  // In clear; valid until the thread reads again.
        std::size_t wire_bytes;  // As received.
    };

    // tls may be null. Takes the descriptor, which must be non-blocking.
    Transport(IoThread& thread, int descriptor, std::unique_ptr<TlsChannel> tls);

    // Takes what has arrived, at most one read's worth. Also drives the TLS handshake, whose bytes
    // wait to be flushed.
    Received receive();
    // A client's first word of a TLS handshake; to be flushed. Nothing without TLS.
    Status start_handshake();
    // Bytes to be sent; nothing is sent before flush(). With TLS the handshake must be over.
    Status write(std::string_view plain);
    // Sends as much as the kernel takes. wire_bytes grows by that.
    Status flush(std::uint64_t& wire_bytes);
    [[nodiscard]] std::size_t pending() const { return out_.size() - sent_; }

    // Direct access for writers of plain text: null with TLS. Saves one copy.
    [[nodiscard]] std::string* plain_out() { return tls_ == nullptr ? &out_ : nullptr; }

    // Says to the peer that we send no more; it may still send. Flush first.
    void finish();
    void close();

    void want_readable(Actor& actor) { watch_.want_readable(actor); }
    void want_writable(Actor& actor) { watch_.want_writable(actor); }

    [[nodiscard]] int descriptor() const { return watch_.descriptor(); }
    [[nodiscard]] TlsChannel* tls() { return tls_.get(); }
    [[nodiscard]] bool ready() const { return tls_ == nullptr || tls_->ready(); }

private:
    IoThread& thread_;
    Watch watch_;
    std::unique_ptr<TlsChannel> tls_;
    std::string out_;  // Bytes of the wire.
    std::size_t sent_ = 0;
};

}  // namespace huitong::gateway::http
