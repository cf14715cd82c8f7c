// The link where the other side, or the way to it, is not as it should be.
#include "gateway/http/certificates_for_tests.hpp"
#include "gateway/institution/link/json_link.hpp"
#include "gateway/institution/test_kit.hpp"

namespace huitong::gateway::institution {
namespace {

using enum switching::PaymentStatus;

constexpr const char* nowhere = "http://127.0.0.1:1";

// Something at an address that answers every request in one way.
class Stub {
public:
    explicit Stub(http::Response answer) {
        http::ServerOptions options;
        options.handler = [this, answer](http::Request&&, http::Responder responder) {
            ++asked;
            responder.send(http::Response(answer));
        };
        server_ = *http::Server::start(io_, options);
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port());
    }
    std::atomic<int> asked = 0;

private:
    http::IoThreads io_{1};
    std::unique_ptr<http::Server> server_;
};

// Before a door: keeps commits back until it is opened, and counts them.
class Gate {
public:
    explicit Gate(InstitutionDoor& door) : door_(door) {
        http::ServerOptions options;
        options.handler = [this](http::Request&& request, http::Responder responder) {
            const std::lock_guard lock(mutex_);
            const bool commit = request.target.ends_with("/commits");
            commits += commit ? 1 : 0;
            if (!commit || open_) return door_.handle(std::move(request), std::move(responder));
            held_.emplace_back(std::move(request), std::move(responder));
        };
        server_ = *http::Server::start(io_, options);
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port());
    }
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        for (auto& [request, responder] : held_)
            door_.handle(std::move(request), std::move(responder));
        held_.clear();
    }
    std::atomic<int> commits = 0;

private:
    InstitutionDoor& door_;
    std::mutex mutex_;
    bool open_ = false;
    std::vector<std::pair<http::Request, http::Responder>> held_;
    http::IoThreads io_{1};
    std::unique_ptr<http::Server> server_;
};

class LinkTest : public ::testing::Test {
protected:
    Result<wire::institution::PositionStatement> positions() {
        Later<Result<wire::institution::PositionStatement>> later;
        link()->positions(later.callback());
        return later.get();
    }
    std::shared_ptr<JsonLink> link() { return two.west.link_to(two.east_at_west); }
    void link_over(std::vector<std::string> channels, PeerOptions options = {}) {
        two.west.link(two.east_at_west, std::move(channels), options);
    }
    TwoPlatforms two;
    door::WorkPool pool{
        {.name = "idle", .threads = 1}
    };
};

TEST_F(LinkTest, RefusesChannelsThatAreNone) {
    const auto make = [&](std::vector<std::string> channels) {
        return PeerClient::make({.http = two.west.client(),
                                 .clock = two.clock,
                                 .pool = pool,
                                 .keys = two.west.keys,
                                 .directory = [this] { return two.west.directory(); }},
                                {.channels = std::move(channels)})
            .error();
    };
    EXPECT_EQ(make({}), Error::field_missing);
    EXPECT_EQ(make({"ftp://east"}), Error::url_malformed);
}

TEST_F(LinkTest, FailsOverToTheNextChannelAndRestsTheFirst) {
    link_over({nowhere, two.east.url()});
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(positions().has_value());
    const links::LinkStatus status = link()->status();
    EXPECT_FALSE(status.channels[0].up);
    EXPECT_TRUE(status.channels[1].up);
    EXPECT_EQ(status.state, links::LinkState::up);
    EXPECT_EQ(status.sign_ons, 1U);
    EXPECT_TRUE(status.key_since.has_value());
    EXPECT_EQ(status.failures, 5U);
    EXPECT_EQ(status.last_error, "peer_unreachable");
    // The open one is left alone.
    EXPECT_TRUE(positions().has_value());
    EXPECT_EQ(link()->status().failures, 5U);
    // A payment goes the same way.
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    EXPECT_TRUE(two.ends(two.pay(*resolved, "k1"), completed));
}

