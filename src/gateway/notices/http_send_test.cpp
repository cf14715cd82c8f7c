// Letters over real sockets: what a merchant's server gets, and what counts as its answer.
#include "gateway/notices/http_send.hpp"

#include <future>
#include <gtest/gtest.h>

#include "gateway/http/server.hpp"

namespace huitong::gateway::notices {
namespace {

Result<int> deliver(http::Client& client, const std::string& url) {
    SealedLetter letter{.headers = {{"Wechatpay-Nonce", "n"}}, .body = "{}"};
    std::promise<Result<int>> promise;
    send_by(client)(url, std::move(letter),
                    [&promise](Result<int> result) { promise.set_value(result); });
    return promise.get_future().get();
}

TEST(SendBy, PostsOnceAndFollowsNothing) {
    http::IoThreads io(1);
    std::atomic<int> redirected{0};
    std::atomic<int> calls{0};
    http::Request seen;
    http::ServerOptions options;
    options.handler = [&](http::Request&& request, http::Responder responder) {
        http::Response response;
        if (request.target == "/moved") {
            response.status = 302;
            response.headers.emplace_back("Location", "/elsewhere");
        } else if (request.target == "/elsewhere") {
            ++redirected;
        } else {
            response.status = std::stoi(request.target.substr(1));
        }
        ++calls;
        seen = std::move(request);
        responder.send(std::move(response));
    };
    auto server = *http::Server::start(io, options);
    auto client = *http::Client::make(io, {.allow_private_addresses = true});
    const std::string base = "http://127.0.0.1:" + std::to_string(server->port());

    EXPECT_EQ(deliver(*client, base + "/204"), 204);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.body, "{}");
    EXPECT_EQ(seen.header("Wechatpay-Nonce"), "n");
    EXPECT_EQ(deliver(*client, base + "/500"), 500);
    EXPECT_EQ(deliver(*client, base + "/moved"), 302);
    EXPECT_EQ(redirected, 0);

    const int before = calls;
    auto careful = *http::Client::make(io, {});
    EXPECT_EQ(deliver(*careful, base + "/200"), refuse(Error::address_forbidden));
    EXPECT_EQ(deliver(*careful, "ftp://a.example/"), refuse(Error::url_malformed));
    EXPECT_EQ(calls, before);
}

}  // namespace
}  // namespace huitong::gateway::notices
