#include "gateway/http/connection/response_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>

namespace huitong::gateway::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using BeastError = beast::http::error;
using BeastView = beast::string_view;

}  // namespace

struct ResponseParser::Impl final : beast::http::basic_parser<false> {
    Impl(MessageLimits limits, bool to_head) : limits_(limits) {
        eager(true);
        header_limit(UINT32_MAX);  // Counted here as a whole, like the request's.
        body_limit(limits.body_bytes_max);
        skip(to_head);
    }

    void on_request_impl(beast::http::verb, BeastView, BeastView, int, error_code&) override {}

    void on_response_impl(int status, BeastView, int, error_code&) override {
        answer.status = status;
    }

    void on_field_impl(beast::http::field, BeastView name, BeastView value,
                       error_code& error) override {
        if (header_done) return;  // A trailer.
        header_bytes += name.size() + value.size();
        if (answer.headers.size() == MessageLimits::fields_max ||
            header_bytes > limits_.header_bytes_max) {
            error = BeastError::header_limit;
            return;
        }
        answer.headers.add(name, value);
    }

    void on_header_impl(error_code& error) override {
        header_done = true;
        // Ours is always 1xx, or final; switching protocols was never asked for.
        if (answer.status < 100 || answer.status == 101) error = BeastError::bad_status;
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}

    std::size_t on_body_impl(BeastView bytes, error_code&) override {
        answer.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, BeastView bytes, error_code& error) override {
        return on_body_impl(bytes, error);
    }

    void on_finish_impl(error_code&) override {}

    [[nodiscard]] bool too_large(std::size_t unused) const {
        if (!header_done) return used_bytes + unused > limits_.header_bytes_max;
        if (unused > limits_.header_bytes_max) return true;
        return used_bytes > limits_.framed_bytes_max();
    }

    Answer answer;
    std::optional<Error> refusal;
    std::size_t used_bytes = 0;
    std::size_t header_bytes = 0;
    bool header_done = false;

private:
    MessageLimits limits_;
};

ResponseParser::ResponseParser(MessageLimits limits, bool to_head)
    : limits_(limits), to_head_(to_head), impl_(std::make_unique<Impl>(limits, to_head)) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

std::size_t ResponseParser::feed(std::string_view bytes) {
    std::size_t used_in_all = 0;
    while (used_in_all < bytes.size() && !impl_->refusal && !impl_->is_done()) {
        const auto rest = bytes.substr(used_in_all);
        error_code error;
        const auto used = impl_->put(boost::asio::const_buffer(rest.data(), rest.size()), error);
        used_in_all += used;
        impl_->used_bytes += used;
        if (error && error != BeastError::need_more) {
            const bool size = error == BeastError::body_limit || error == BeastError::header_limit;
            impl_->refusal = size ? Error::peer_answer_too_large : Error::peer_answer_malformed;
        } else if (!impl_->is_done() && impl_->too_large(rest.size() - used)) {
            impl_->refusal = Error::peer_answer_too_large;
        }
        if (complete() && impl_->answer.status / 100 == 1) {
            impl_ = std::make_unique<Impl>(limits_, to_head_);
        } else if (error == BeastError::need_more) {
            break;
        }
    }
    return used_in_all;
}

void ResponseParser::finish() {
    if (!started() || impl_->refusal || impl_->is_done()) return;
    error_code error;
    impl_->put_eof(error);
    if (error) impl_->refusal = Error::peer_answer_malformed;
}

std::optional<Error> ResponseParser::error() const {
    return impl_->refusal;
}
bool ResponseParser::started() const {
    return impl_->got_some();
}
bool ResponseParser::complete() const {
    return !impl_->refusal && impl_->is_done();
}
bool ResponseParser::keep_alive() const {
    return impl_->keep_alive();
}

Answer ResponseParser::take() {
    Answer answer = std::move(impl_->answer);
    impl_ = std::make_unique<Impl>(limits_, to_head_);
    return answer;
}

}  // namespace huitong::gateway::http