TEST_F(LinkTest, TriesARestedChannelAgainWithOneCall) {
    const std::string second = two.east.listen();
    two.east.close(1);
    link_over({second});
    for (int i = 0; i < 6; ++i) EXPECT_EQ(positions().error(), Error::peer_unreachable);
    EXPECT_EQ(link()->status().failures, 5U);
    EXPECT_FALSE(link()->status().channels[0].up);
    EXPECT_EQ(link()->status().state, links::LinkState::down);
    two.clock.pass(seconds(1));
    EXPECT_EQ(positions().error(), Error::peer_unreachable);
    EXPECT_FALSE(link()->status().channels[0].up);
    two.clock.pass(seconds(2));
    two.east.listen(static_cast<std::uint16_t>(std::stoul(second.substr(second.rfind(':') + 1))));
    EXPECT_TRUE(positions().has_value());
    EXPECT_TRUE(link()->status().channels[0].up);
    EXPECT_EQ(link()->status().state, links::LinkState::up);
}

TEST_F(LinkTest, MovesOnFromAChannelThatIsStopping) {
    Stub stopping({.status = 503, .headers = {}, .body = "{}"});
    link_over({stopping.url(), two.east.url()});
    EXPECT_TRUE(positions().has_value());
    EXPECT_EQ(stopping.asked, 1);
}

TEST_F(LinkTest, BelievesNoAnswerWithoutProof) {
    const std::string opened =
        R"({"session":"0123456789abcdef","expires_at":"2099-01-01T00:00:00+08:00"})";
    Stub liar({.status = 200, .headers = {}, .body = opened});
    link_over({liar.url()});
    EXPECT_EQ(positions().error(), Error::participant_key_unknown);
    Stub impostor({
        .status = 200,
        .headers = {{"Huitong-Serial", east_serial},
                    {"Huitong-Timestamp", std::to_string(two.clock.now().unix_seconds())},
                    {"Huitong-Nonce", "n"},
                    {"Huitong-Signature", "AAAA"}},
        .body = opened
    });
    link_over({impostor.url()});
    EXPECT_EQ(positions().error(), Error::signature_mismatch);
    Stub refusing({.status = 401, .headers = {}, .body = R"({"code":"SIGN_ERROR"})"});
    link_over({refusing.url()});
    EXPECT_EQ(positions().error(), Error::peer_refused);
    Stub busy({.status = 429, .headers = {}, .body = "{}"});
    link_over({busy.url()});
    EXPECT_EQ(positions().error(), Error::overloaded);
}

TEST_F(LinkTest, SignsOnOnceForManyCallsAndAnewWhenTheSessionIsLost) {
    link_over({two.east.url()});
    std::vector<Later<Result<wire::institution::PositionStatement>>> all(20);
    for (auto& each : all) link()->positions(each.callback());
    for (auto& each : all) EXPECT_TRUE(each.get().has_value());
    EXPECT_EQ(two.east.door().metrics().sign_ons, 1U);
    two.east.restart_door();
    EXPECT_TRUE(positions().has_value());
    EXPECT_EQ(link()->status().sign_ons, 2U);
    // Before its end a session is left for a new one.
    two.clock.pass(minutes(24 * 60 - 1));
    EXPECT_TRUE(positions().has_value());
    EXPECT_EQ(link()->status().sign_ons, 3U);
}

TEST_F(LinkTest, GivesUpWhenTheSessionIsUnknownAgain) {
    Later<Result<void>> off;
    ASSERT_TRUE(positions().has_value());
    link()->sign_off(off.callback());
    ASSERT_TRUE(off.get().has_value());
    EXPECT_TRUE(positions().has_value());
    EXPECT_EQ(link()->status().sign_ons, 2U);
    // The peer knows our key no more: there is no session to be had.
    two.east.yes(switching::RevokeParticipantKey{two.west_at_east, west_serial});
    two.east.restart_door();
    EXPECT_EQ(positions().error(), Error::peer_refused);
}

