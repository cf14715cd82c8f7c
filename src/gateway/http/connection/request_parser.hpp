// Bytes to requests, without a socket. Beast's incremental parser does the syntax; here are the
// limits, and the checks that keep two parsers from reading one message differently (request
// smuggling, RFC 9112 sections 6.3 and 11.2).
//
// Refused beyond what Beast refuses: Transfer-Encoding other than exactly "chunked" or beside
// Content-Length, a second Content-Length even if equal, a list in it, no Host or two of them,
// fields of trailers are dropped, HTTP/1.0.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "gateway/http/message.hpp"

namespace huitong::gateway::http {

struct MessageLimits {
    static constexpr std::size_t fields_max = 200;

    std::size_t header_bytes_max;
    std::size_t body_bytes_max;

    // What a message may weigh on the line: the headers and extensions of chunks may weigh this
    // much more than the body that they carry.
    [[nodiscard]] std::size_t framed_bytes_max() const {
        return header_bytes_max + 64 * 1024 + 8 * body_bytes_max;
    }
};

class RequestParser {
public:
    explicit RequestParser(MessageLimits limits);
    ~RequestParser();
    RequestParser(RequestParser&&) noexcept;
    RequestParser& operator=(RequestParser&&) noexcept;

    // Takes bytes and says how many it used. What it did not use must come again, in front of what
    // follows. Uses nothing after a complete request or an error.
    std::size_t feed(std::string_view bytes);

    [[nodiscard]] std::optional<Error> error() const;
    [[nodiscard]] bool started() const;  // A byte of the next request has come.
    [[nodiscard]] bool header_complete() const;
    [[nodiscard]] bool complete() const;
    [[nodiscard]] bool wants_continue() const;  // Expect: 100-continue, and the body is still due.
    [[nodiscard]] bool keep_alive() const;      // The client did not ask to close.
    [[nodiscard]] std::size_t body_size() const;  // What has come of the body.

    // What has been read, complete or not. The parser is then ready for the next request.
    Request take();

private:
    struct Impl;
    MessageLimits limits_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::http
