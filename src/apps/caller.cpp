#include "apps/caller.hpp"

#include <algorithm>
#include <future>
#include <simdjson.h>

#include "gateway/http/client.hpp"

namespace huitong::apps {

namespace http = gateway::http;

namespace {

constexpr Duration call_timeout = seconds(30);

}  // namespace

class Caller::Impl {
public:
    http::IoThreads io{1};
    std::unique_ptr<http::Client> client;

    ~Impl() {
        client.reset();
        io.stop();
    }
};

Caller::Caller(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Caller::~Caller() = default;

Result<std::unique_ptr<Caller>> Caller::make(const std::string& ca_file) {
    auto impl = std::make_unique<Impl>();
    http::ClientOptions options;
    options.allow_private_addresses = true;  // These are our own doors.
    options.trust.ca_file = ca_file;
    TRY(client, http::Client::make(impl->io, options));
    impl->client = std::move(client);
    return std::unique_ptr<Caller>(new Caller(std::move(impl)));
}

Result<CallResult> Caller::call(std::string method, std::string url, Headers headers,
                                std::string body) {
    std::promise<Result<CallResult>> promise;
    auto done = promise.get_future();
    http::Call call{.method = std::move(method),
                    .url = std::move(url),
                    .headers = std::move(headers),
                    .body = std::move(body),
                    .limits = {.timeout = call_timeout}};
    impl_->client->call(std::move(call), [&promise](Result<http::Answer> answer) {
        if (!answer) return promise.set_value(refuse(answer.error()));
        CallResult result{answer->status, std::move(answer->body), {}};
        for (std::size_t i = 0; i < answer->headers.size(); ++i) {
            const auto [name, value] = answer->headers.at(i);
            result.headers.emplace_back(name, value);
        }
        promise.set_value(std::move(result));
    });
    return done.get();
}

std::string CallResult::header(std::string_view name) const {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    const auto found = std::ranges::find_if(
        headers, [&](const auto& header) { return std::ranges::equal(header.first, name, same); });
    return found == headers.end() ? std::string{} : found->second;
}

std::string json_at(const std::string& body, const std::string& pointer) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::element found;
    if (parser.parse(body).get(root) != simdjson::SUCCESS) return {};
    if (root.at_pointer(pointer).get(found) != simdjson::SUCCESS) return {};
    std::string_view text;
    if (found.get(text) == simdjson::SUCCESS) return std::string(text);
    return simdjson::minify(found);
}

}  // namespace huitong::apps
