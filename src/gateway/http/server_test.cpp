#include "gateway/http/server.hpp"

#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "gateway/http/test_support.hpp"

namespace huitong::gateway::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string get = "GET /a?b=%2F HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(const std::string& body) {
    return "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

// Keeps requests until the test answers them, from its own thread.
class Desk {
public:
    Handler handler() {
        return [this](Request&&, Responder responder) {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(responder));
            arrived_.notify_all();
        };
    }
    std::vector<Responder> take(std::size_t count) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, std::chrono::seconds(10), [&] { return waiting_.size() >= count; });
        return std::exchange(waiting_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Responder> waiting_;
};

class ServerTest : public ::testing::Test {
protected:
    void start(ServerOptions options = {}) { server_ = start_server(threads_, std::move(options)); }
    [[nodiscard]] RawClient client() const { return RawClient(server_->port()); }
    [[nodiscard]] const Metrics& metrics() const { return server_->metrics(); }

    IoThreads threads_{2};
    std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
    start();
    auto raw = client();
    for (int i = 0; i < 3; ++i) {
        raw.send(get);
        EXPECT_EQ(raw.receive_response(),
                  "HTTP/1.1 200 OK\r\nX-Echo: yes\r\nContent-Length: 15\r\n\r\nGET /a?b=%2F 0\n");
        raw.send(post("hello"));
        EXPECT_EQ(body_of(raw.receive_response()), "POST /p 5\nhello");
    }
    EXPECT_EQ(metrics().requests, 6U);
    EXPECT_EQ(metrics().connections_accepted, 1U);
    EXPECT_EQ(metrics().answers_by_class[2], 6U);
    EXPECT_EQ(metrics().bytes_received, 3 * (get.size() + post("hello").size()));
}

