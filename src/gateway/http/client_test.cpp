#include "gateway/http/client.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <vector>

#include "gateway/http/test_support.hpp"

namespace huitong::gateway::http {
namespace {

// Completes on another thread; get() waits at most 20 s.
class Pending {
public:
    Completion completion() {
        return
            [promise = promise_](Result<Answer> answer) { promise->set_value(std::move(answer)); };
    }
    Result<Answer> get() {
        if (future_.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
            ADD_FAILURE() << "no completion";
            return refuse(Error::count_);
        }
        return future_.get();
    }

private:
    std::shared_ptr<std::promise<Result<Answer>>> promise_ =
        std::make_shared<std::promise<Result<Answer>>>();
    std::future<Result<Answer>> future_ = promise_->get_future();
};

// A peer that sends given bytes to whoever connects, whatever is asked, and then perhaps closes.
class RawPeer {
public:
    RawPeer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&at), size);
        ::listen(listener_, 16);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
    }
    ~RawPeer() {
        ::shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        ::close(listener_);
    }
    // After the first bytes of each request: sends, and closes if told.
    void serve(std::string bytes, bool closes) {
        thread_ = std::thread([this, bytes = std::move(bytes), closes] {
            std::vector<int> kept;
            for (int peer = 0; (peer = ::accept(listener_, nullptr, nullptr)) >= 0;) {
                char piece[4096];
                const auto asked = ::recv(peer, piece, sizeof piece, 0);
                ++served;  // Before the answer that the test waits for.
                if (asked > 0) ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (closes) {
                    ::close(peer);
                } else {
                    kept.push_back(peer);
                }
            }
            for (const int peer : kept) ::close(peer);
        });
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/n";
    }

    std::atomic<int> served{0};

private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

class ClientTest : public ::testing::Test {
protected:
    void start(ServerOptions options = {}) { server_ = start_server(threads_, std::move(options)); }
    void make(ClientOptions options = {.allow_private_addresses = true}) {
        auto made = Client::make(threads_, std::move(options));
        ASSERT_TRUE(made);
        client_ = std::move(*made);
    }
    [[nodiscard]] std::string url(const std::string& path, const std::string& host = "127.0.0.1") {
        return "http://" + host + ":" + std::to_string(server_->port()) + path;
    }
    Result<Answer> call(Call call) {
        Pending pending;
        client_->call(std::move(call), pending.completion());
        return pending.get();
    }

    IoThreads threads_{2};
    std::unique_ptr<Server> server_;
    std::unique_ptr<Client> client_;
};

TEST_F(ClientTest, PostsAndReusesItsConnection) {
    start();
    make();
    for (int i = 0; i < 5; ++i) {
        Pending pending;
        client_->post(url("/n?i=1"),
                      {
                          {"Content-Type", "text/plain"}
        },
                      "body", {}, pending.completion());
        const auto answer = pending.get();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->headers.find("x-echo"), "yes");
        EXPECT_EQ(answer->body, "POST /n?i=1 4\nbody");
    }
    EXPECT_EQ(server_->metrics().connections_accepted, 1U);
    const auto head = call({.method = "HEAD", .url = url("/h")});
    ASSERT_TRUE(head);
    EXPECT_EQ(head->body, "");
    EXPECT_EQ(server_->metrics().connections_accepted, 1U);
}

TEST_F(ClientTest, GivesBackARedirectAsItIs) {
    std::atomic<int> followed{0};
    start({.handler = [&](Request&& request, Responder responder) {
        if (request.target == "/elsewhere") ++followed;
        responder.send({.status = 302, .headers = {{"Location", "/elsewhere"}}, .body = {}});
    }});
    make();
    const auto answer = call({.url = url("/n")});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(answer->headers.find("Location"), "/elsewhere");
    EXPECT_EQ(followed, 0);
}

TEST_F(ClientTest, CallsNoPrivateAddressWhateverItsName) {
    start();
    const Address forbidden = *Address::parse("127.0.0.1");
    make({.resolve = [&](const std::string& host) -> Result<Addresses> {
        if (host == "mixed.test") return Addresses{forbidden, *Address::parse("10.0.0.1")};
        if (host == "mapped.test") return Addresses{*Address::parse("::ffff:127.0.0.1")};
        if (host == "unknown.test") return refuse(Error::peer_unreachable);
        return Addresses{forbidden};
    }});
    for (const char* const host :
         {"127.0.0.1", "localhost", "rebound.test", "mixed.test", "mapped.test", "[::1]",
          "[::ffff:127.0.0.1]", "169.254.169.254"}) {
        SCOPED_TRACE(host);
        EXPECT_EQ(call({.url = url("/n", host)}).error(), Error::address_forbidden);
    }
    EXPECT_EQ(call({.url = url("/n", "unknown.test")}).error(), Error::peer_unreachable);
    EXPECT_EQ(call({.url = "http://127.1/"}).error(), Error::url_malformed);
    EXPECT_EQ(server_->metrics().connections_accepted, 0U);
}

TEST_F(ClientTest, TriesTheAddressesInTurn) {
    start();
    make({.allow_private_addresses = true, .resolve = [](const std::string&) -> Result<Addresses> {
              return Addresses{*Address::parse("127.0.0.99"), *Address::parse("127.0.0.1")};
          }});
    EXPECT_TRUE(call({.url = url("/n", "two.test")}));
    EXPECT_TRUE(call({.url = url("/n", "two.test")}));
}

