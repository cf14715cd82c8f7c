#include "gateway/http/connection/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>

namespace huitong::gateway::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using BeastError = beast::http::error;
using BeastView = beast::string_view;

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool target_known(std::string_view target) {
    return target.starts_with('/') || target == "*" || target.starts_with("http://") ||
           target.starts_with("https://");
}

// True for a request line that is right but for the number of its version.
bool names_other_version(std::string_view bytes) {
    const auto line = bytes.substr(0, bytes.find("\r\n"));
    const auto space = line.rfind(' ');
    if (space == line.npos || std::ranges::count(line, ' ') != 2) return false;
    const auto version = line.substr(space + 1);
    return version.size() == 8 && version.starts_with("HTTP/") &&
           all_digits(version.substr(5, 1)) && version[6] == '.' && all_digits(version.substr(7));
}

// What Beast found wrong, in our words. The bytes begin with the request line if that is at fault.
Error reason(error_code error, std::string_view bytes) {
    if (error == BeastError::body_limit) return Error::body_too_large;
    if (error == BeastError::header_limit) return Error::header_too_large;
    if (error == BeastError::bad_version && names_other_version(bytes)) {
        return Error::http_version_unknown;
    }
    return Error::request_malformed;
}

}  // namespace

struct RequestParser::Impl final : beast::http::basic_parser<true> {
    explicit Impl(MessageLimits limits) : limits_(limits) {
        eager(true);
        // Beast judges each piece it is given; feed() counts the header as a whole.
        header_limit(UINT32_MAX);
        body_limit(limits.body_bytes_max);
    }

    void on_request_impl(beast::http::verb, BeastView method, BeastView target, int version,
                         error_code& error) override {
        request.method = method;
        request.target = target;
        header_bytes = method.size() + target.size();
        if (version != 11) return fail(Error::http_version_unknown, error);
        if (!target_known(request.target)) fail(Error::request_malformed, error);
    }

    void on_response_impl(int, BeastView, int, error_code&) override {}  // Of the other parser.

    void on_field_impl(beast::http::field, BeastView name, BeastView value,
                       error_code& error) override {
        if (header_done) return;  // A trailer must not look like a header that was checked.
        header_bytes += name.size() + value.size();
        if (request.headers.size() == MessageLimits::fields_max ||
            header_bytes > limits_.header_bytes_max) {
            return fail(Error::header_too_large, error);
        }
        request.headers.add(name, value);
    }

    void on_header_impl(error_code& error) override {
        header_done = true;
        if (!framing_plain()) return fail(Error::request_malformed, error);
        expects_continue = same_name(request.header("Expect"), "100-continue");
        if (request.method == "HEAD") {
            request.method = "GET";
            request.head = true;
        }
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const& size, error_code&) override {
        // Only a part is believed: the rest gets its memory when it comes.
        constexpr std::uint64_t believed = 64 * 1024;
        if (size) request.body.reserve(static_cast<std::size_t>(std::min(*size, believed)));
    }

    std::size_t on_body_impl(BeastView bytes, error_code&) override {
        request.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, BeastView bytes, error_code& error) override {
        return on_body_impl(bytes, error);
    }

    void on_finish_impl(error_code&) override {}

    // True if every reader of this header sees the same end of the message and the same host.
    [[nodiscard]] bool framing_plain() const {
        const Headers& headers = request.headers;
        if (headers.count("Host") != 1) return false;
        const auto length = headers.find("Content-Length");
        if (headers.count("Content-Length") > 1 || (length && !all_digits(*length))) return false;
        const auto coding = headers.find("Transfer-Encoding");
        if (!coding) return true;
        return headers.count("Transfer-Encoding") == 1 && !length && same_name(*coding, "chunked");
    }

    void fail(Error reason, error_code& error) {
        refusal = reason;
        error = BeastError::bad_value;  // Any error stops Beast; refusal says which it was.
    }

    // After each piece: what the whole message may weigh, however it is cut.
    void check_sizes(std::size_t unused) {
        if (refusal) return;
        if (!header_done && used_bytes + unused > limits_.header_bytes_max) {
            refusal = Error::header_too_large;
        }
        if (!header_done) return;
        if (unused > limits_.header_bytes_max && !is_done()) refusal = Error::request_malformed;
        const auto raw_max = limits_.framed_bytes_max();
        if (used_bytes > raw_max) refusal = Error::body_too_large;
    }

    Request request;
    std::optional<Error> refusal;
    std::size_t used_bytes = 0;
    std::size_t header_bytes = 0;  // Without separators; exact where it matters, at the limit.
    bool header_done = false;
    bool expects_continue = false;

private:
    MessageLimits limits_;
};

RequestParser::RequestParser(MessageLimits limits) : limits_(limits) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

std::size_t RequestParser::feed(std::string_view bytes) {
    if (error() || complete()) return 0;
    if (impl_ == nullptr) impl_ = std::make_unique<Impl>(limits_);
    std::size_t skipped = 0;
    if (!impl_->got_some()) {
        // Empty lines between requests are forgiven (RFC 9112 section 2.2), but counted.
        while (bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
        bytes.remove_prefix(skipped);
        if (bytes == "\r") bytes = {};  // Half an empty line: it comes again with the other half.
    }
    error_code error;
    const auto used =
        bytes.empty() ? 0
                      : impl_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    impl_->used_bytes += skipped + used;
    if (!impl_->refusal && error && error != BeastError::need_more) {
        impl_->refusal = reason(error, bytes);
    }
    impl_->check_sizes(impl_->is_done() ? 0 : bytes.size() - used);
    return skipped + used;
}

std::optional<Error> RequestParser::error() const {
    return impl_ == nullptr ? std::nullopt : impl_->refusal;
}
bool RequestParser::started() const {
    return impl_ != nullptr;
}
bool RequestParser::header_complete() const {
    return impl_ != nullptr && impl_->header_done;
}
bool RequestParser::complete() const {
    return impl_ != nullptr && !impl_->refusal && impl_->is_done();
}
bool RequestParser::wants_continue() const {
    return header_complete() && impl_->expects_continue && !impl_->is_done() &&
           impl_->request.body.empty();
}
bool RequestParser::keep_alive() const {
    return impl_ != nullptr && impl_->keep_alive();
}
std::size_t RequestParser::body_size() const {
    return impl_ == nullptr ? 0 : impl_->request.body.size();
}

Request RequestParser::take() {
    if (impl_ == nullptr) return {};
    Request request = std::move(impl_->request);
    impl_.reset();
    return request;
}

}  // namespace huitong::gateway::http
