#include "gateway/http/tls.hpp"

#include <filesystem>
#include <future>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "gateway/http/certificates_for_tests.hpp"
#include "gateway/http/client.hpp"
#include "gateway/http/test_support.hpp"

namespace huitong::gateway::http {
namespace {

constexpr const char* here = "DNS:localhost,IP:127.0.0.1";

// One GET by OpenSSL itself with exactly that version; the version agreed on, or nothing.
std::string get_with(std::uint16_t port, int version) {
    const RawClient raw(port);
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);  // Else it would not even offer TLS 1.1.
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    SSL* const ssl = SSL_new(context);
    SSL_set_fd(ssl, raw.descriptor());
    std::string agreed;
    const std::string_view request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    char answer[1024];
    if (SSL_connect(ssl) == 1 &&
        SSL_write(ssl, request.data(), static_cast<int>(request.size())) > 0 &&
        SSL_read(ssl, answer, sizeof answer) > 12 &&
        std::string_view(answer, 12) == "HTTP/1.1 200") {
        agreed = SSL_get_version(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    return agreed;
}

class TlsTest : public ::testing::Test {
protected:
    void start(ServerOptions options = {}) {
        if (!options.tls) options.tls.emplace();
        if (options.tls->certificate_file.empty()) {
            const auto files = authority_.issue("server", here);
            options.tls->certificate_file = files.certificate;
            options.tls->key_file = files.key;
        }
        server_ = start_server(threads_, std::move(options));
        ASSERT_NE(server_, nullptr);
    }
    Result<Answer> get(const TlsTrust& trust, const std::string& host = "127.0.0.1") {
        const auto client =
            Client::make(threads_, {.trust = trust, .allow_private_addresses = true});
        if (!client) return refuse(client.error());
        std::promise<Result<Answer>> promise;
        auto future = promise.get_future();
        (*client)->call(
            {.method = "GET",
             .url = "https://" + host + ":" + std::to_string(server_->port()) + "/"},
            [&promise](Result<Answer> answer) { promise.set_value(std::move(answer)); });
        return future.get();
    }
    TlsTrust trusting() { return {.ca_file = authority_.ca_file()}; }

    TestAuthority authority_{"Test CA"};
    IoThreads threads_{2};
    std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, SpeaksTls12And13AndNothingOlder) {
    start();
    EXPECT_EQ(get_with(server_->port(), TLS1_3_VERSION), "TLSv1.3");
    EXPECT_EQ(get_with(server_->port(), TLS1_2_VERSION), "TLSv1.2");
    EXPECT_EQ(get_with(server_->port(), TLS1_1_VERSION), "");
    EXPECT_TRUE(eventually([&] { return server_->metrics().tls_handshakes_failed == 1; }));
}

TEST_F(TlsTest, SpeaksOnlyTls13IfTold) {
    start({.tls = TlsOptions{.version_min = TlsVersion::tls_1_3}});
    EXPECT_EQ(get_with(server_->port(), TLS1_3_VERSION), "TLSv1.3");
    EXPECT_EQ(get_with(server_->port(), TLS1_2_VERSION), "");
}

TEST_F(TlsTest, ClientTrustsOnlyTheRightNameFromTheRightAuthority) {
    start();
    EXPECT_TRUE(get(trusting()));
    EXPECT_TRUE(get(trusting(), "localhost"));
    EXPECT_EQ(get({}).error(), Error::peer_certificate_invalid);  // The system's authorities.
    const TestAuthority other("Other CA");
    EXPECT_EQ(get({.ca_file = other.ca_file()}).error(), Error::peer_certificate_invalid);
    EXPECT_TRUE(get({.ca_file = other.ca_file(), .insecure = true}));

    const auto wrong = authority_.issue("wrong", "DNS:example.com,IP:127.0.0.2");
    start({
        .tls = TlsOptions{.certificate_file = wrong.certificate, .key_file = wrong.key}
    });
    EXPECT_EQ(get(trusting()).error(), Error::peer_certificate_invalid);
    EXPECT_EQ(get(trusting(), "localhost").error(), Error::peer_certificate_invalid);
}

TEST_F(TlsTest, CarriesLargeBodiesAndManyRequests) {
    start();
    const auto client = Client::make(
        threads_,
        {.trust = trusting(), .allow_private_addresses = true, .connections_per_host_max = 2});
    ASSERT_TRUE(client);
    const std::string url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/n";
    const std::string body(900'000, 'b');
    std::vector<std::future<Result<Answer>>> answers;
    for (int i = 0; i < 20; ++i) {
        auto promise = std::make_shared<std::promise<Result<Answer>>>();
        answers.push_back(promise->get_future());
        (*client)->post(
            url, {}, body, {.timeout = seconds(60), .answer_bytes_max = 1'000'000},
            [promise](Result<Answer> answer) { promise->set_value(std::move(answer)); });
    }
    for (auto& each : answers) {
        const auto answer = each.get();
        ASSERT_TRUE(answer) << describe(answer.error()).name;
        EXPECT_EQ(answer->body, "POST /n 900000\n" + body);
    }
    EXPECT_EQ(server_->metrics().connections_accepted, 2U);
}

TEST_F(TlsTest, AsksClientsForCertificates) {
    struct Case {
        ClientCertificates asked;
        bool without;  // What each client gets.
        const char* ours;
        bool others;
    };
    TestAuthority other("Other CA");
    const auto ours = authority_.issue("M, 100", "");
    const auto foreign = other.issue("evil", "");
    const Case cases[] = {
        {ClientCertificates::none,     true,  "",            true },
        {ClientCertificates::optional, true,  "CN=M\\, 100", false},
        {ClientCertificates::required, false, "CN=M\\, 100", false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(static_cast<int>(c.asked));
        start({
            .tls =
                TlsOptions{.client_certificates = c.asked, .client_ca_file = authority_.ca_file()},
            .handler = [](Request&& request, Responder responder) {
                responder.send({.status = 200, .headers = {}, .body = request.tls_subject});
                           }
        });
        TlsTrust trust = trusting();
        EXPECT_EQ(get(trust).has_value(), c.without);
        trust.certificate_file = ours.certificate;
        trust.key_file = ours.key;
        const auto answer = get(trust);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->body, c.ours);
        trust.certificate_file = foreign.certificate;
        trust.key_file = foreign.key;
        EXPECT_EQ(get(trust).has_value(), c.others);
    }
}

TEST_F(TlsTest, ReloadsForNewConnectionsAndKeepsTheOld) {
    TestAuthority second("Second CA");
    const auto files = authority_.issue("server", here);
    start({
        .tls = TlsOptions{.certificate_file = files.certificate, .key_file = files.key}
    });
    const auto old = Client::make(threads_, {.trust = trusting(), .allow_private_addresses = true});
    ASSERT_TRUE(old);
    const std::string url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/";
    const auto ask_old = [&] {
        std::promise<Result<Answer>> promise;
        auto future = promise.get_future();
        (*old)->call({.method = "GET", .url = url},
                     [&promise](Result<Answer> answer) { promise.set_value(std::move(answer)); });
        return future.get().has_value();
    };
    EXPECT_TRUE(ask_old());

    const auto renewed = second.issue("server", here);
    std::filesystem::copy_file(renewed.certificate, files.certificate,
                               std::filesystem::copy_options::overwrite_existing);
    // Half of the pair is an error, which changes nothing.
    EXPECT_EQ(server_->reload_tls(), refuse(Error::tls_config_invalid));
    EXPECT_TRUE(get(trusting()));
    std::filesystem::copy_file(renewed.key, files.key,
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_TRUE(server_->reload_tls());
    EXPECT_EQ(get(trusting()).error(), Error::peer_certificate_invalid);
    EXPECT_TRUE(get({.ca_file = second.ca_file()}));
    EXPECT_TRUE(ask_old());
    EXPECT_EQ(server_->metrics().connections_accepted, 4U);
}

TEST_F(TlsTest, ClosesOnGarbageAndOnPlainHttp) {
    start();
    for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
                                     std::string(3'000, '\xff'), std::string(300, '\0')}) {
        RawClient raw(server_->port());
        raw.send(bytes);
        const auto all = raw.receive_all();
        EXPECT_LT(all.size(), 20U);  // An alert at most.
    }
    EXPECT_TRUE(eventually([&] { return server_->metrics().tls_handshakes_failed == 3; }));
    EXPECT_EQ(server_->metrics().requests, 0U);
}

TEST_F(TlsTest, ClosesOnAHandshakeThatDoesNotCome) {
    start({.limits = {.header_timeout = milliseconds(100)}});
    RawClient raw(server_->port());
    EXPECT_EQ(raw.receive_all(), "");
    EXPECT_TRUE(eventually([&] { return server_->metrics().tls_handshakes_failed == 1; }));
}

TEST_F(TlsTest, RefusesToStartWithBadFiles) {
    const auto files = authority_.issue("server", here);
    const auto other = authority_.issue("other", here);
    const TlsOptions cases[] = {
        {.certificate_file = "/nowhere", .key_file = files.key},
        {.certificate_file = files.certificate, .key_file = "/nowhere"},
        {.certificate_file = files.certificate, .key_file = other.key},
        {.certificate_file = files.key, .key_file = files.key},
        {.certificate_file = files.certificate,
         .key_file = files.key,
         .client_certificates = ClientCertificates::optional,
         .client_ca_file = "/nowhere"},
    };
    for (const auto& options : cases) {
        const auto server = Server::start(threads_, {.tls = options, .handler = echo});
        ASSERT_FALSE(server);
        EXPECT_EQ(server.error(), Error::tls_config_invalid);
    }
}

}  // namespace
}  // namespace huitong::gateway::http
