// Requests and responses as the doors see them: values, no library behind them.
//
// A request keeps what was sent: target and header values byte for byte, escapes untouched, because
// signatures are made over them. A response is written with its header names spelt exactly as
// given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.hpp"

namespace huitong::gateway::http {

// Header fields in the order they came, in one piece of memory.
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

    void add(std::string_view name, std::string_view value);

    // The first field of that name in any case; nothing if there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    // How many fields bear that name: a second one of a header that decides something is suspect.
    [[nodiscard]] std::size_t count(std::string_view name) const;

    [[nodiscard]] std::size_t size() const { return fields_.size(); }
    [[nodiscard]] std::pair<std::string_view, std::string_view> at(std::size_t index) const;

private:
    // Offsets, not views: the memory moves when it grows and when a Headers is moved.
    struct Field {
        std::uint32_t name;
        std::uint32_t value;
        std::uint32_t end;
    };

    std::string text_;
    std::vector<Field> fields_;
};

struct Request {
    std::string method;  // As sent, but a HEAD arrives here as GET with head = true.
    std::string target;  // As sent: /v3/pay?mchid=1, escapes untouched.
    Headers headers;
    std::string body;            // Raw bytes, chunking removed.
    std::string remote_address;  // Numeric, without port.
    std::string tls_subject;     // Of a verified client certificate (RFC 2253); else empty.
    Instant received;            // When the request was complete.
    bool head = false;           // The body of the answer will not be sent.

    // The target up to the question mark, without a scheme and host, escapes untouched.
    [[nodiscard]] std::string_view path() const;
    // What follows the first question mark; empty if there is none.
    [[nodiscard]] std::string_view query() const;
    // The first header of that name in any case; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;  // Names go out exactly as given.
    std::string body;
};

// What the connection adds to a response when it is written.
struct Framing {
    bool body_omitted = false;  // The answer to a HEAD.
    bool connection_close = false;
};

// Appends the response as HTTP/1.1 bytes. Content-Length is always added, except to a 204, which
// goes without body, Content-Type and Content-Length. Line breaks inside header values become
// spaces: nobody may forge a header through an echoed value.
void append_response(std::string& out, const Response& response, Framing framing);

// The request line and header fields of a call, whose body follows as it is. Host and
// Content-Length are added; line breaks inside values become spaces.
struct RequestHead {
    std::string_view method;
    std::string_view target;
    std::string_view host;
    const std::vector<std::pair<std::string, std::string>>& headers;
    std::size_t body_bytes;
};
void append_request(std::string& out, const RequestHead& head);

// True if the two are equal but for the case of ASCII letters.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

}  // namespace huitong::gateway::http
