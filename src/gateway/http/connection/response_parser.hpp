// Bytes to answers, without a socket: the client's counterpart of RequestParser.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "gateway/http/connection/request_parser.hpp"
#include "gateway/http/message.hpp"

namespace huitong::gateway::http {

struct Answer {
    int status = 0;
    Headers headers;
    std::string body;
};

class ResponseParser {
public:
    // to_head: the request was a HEAD, so no body follows.
    ResponseParser(MessageLimits limits, bool to_head);
    ~ResponseParser();
    ResponseParser(ResponseParser&&) noexcept;
    ResponseParser& operator=(ResponseParser&&) noexcept;

    // As RequestParser::feed. Interim answers (1xx) are read over.
    std::size_t feed(std::string_view bytes);
    // The peer will send no more: an answer without a length is then complete.
    void finish();

    [[nodiscard]] std::optional<Error> error() const;  // peer_answer_malformed or _too_large
    [[nodiscard]] bool started() const;
    [[nodiscard]] bool complete() const;
    [[nodiscard]] bool keep_alive() const;
    Answer take();

private:
    struct Impl;
    MessageLimits limits_;
    bool to_head_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huitong::gateway::http