TEST_F(ClientTest, ResolvesBySystem) {
    start();
    make();
    EXPECT_TRUE(call({.url = url("/n", "localhost")}));
}

TEST_F(ClientTest, GivesUpInTime) {
    std::vector<Responder> kept;
    start(
        {.handler = [&](Request&&, Responder responder) { kept.push_back(std::move(responder)); }});
    make({.allow_private_addresses = true, .connections_per_host_max = 1});
    Pending first;
    Pending queued;
    const CallLimits soon{.timeout = milliseconds(100)};
    client_->call({.url = url("/n"), .limits = soon}, first.completion());
    client_->call({.url = url("/n"), .limits = soon}, queued.completion());
    EXPECT_EQ(first.get().error(), Error::peer_timeout);
    EXPECT_EQ(queued.get().error(), Error::peer_timeout);
    server_.reset();  // Before what its handler uses.
}

TEST_F(ClientTest, LimitsConnectionsAndTheQueueOfAHost) {
    std::mutex mutex;
    std::vector<Responder> kept;
    start({.handler = [&](Request&&, Responder responder) {
        const std::lock_guard lock(mutex);
        kept.push_back(std::move(responder));
    }});
    make({.allow_private_addresses = true, .connections_per_host_max = 2, .queue_per_host_max = 3});
    std::vector<Pending> pending(6);
    for (Pending& each : pending) client_->call({.url = url("/n")}, each.completion());
    EXPECT_EQ(pending[5].get().error(), Error::overloaded);
    // Two at a time, until all five are answered.
    for (int answered = 0; answered < 5;) {
        const std::lock_guard lock(mutex);
        EXPECT_LE(kept.size(), 2U);
        for (Responder& responder : kept) {
            responder.send({.status = 200, .headers = {}, .body = {}});
            ++answered;
        }
        kept.clear();
    }
    for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(pending[i].get());
    EXPECT_EQ(server_->metrics().connections_accepted, 2U);
    server_.reset();
}

TEST_F(ClientTest, SaysWhatIsWrongWithThePeer) {
    struct Case {
        const char* name;
        std::string bytes;
        bool closes;
        Error error;
    };
    const Case cases[] = {
        {"closes", "", true, Error::peer_unreachable},
        {"no HTTP", "SSH-2.0-x\r\n\r\n\r\n", false, Error::peer_answer_malformed},
        {"cut header", "HTTP/1.1 200 OK\r\nA:", true, Error::peer_answer_malformed},
        {"cut body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", true,
         Error::peer_answer_malformed},
        {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
         true, Error::peer_answer_malformed},
        {"large", "HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n", false,
         Error::peer_answer_too_large},
        {"large chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n", false,
         Error::peer_answer_too_large},
        {"large without length", "HTTP/1.1 200 OK\r\n\r\n" + std::string(70'000, 'x'), true,
         Error::peer_answer_too_large},
        {"large header", "HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'x'), false,
         Error::peer_answer_too_large},
        {"switches", "HTTP/1.1 101 Switching Protocols\r\n\r\n", false,
         Error::peer_answer_malformed},
    };
    make();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        RawPeer peer;
        peer.serve(c.bytes, c.closes);
        const auto answer = call({.url = peer.url()});
        ASSERT_FALSE(answer);
        EXPECT_EQ(describe(answer.error()).name, describe(c.error).name);
    }
    EXPECT_EQ(call({.url = "http://127.0.0.1:1/"}).error(), Error::peer_unreachable);
}

TEST_F(ClientTest, ReadsAnswersWithoutLengthAndPastInterimOnes) {
    make();
    RawPeer peer;
    peer.serve(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
        "HTTP/1.1 202 Accepted\r\n\r\nuntil the end",
        true);
    const auto answer = call({.url = peer.url()});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 202);
    EXPECT_EQ(answer->headers.size(), 0U);
    EXPECT_EQ(answer->body, "until the end");
}

TEST_F(ClientTest, RepeatsOnceWhenTheReusedConnectionWasDead) {
    make();
    RawPeer peer;
    // Keeps the connection, as it says, but reads nothing more from it.
    peer.serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true);
    for (int i = 1; i <= 20; ++i) {
        ASSERT_TRUE(call({.url = peer.url()}));
        EXPECT_EQ(peer.served, i);
    }
}

TEST_F(ClientTest, CompletesEverythingExactlyOnceAtItsEnd) {
    std::vector<Responder> kept;
    start(
        {.handler = [&](Request&&, Responder responder) { kept.push_back(std::move(responder)); }});
    make({.allow_private_addresses = true, .connections_per_host_max = 1});
    std::vector<Pending> pending(10);
    for (Pending& each : pending) client_->call({.url = url("/n")}, each.completion());
    EXPECT_TRUE(eventually([&] { return server_->metrics().requests == 1; }));
    client_.reset();
    for (Pending& each : pending) EXPECT_EQ(each.get().error(), Error::shutting_down);
    server_.reset();
}

TEST_F(ClientTest, CompletesCallsMadeAfterTheThreadsEnded) {
    make();
    threads_.stop();
    EXPECT_EQ(call({.url = "http://127.0.0.1:1/"}).error(), Error::shutting_down);
}

}  // namespace
}  // namespace huitong::gateway::http
