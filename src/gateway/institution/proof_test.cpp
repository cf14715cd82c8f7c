// Whose message it is: every way in which a request can fail to prove it, and what its answer
// shows.
#include "gateway/http/test_support.hpp"
#include "gateway/institution/raw_peer_test.hpp"

namespace huitong::gateway::institution {
namespace {

using Proof = RawAnswer::Proof;
const std::string reversal = R"({"request_id":"k1"})";

class ProofTest : public ::testing::Test {
protected:
    TwoPlatforms two;
    RawPeer peer{two.east, two.clock};
};

TEST_F(ProofTest, AnswersWithProofOfTheSameKind) {
    const RawAnswer by_signature = peer.ask({.path = "/reversals", .body = reversal});
    EXPECT_EQ(by_signature.verdict(), "200");
    EXPECT_EQ(by_signature.proof, Proof::signature);
    for (const Scheme mac : {Scheme::hmac_sm3, Scheme::hmac_sha256}) {
        const LinkSession session = peer.sign_on(mac);
        const RawAnswer by_mac =
            peer.ask({.path = "/reversals", .body = reversal, .session = &session});
        EXPECT_EQ(by_mac.verdict(), "200");
        EXPECT_EQ(by_mac.proof, Proof::mac);
        // A no is proven, too.
        const RawAnswer no = peer.ask({.path = "/reversals", .body = "{}", .session = &session});
        EXPECT_EQ(no.verdict(), "400 PARAM_ERROR /request_id");
        EXPECT_EQ(no.proof, Proof::mac);
    }
}

TEST_F(ProofTest, RefusesWhatIsNotProvenAndShowsNoProofItself) {
    const auto& other = TestKeys::shared().other;
    const auto& rsa = TestKeys::shared().east;
    const LinkSession session = peer.sign_on();
    LinkSession unknown = peer.sign_on();
    unknown.name = "00000000000000000000000000000000";
    LinkSession wrong = peer.sign_on();
    wrong.key = crypto::random_secret(session_key_bytes);
    LinkSession another_mac = peer.sign_on();
    another_mac.mac = Scheme::hmac_sha256;
    const struct {
        const char* name;
        RawRequest request;
        const char* want;
    } cases[] = {
        {"no header",          {.authorization = ""},                      "401 SIGN_ERROR Authorization"},
        {"two headers",        {.twice = true},                            "401 SIGN_ERROR Authorization"},
        {"half a header",
         {.authorization = "HUITONG-SM2-SM3 participant=\"WEST\""},
         "401 SIGN_ERROR Authorization"                                                                  },
        {"another scheme",     {.authorization = "Bearer abc"},            "401 SIGN_ERROR Authorization"},
        {"an old clock",       {.skew_s = -302},                           "401 SIGN_ERROR timestamp"    },
        {"a fast clock",       {.skew_s = 302},                            "401 SIGN_ERROR timestamp"    },
        {"a stranger",         {.participant = "NORTH"},                   "401 SIGN_ERROR participant"  },
        {"a strange serial",   {.serial = "0AFF"},                         "401 SIGN_ERROR serial"       },
        {"another's serial",   {.serial = east_serial},                    "401 SIGN_ERROR serial"       },
        {"another's key",      {.key = &other},                            "401 SIGN_ERROR"              },
        {"another family",     {.key = &rsa},                              "401 SIGN_ERROR"              },
        {"another body",       {.proven_body = "{}"},                      "401 SIGN_ERROR"              },
        {"another MACed",      {.session = &session, .proven_body = "{}"}, "401 SIGN_ERROR"              },
        {"a wrong MAC",        {.session = &wrong},                        "401 SIGN_ERROR"              },
        {"an unknown session", {.session = &unknown},                      "401 SESSION_UNKNOWN session" },
        {"another MAC",        {.session = &another_mac},                  "401 SIGN_ERROR Authorization"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        RawRequest request = c.request;
        request.path = "/reversals";
        request.body = reversal;
        const RawAnswer answer = peer.ask(request);
        EXPECT_EQ(answer.verdict(), c.want) << answer.body;
        EXPECT_EQ(answer.proof, Proof::none);
    }
    // Nothing of all this has reached the heart.
    EXPECT_EQ(peer.ask({.path = "/payments/k1", .method = "GET"}).verdict(),
              "404 PAYMENT_NOT_EXIST");
}

TEST_F(ProofTest, RefusesASessionOfAnotherParticipant) {
    two.east.know("NORTH", "7157F09EFDC096DE15EBE81A47057A72",
                  TestKeys::shared().other.public_key());
    const LinkSession session = peer.sign_on();
    EXPECT_EQ(peer.ask({.path = "/positions",
                        .method = "GET",
                        .participant = "NORTH",
                        .session = &session})
                  .verdict(),
              "401 SESSION_UNKNOWN session");
}

TEST_F(ProofTest, TakesARepeatAndRefusesAReusedNonce) {
    const LinkSession session = peer.sign_on();
    for (const LinkSession* by : {static_cast<const LinkSession*>(nullptr), &session}) {
        RawRequest request{.path = "/reversals",
                           .body = reversal,
                           .session = by,
                           .nonce = crypto::random_alnum(32)};
        request.authorization = peer.authorization(request);
        EXPECT_EQ(peer.ask(request).verdict(), "200");
        EXPECT_EQ(peer.ask(request).verdict(), "200");
        request.body = R"({"request_id":"k2"})";
        request.authorization.reset();
        const RawAnswer other = peer.ask(request);
        EXPECT_EQ(other.verdict(), "401 SIGN_ERROR");
        EXPECT_TRUE(other.body.contains("nonce was used")) << other.body;
    }
    EXPECT_EQ(two.east.door().metrics().repeats, 2U);
}

TEST_F(ProofTest, AsksForASignatureWhereAMacIsNotEnough) {
    const LinkSession session = peer.sign_on();
    for (const char* path : {"/sign-on", "/keys"}) {
        const RawAnswer answer = peer.ask({.path = path, .body = "{}", .session = &session});
        EXPECT_EQ(answer.verdict(), "401 SIGN_ERROR Authorization") << path;
    }
}

TEST_F(ProofTest, EndsSessionsBySignOffByTimeAndByARestart) {
    const auto asked = [&](const LinkSession& session) {
        return peer.ask({.path = "/positions", .method = "GET", .session = &session}).verdict();
    };
    const LinkSession first = peer.sign_on();
    const LinkSession second = peer.sign_on();
    const LinkSession third = peer.sign_on();
    EXPECT_EQ(asked(first), "200");
    EXPECT_EQ(peer.ask({.path = "/sign-off", .body = "{}", .session = &first}).body,
              R"({"sessions_ended":1})");
    EXPECT_EQ(asked(first), "401 SESSION_UNKNOWN session");
    EXPECT_EQ(asked(second), "200");
    EXPECT_EQ(peer.ask({.path = "/sign-off", .body = "{}"}).body, R"({"sessions_ended":2})");
    EXPECT_EQ(asked(third), "401 SESSION_UNKNOWN session");
    const LinkSession fourth = peer.sign_on();
    two.clock.pass(hours(24));
    EXPECT_EQ(asked(fourth), "401 SESSION_UNKNOWN session");
    const LinkSession fifth = peer.sign_on();
    two.east.restart_door();
    EXPECT_EQ(asked(fifth), "401 SESSION_UNKNOWN session");
}

TEST_F(ProofTest, TakesARepeatedSignOnAsOne) {
    RawRequest request{.path = "/sign-on",
                       .body = RawPeer::sign_on_body(peer.sign_on()),
                       .nonce = crypto::random_alnum(32)};
    request.authorization = peer.authorization(request);
    const RawAnswer first = peer.ask(request);
    EXPECT_EQ(first.verdict(), "200");
    EXPECT_EQ(peer.ask(request).text("session"), first.text("session"));
    EXPECT_EQ(peer.ask({.path = "/sign-off", .body = "{}"}).body, R"({"sessions_ended":2})");
}

TEST_F(ProofTest, RefusesAKeyThatWasRevokedAndItsSessions) {
    const LinkSession session = peer.sign_on();
    two.east.yes(switching::RevokeParticipantKey{two.west_at_east, west_serial});
    EXPECT_EQ(peer.ask({.path = "/reversals", .body = reversal}).verdict(),
              "401 SIGN_ERROR serial");
    EXPECT_EQ(peer.ask({.path = "/reversals", .body = reversal, .session = &session}).verdict(),
              "401 SESSION_UNKNOWN session");
}

TEST_F(ProofTest, RefusesAHostedParticipantAndProvesIt) {
    two.east.yes(switching::ChangeParticipant{.participant = two.west_at_east,
                                              .protocol = switching::Protocol::hosted});
    const RawAnswer answer = peer.ask({.path = "/reversals", .body = reversal});
    EXPECT_EQ(answer.verdict(), "403 PARTICIPANT_NOT_LINKED");
    EXPECT_EQ(answer.proof, Proof::signature);
}

TEST_F(ProofTest, RefusesBodiesThatAreTooLargeOrNeverEnd) {
    EXPECT_EQ(
        peer.ask({.path = "/resolve", .body = std::string(body_bytes_max + 1, ' ')}).verdict(),
        "413 PARAM_ERROR");
    http::RawClient endless(two.east.port_number());
    ASSERT_TRUE(
        endless.send("POST /institution/v1/payments HTTP/1.1\r\nHost: h\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"));
    const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    for (int i = 0; i < 64; ++i) {
        if (!endless.send(chunk)) break;
    }
    EXPECT_EQ(http::status_of(endless.receive_response()), "413");
}

TEST_F(ProofTest, RefusesOtherPathsMethodsAndQueries) {
    EXPECT_EQ(peer.ask({.path = "/nothing", .method = "GET"}).verdict(), "404 RESOURCE_NOT_EXISTS");
    EXPECT_EQ(peer.ask({.path = "/payments", .method = "GET"}).verdict(), "405 INVALID_REQUEST");
    EXPECT_EQ(peer.ask({.path = "/positions?x=1", .method = "GET"}).verdict(), "400 PARAM_ERROR");
}

}  // namespace
}  // namespace huitong::gateway::institution