TEST_F(ServerTest, TellsTheHandlerWhoAskedAndWhen) {
    Request seen;
    start({.handler =
               [&](Request&& request, Responder responder) {
                   seen = std::move(request);
                   responder.send({.status = 204, .headers = {}, .body = {}});
               },
           .clock = [] { return Instant{1234}; }});
    auto raw = client();
    raw.send("PUT /x HTTP/1.1\r\nhOsT: h\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(raw.receive_response(), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(seen.remote_address, "127.0.0.1");
    EXPECT_EQ(seen.received, Instant{1234});
    EXPECT_EQ(seen.tls_subject, "");
    EXPECT_EQ(seen.header("X-A"), "1");
    EXPECT_EQ(seen.headers.count("X-A"), 2U);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    Desk desk;
    start({.handler = desk.handler()});
    auto raw = client();
    raw.send(get + get + get);
    for (const char* const body : {"first", "second", "third"}) {
        auto waiting = desk.take(1);
        ASSERT_EQ(waiting.size(), 1U);  // One at a time.
        waiting[0].send({.status = 200, .headers = {}, .body = body});
        EXPECT_EQ(body_of(raw.receive_response()), body);
    }
}

TEST_F(ServerTest, AnswersALongPipelineWhoseClientReadsLate) {
    start({.handler = [](Request&&, Responder responder) {
        responder.send({.status = 200, .headers = {}, .body = std::string(100'000, 'x')});
    }});
    auto raw = client();
    constexpr int count = 500;  // 50 MB of answers, far more than sockets hold.
    std::thread writer([&] {
        for (int i = 0; i < count; ++i) raw.send(get);
    });
    for (int i = 0; i < count; ++i) ASSERT_EQ(body_of(raw.receive_response()).size(), 100'000U);
    writer.join();
}

TEST_F(ServerTest, ReadsBodiesInChunksAndByTheByte) {
    start();
    auto raw = client();
    const std::string chunked =
        "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for (const char byte : chunked) raw.send({&byte, 1});
    EXPECT_EQ(body_of(raw.receive_response()), "POST /c 5\nabcde");
    const std::string large(1024 * 1024, 'z');
    raw.send(post(large));
    EXPECT_EQ(body_of(raw.receive_response()), "POST /p 1048576\n" + large);
}

TEST_F(ServerTest, SaysContinueOnlyWhenAsked) {
    start();
    auto raw = client();
    raw.send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(raw.receive_response(), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("ok");
    EXPECT_EQ(body_of(raw.receive_response()), "POST /e 2\nok");
}

TEST_F(ServerTest, AnswersHeadWithTheHeaderOfGet) {
    start();
    auto raw = client();
    raw.send("HEAD /h HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(raw.receive_all(),
              "HTTP/1.1 200 OK\r\nX-Echo: yes\r\nConnection: close\r\nContent-Length: 9\r\n\r\n");
}

TEST_F(ServerTest, TakesAnswersFromAnyThreadInBatches) {
    Desk desk;
    start({.handler = desk.handler()});
    std::vector<RawClient> clients;
    for (int i = 0; i < 50; ++i) {
        clients.push_back(client());
        clients.back().send(get);
    }
    std::vector<Responder> waiting;
    while (waiting.size() < clients.size()) {
        auto some = desk.take(1);
        ASSERT_FALSE(some.empty());
        std::ranges::move(some, std::back_inserter(waiting));
    }
    std::thread heart([&] {
        const AnswerBatch batch;
        for (Responder& responder : waiting) {
            responder.send({.status = 201, .headers = {}, .body = "late"});
            EXPECT_TRUE(responder.answered());
            responder.send({.status = 500, .headers = {}, .body = "never"});  // One-shot.
        }
    });
    for (RawClient& raw : clients) EXPECT_EQ(body_of(raw.receive_response()), "late");
    heart.join();
    EXPECT_EQ(metrics().answers_by_class[2], 50U);
    EXPECT_EQ(metrics().answers_by_class[5], 0U);
}

TEST_F(ServerTest, AnswersForAHandlerThatForgot) {
    start({.handler = [](Request&&, Responder) {}});
    auto raw = client();
    raw.send(get + get);
    EXPECT_EQ(status_of(raw.receive_response()), "500");
    EXPECT_EQ(status_of(raw.receive_response()), "500");  // The connection lives on.
}

TEST_F(ServerTest, DropsTheAnswerOfAClientThatWent) {
    Desk desk;
    start({.handler = desk.handler()});
    auto raw = client();
    raw.send(get);
    auto waiting = desk.take(1);
    ASSERT_EQ(waiting.size(), 1U);
    raw.reset();
    waiting[0].send({.status = 200, .headers = {}, .body = std::string(1'000'000, 'x')});
    EXPECT_TRUE(eventually([&] { return metrics().connections_open == 0; }));
    EXPECT_EQ(metrics().requests, 1U);
    EXPECT_EQ(metrics().answers_dropped, 1U);
}

TEST_F(ServerTest, AnswersAClientThatClosedItsHalf) {
    start();
    auto raw = client();
    raw.send(get);
    raw.finish_sending();
    EXPECT_THAT(raw.receive_all(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ServerTest, ForgetsARequestThatIsCutOff) {
    start();
    {
        auto raw = client();
        raw.send("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        raw.finish_sending();
        EXPECT_EQ(raw.receive_all(), "");
    }
    EXPECT_TRUE(eventually([&] { return metrics().connections_open == 0; }));
    EXPECT_EQ(metrics().requests, 0U);
}

// Each kind of refusal once; request_parser_test has the full table.
TEST_F(ServerTest, RefusesInTheDoorsOwnFormAndCloses) {
    start({
        .limits = {.header_bytes_max = 1000, .body_bytes_max = 1000},
        .error_writer = [](Error error, const Request& request) {
            Response response{.status = describe(error).http_status, .headers = {}, .body = {}};
            response.headers.emplace_back("X-Signed", "yes");
            response.body = std::string(describe(error).name) + " " + request.target;
            return response;
                   }
    });
    struct Case {
        std::string bytes;
        const char* status;
        const char* body;
    };
    const std::string large(100'000, 'x');
    const std::string chunked = "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string endless = chunked;
    for (int i = 0; i < 1000; ++i) endless += "5\r\nhello\r\n";
    const Case cases[] = {
        {"garbage\r\n\r\n", "400", "request_malformed "},
        {std::string("GET /\0 HTTP/1.1\r\n\r\n", 19), "400", "request_malformed "},
        {"GET /v HTTP/1.0\r\nHost: h\r\n\r\n", "505", "http_version_unknown /v"},
        {"GET /h HTTP/1.1\r\nHost: h\r\nA: " + large, "431", "header_too_large /h"},
        {"GET /" + large, "431", "header_too_large "},
        {"POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n" + large, "413",
         "body_too_large /b"},
        {endless, "413", "body_too_large /c"},
        {"POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\nGET /evil", "400", "request_malformed /s"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.body);
        auto raw = client();
        raw.send(c.bytes);
        const auto all = raw.receive_all();  // It ends: the server closes.
        EXPECT_EQ(status_of(all), c.status);
        EXPECT_EQ(body_of(all), c.body);
        EXPECT_THAT(all, HasSubstr("X-Signed: yes\r\nConnection: close\r\n"));
    }
    EXPECT_EQ(metrics().requests, 0U);
    EXPECT_EQ(metrics().requests_malformed, std::size(cases));
}

TEST_F(ServerTest, PassesUnknownMethodsToTheDoor) {
    start();
    auto raw = client();
    raw.send("FROB /m HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(body_of(raw.receive_response()), "FROB /m 0\n");
}

// The four ways to be slow, each with its limit shortened.
TEST_F(ServerTest, ClosesOnTheSlow) {
    start({
        .limits = {.header_timeout = milliseconds(200),
                   .body_timeout = milliseconds(400),
                   .body_bytes_per_second_min = 1'000'000,
                   .body_grace = milliseconds(100),
                   .idle_timeout = milliseconds(300)}
    });
    auto silent = client();  // Never says anything.
    auto header = client();
    header.send("GET / HTTP/1.1\r\nHost: h\r\nX");
    auto body = client();
    body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nx");
    auto idle = client();
    idle.send(get);
    EXPECT_EQ(status_of(idle.receive_response()), "200");

    EXPECT_EQ(silent.receive_all(), "");
    EXPECT_EQ(status_of(header.receive_all()), "408");
    EXPECT_EQ(status_of(body.receive_all()), "408");
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_EQ(metrics().timeouts, 2U);
}

TEST_F(ServerTest, CutsTheClientThatFeedsItsHeaderForEver) {
    start({
        .limits = {.header_timeout = milliseconds(300), .linger_timeout = milliseconds(100)}
    });
    auto raw = client();
    std::thread drip([descriptor = raw.descriptor()] {
        // Ends when the server has closed: sending fails then.
        while (::send(descriptor, "a", 1, MSG_NOSIGNAL) == 1) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    EXPECT_EQ(status_of(raw.receive_response()), "408");
    drip.join();
}

TEST_F(ServerTest, CutsTheClientThatDoesNotRead) {
    const Handler large = [](Request&&, Responder responder) {
        responder.send({.status = 200, .headers = {}, .body = std::string(64 << 20, 'x')});
    };
    start({.limits = {.write_timeout = milliseconds(200)}, .handler = large});
    auto raw = client();
    raw.send(get);
    EXPECT_TRUE(eventually([&] { return metrics().timeouts == 1; }));
    EXPECT_LT(raw.receive_all().size(), std::size_t{64} << 20);
}

TEST_F(ServerTest, RefusesConnectionsPastItsLimits) {
    start({.limits = {.connections_max = 2}});
    auto first = client();
    auto second = client();
    first.send(get);
    second.send(get);
    EXPECT_EQ(status_of(first.receive_response()), "200");
    EXPECT_EQ(status_of(second.receive_response()), "200");
    auto third = client();
    EXPECT_EQ(third.receive_all(), "");
    EXPECT_EQ(metrics().connections_refused, 1U);
    first.close();
    EXPECT_TRUE(eventually([&] { return metrics().connections_open == 1; }));
    auto fourth = client();
    fourth.send(get);
    EXPECT_EQ(status_of(fourth.receive_response()), "200");
}

TEST_F(ServerTest, CountsConnectionsByAddressIfLoopbackIsNotFree) {
    start({
        .limits = {.connections_per_address_max = 1, .loopback_unlimited_per_address = false}
    });
    auto first = client();
    first.send(get);
    EXPECT_EQ(status_of(first.receive_response()), "200");
    auto second = client();
    EXPECT_EQ(second.receive_all(), "");
    EXPECT_EQ(metrics().connections_refused, 1U);
}

TEST_F(ServerTest, AcceptsAgainWhenThereAreDescriptorsAgain) {
    start();
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlimit few{.rlim_cur = 100, .rlim_max = limit.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    std::vector<int> hoard;
    for (int spare = 0; (spare = ::dup(0)) >= 0;) hoard.push_back(spare);
    ASSERT_FALSE(hoard.empty());
    ::close(hoard.back());  // The client gets the last one, the server none.
    hoard.pop_back();
    auto raw = client();
    EXPECT_TRUE(raw.connected());
    raw.send(get);
    char byte = 0;
    const timeval soon{.tv_sec = 0, .tv_usec = 50'000};
    ::setsockopt(raw.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    EXPECT_EQ(::recv(raw.descriptor(), &byte, 1, 0), -1);
    for (const int spare : hoard) ::close(spare);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const timeval later{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(raw.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &later, sizeof later);
    EXPECT_EQ(status_of(raw.receive_response()), "200");
}

TEST_F(ServerTest, HoldsAThousandIdleConnections) {
    start();
    std::vector<RawClient> idle;
    for (int i = 0; i < 1'000; ++i) {
        idle.push_back(client());
        ASSERT_TRUE(idle.back().connected());
        idle.back().send("GET / HT");  // Some of a request, so that each holds something.
    }
    EXPECT_TRUE(eventually([&] { return metrics().connections_open == 1'000; }));
    auto raw = client();
    raw.send(get);
    EXPECT_EQ(status_of(raw.receive_response()), "200");
    for (RawClient& each : idle) each.send("TP/1.1\r\nHost: h\r\n\r\n");
    for (RawClient& each : idle) ASSERT_EQ(status_of(each.receive_response()), "200");
}

TEST_F(ServerTest, DrainsAfterAnsweringWhatIsInFlight) {
    Desk desk;
    start({.handler = desk.handler()});
    auto idle = client();
    auto busy = client();
    busy.send(get + get);  // The second one will not be taken.
    auto waiting = desk.take(1);
    ASSERT_EQ(waiting.size(), 1U);
    auto drained = std::async(std::launch::async, [&] { return server_->drain(seconds(10)); });
    EXPECT_EQ(idle.receive_all(), "");
    waiting[0].send({.status = 200, .headers = {}, .body = "done"});
    const auto answer = busy.receive_all();
    busy.close();
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_EQ(body_of(answer), "done");
    EXPECT_TRUE(drained.get());
    EXPECT_FALSE(client().connected());
}

TEST_F(ServerTest, DrainGivesUpInTimeAndLateAnswersAreHarmless) {
    Desk desk;
    start({.handler = desk.handler()});
    auto raw = client();
    raw.send(get);
    auto waiting = desk.take(1);
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_FALSE(server_->drain(milliseconds(50)));
    EXPECT_EQ(raw.receive_all(), "");
    server_.reset();
    waiting[0].send({.status = 200, .headers = {}, .body = "nobody listens"});
}

TEST(ServerEnd, AnswersMayOutliveTheThreads) {
    Desk desk;
    std::vector<Responder> waiting;
    {
        IoThreads threads(1);
        const auto server = start_server(threads, {.handler = desk.handler()});
        RawClient raw(server->port());
        raw.send(get);
        waiting = desk.take(1);
        threads.stop();
        EXPECT_EQ(raw.receive_all(), "");
        EXPECT_EQ(server->metrics().connections_open, 0U);
        EXPECT_GT(threads.cpu_microseconds()[0], 0U);
    }
    ASSERT_EQ(waiting.size(), 1U);
    waiting[0].send({.status = 200, .headers = {}, .body = {}});
}

TEST(ServerStart, ServesPlainHttpToOthersOnlyIfTold) {
    IoThreads threads(1);
    const auto on = [&](const char* address, bool allow) {
        return Server::start(threads,
                             {.address = address, .allow_plain_http = allow, .handler = echo});
    };
    EXPECT_EQ(on("0.0.0.0", false).error(), Error::plain_http_forbidden);
    EXPECT_EQ(on("::", false).error(), Error::plain_http_forbidden);
    EXPECT_EQ(on("not an address", false).error(), Error::listen_failed);
    EXPECT_TRUE(on("0.0.0.0", true));
    EXPECT_TRUE(on("127.0.0.2", false));
    const auto first = on("127.0.0.1", false);
    ASSERT_TRUE(first);
    const auto second =
        Server::start(threads, {.address = "127.0.0.1", .port = (*first)->port(), .handler = echo});
    EXPECT_EQ(second.error(), Error::listen_failed);
}

}  // namespace
}  // namespace huitong::gateway::http