TEST_F(LinkTest, TellsWhatTheOtherSideSaysOfItsCodes) {
    const auto resolve = [&](std::string code) {
        Later<Result<Resolution>> later;
        link()->resolve(std::move(code), later.callback());
        return later.get();
    };
    EXPECT_EQ(resolve("280000000000000009"), refuse(Error::order_code_unknown));
    EXPECT_EQ(resolve(std::string(2'000, '1')), refuse(Error::peer_declined));
}

TEST_F(LinkTest, TakesADefiniteNoOnlyForWhatWasNeverAccepted) {
    switching::Payment payment{
        .terms = {.id = {5}, .minor = 50'00, .currency = cny, .code = "no token"},
          .state = {}
    };
    const auto send = [&](links::Duty duty) {
        Later<Result<links::LegAnswer>> later;
        link()->send(duty, payment, later.callback());
        return later.get();
    };
    const auto no = send(links::Duty::request);
    ASSERT_TRUE(no.has_value());
    EXPECT_EQ(no->kind, links::LegAnswer::Kind::no);
    EXPECT_EQ(no->decline, "resolve_token_unknown");
    two.east.yes(switching::ChangeParticipant{.participant = two.west_at_east,
                                              .status = switching::ParticipantStatus::suspended});
    payment.terms.kind = switching::PaymentKind::refund;
    payment.terms.code = "sender:k1";
    const auto perhaps = send(links::Duty::request);
    ASSERT_FALSE(perhaps.has_value());
    EXPECT_EQ(perhaps.error(), Error::peer_refused);
    EXPECT_EQ(send(links::Duty::commit).error(), Error::payment_not_found);
}

// What was committed can't be reversed: the books differ, and an operator must look at it.
TEST_F(LinkTest, CountsWhatRefusesToEnd) {
    const auto resolved = two.resolve(two.order_code("1", 50'00));
    ASSERT_TRUE(resolved.has_value());
    const auto payment = two.pay(*resolved, "k1");
    ASSERT_TRUE(two.ends(payment, completed));
    Later<Result<links::LegAnswer>> later;
    link()->send(links::Duty::reverse, two.west.now(payment), later.callback());
    const auto no = later.get();
    ASSERT_TRUE(no.has_value());
    EXPECT_EQ(no->kind, links::LegAnswer::Kind::refused);
    EXPECT_EQ(link()->status().refused, 1U);
    EXPECT_EQ(link()->status().last_error, "peer_refused");
}

TEST_F(LinkTest, CollectsCommitsWhileOneMessageIsUnderWay) {
    Gate gate(two.east.door());
    link_over({gate.url()});
    std::vector<Later<Result<links::LegAnswer>>> all(701);
    for (std::size_t i = 0; i < all.size(); ++i)
        link()->send(links::Duty::commit, {.terms = {.id = {i + 1}}, .state = {}},
                     all[i].callback());
    ASSERT_TRUE(eventually([&] { return gate.commits == 1; }));
    gate.open();
    for (auto& each : all) EXPECT_EQ(each.get().error(), Error::payment_not_found);
    EXPECT_EQ(gate.commits, 3);  // 1, 500 and 200.
}

// TLS 1.3 with certificates of both sides is a matter of the HTTP layer's options.
TEST(LinkOverTls, ShowsCertificatesOfBothSides) {
    http::TestAuthority authority("Scheme CA");
    const auto server = authority.issue("east", "IP:127.0.0.1");
    const auto client = authority.issue("west", "");
    TestClock clock;
    Platform east(clock, {
                             .name = "EAST",
                             .serial = east_serial,
                             .key = TestKeys::shared().east,
                             .tls = http::TlsOptions{
                                                     .certificate_file = server.certificate,
                                                     .key_file = server.key,
                                                     .client_certificates = http::ClientCertificates::required,
                                                     .client_ca_file = authority.ca_file(),
                                                     .version_min = http::TlsVersion::tls_1_3}
    });
    east.know("WEST", west_serial, TestKeys::shared().west.public_key());
    const auto asked = [&](http::TlsTrust trust) {
        Platform west(clock, {.name = "WEST",
                              .serial = west_serial,
                              .key = TestKeys::shared().west,
                              .trust = std::move(trust)});
        const auto id = west.know("EAST", east_serial, TestKeys::shared().east.public_key());
        west.link(id, {east.url()});
        Later<Result<wire::institution::PositionStatement>> later;
        west.link_to(id)->positions(later.callback());
        return later.get().has_value();
    };
    EXPECT_TRUE(asked({.ca_file = authority.ca_file(),
                       .certificate_file = client.certificate,
                       .key_file = client.key}));
    EXPECT_FALSE(asked({.ca_file = authority.ca_file()}));
}

}  // namespace
}  // namespace huitong::gateway::institution
