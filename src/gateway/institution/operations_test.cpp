// Each operation of the door with each of its documented answers.
#include "gateway/institution/raw_peer_test.hpp"

namespace huitong::gateway::institution {
namespace {

class OperationsTest : public ::testing::Test {
protected:
    std::string ask(const std::string& path, const std::string& body) {
        return peer.ask({.path = path, .body = body, .session = &session}).verdict();
    }
    std::string get(const std::string& path) {
        return peer.ask({.path = path, .method = "GET", .session = &session}).verdict();
    }
    RawAnswer resolve(const std::string& code) {
        return peer.ask(
            {.path = "/resolve", .body = R"({"code":")" + code + "\"}", .session = &session});
    }
    static std::string pay(const std::string& key, const std::string& token,
                           std::int64_t minor = 50'00, const std::string& more = {}) {
        return R"({"request_id":")" + key + R"(","resolve_token":")" + token +
               R"(","amount":{"minor":)" + std::to_string(minor) + R"(,"currency":"CNY"})" + more +
               "}";
    }
    static std::string authorise(const std::string& key, const std::string& code,
                                 std::int64_t minor = 50'00) {
        return R"({"request_id":")" + key + R"(","payer_code":")" + code +
               R"(","amount":{"minor":)" + std::to_string(minor) + R"(,"currency":"CNY"}})";
    }
    static std::string refund(const std::string& key, const std::string& by,
                              const std::string& original, std::int64_t minor = 10'00) {
        return R"({"request_id":")" + key + R"(","original":{"requested_by":")" + by +
               R"(","request_id":")" + original + R"("},"amount":{"minor":)" +
               std::to_string(minor) + R"(,"currency":"CNY"}})";
    }
    static std::string key(const std::string& request_id) {
        return R"({"request_id":")" + request_id + "\"}";
    }
    static std::string keys(const std::string& request_id) {
        return R"({"request_ids":[")" + request_id + "\"]}";
    }
    std::string token_of(const std::string& number) {
        return resolve(two.order_code(number, 50'00)).text("resolve_token");
    }
    // Who shows codes at east, so that WEST is the till.
    std::string code_at_east(const std::string& digits, std::int64_t minor = 200'00) {
        if (!bob.named()) {
            two.east.own_digits("14", two.east.house);
            bob = two.east.open_user("bob", minor);
        }
        return two.east.show_code(bob, digits);
    }

    TwoPlatforms two;
    RawPeer peer{two.east, two.clock};
    LinkSession session = peer.sign_on();
    UserId bob;
};

TEST_F(OperationsTest, Resolves) {
    const RawAnswer known = resolve(two.order_code("1", 50'00));
    EXPECT_EQ(known.verdict(), "200");
    EXPECT_EQ(known.text("payee_name"), "Shop");
    EXPECT_EQ(known.text("payee_kind"), "MERCHANT");
    EXPECT_EQ(known.text("code_kind"), "MERCHANT_DYNAMIC");
    EXPECT_TRUE(known.body.contains(R"("amount":{"minor":5000,"currency":"CNY"})"));
    EXPECT_EQ(resolve("280000000000000009").verdict(), "404 CODE_UNSUPPORTED");
    EXPECT_EQ(resolve("990000000000000001").verdict(), "404 CODE_UNSUPPORTED");
    // WEST's own code is not sent back to it.
    EXPECT_EQ(resolve("130000000000000001").verdict(), "404 CODE_UNSUPPORTED");
    EXPECT_EQ(ask("/resolve", "{}"), "400 PARAM_ERROR /code");
    two.east.yes(switching::SetOpening{
        .terms = {.participant = two.west_at_east,
                  .code_kind = switching::CodeKind::merchant_dynamic},
        .state = {.opens_at = two.clock.now() + days(1)}
    });
    EXPECT_EQ(resolve("280000000000000001").verdict(), "403 CODE_KIND_NOT_OPEN");
}

TEST_F(OperationsTest, PaysAndCommits) {
    const std::string body = pay("k1", token_of("1"));
    EXPECT_EQ(ask("/payments", body), "200 ACCEPTED");
    EXPECT_EQ(ask("/payments", body), "200 ACCEPTED");
    EXPECT_EQ(get("/payments/k1"), "200 ACCEPTED");
    EXPECT_EQ(ask("/payments", pay("k1", token_of("1"), 49'00)), "400 INVALID_REQUEST");
    // Another payer's turn comes when this one is over.
    EXPECT_EQ(ask("/payments", pay("k2", token_of("1"))), "200 DECLINED");
    const RawAnswer committed = peer.ask({.path = "/commits",
                                          .body = R"({"request_ids":["k1","k1","k2","unknown"]})",
                                          .session = &session});
    EXPECT_EQ(committed.body,
              R"({"results":[{"request_id":"k1","result":"ACKNOWLEDGED"},)"
              R"({"request_id":"k1","result":"ACKNOWLEDGED"},)"
              R"({"request_id":"k2","result":"REFUSED","code":"STATE_CONFLICT",)"
              R"("message":"this contradicts how the payment ended"},)"
              R"({"request_id":"unknown","result":"REFUSED","code":"PAYMENT_NOT_EXIST",)"
              R"("message":"the payment does not exist"}]})");
    EXPECT_EQ(get("/payments/k1"), "200 COMPLETED");
    EXPECT_EQ(ask("/reversals", key("k1")), "409 PAYMENT_COMPLETED");
    EXPECT_EQ(get("/payments/unknown"), "404 PAYMENT_NOT_EXIST");
}

TEST_F(OperationsTest, AnswersARepeatAlsoWhenItsTokenHasExpired) {
    const std::string body = pay("k1", token_of("1"));
    EXPECT_EQ(ask("/payments", body), "200 ACCEPTED");
    const std::string late = pay("k2", token_of("2"));
    two.clock.pass(resolve_token_life);
    EXPECT_EQ(ask("/payments", body), "200 ACCEPTED");
    EXPECT_EQ(ask("/payments", late), "400 RESOLVE_TOKEN_INVALID");
    EXPECT_EQ(ask("/payments", pay("k1", "another")), "400 INVALID_REQUEST");
    EXPECT_EQ(get("/payments/k2"), "404 PAYMENT_NOT_EXIST");
}

TEST_F(OperationsTest, RefusesOrDeclinesAPayment) {
    const std::string token = token_of("1");
    const std::string kind = R"(,"code_kind":"BUSINESS")";
    const std::string dollars = R"({"request_id":"k5","resolve_token":")" + token +
                                R"(","amount":{"minor":1,"currency":"USD"}})";
    const struct {
        const char* name;
        std::string body;
        const char* want;
    } cases[] = {
        {"no member", "{}", "400 PARAM_ERROR /request_id"},
        {"no JSON", "pay", "400 PARAM_ERROR"},
        {"another kind", pay("k1", token, 50'00, kind), "400 PARAM_ERROR /code_kind"},
        {"another's token", pay("k2", "c29tZXRoaW5n"), "400 RESOLVE_TOKEN_INVALID"},
        {"another amount", pay("k3", token, 49'00), "200 DECLINED"},
        {"no position", dollars, "403 CURRENCY_NOT_OPEN"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(ask("/payments", c.body), c.want);
    }
    two.east.yes(switching::SetPosition{
        .participant = two.west_at_east, .currency = cny, .cap_minor = 49'99});
    const RawAnswer over =
        peer.ask({.path = "/payments", .body = pay("k6", token), .session = &session});
    EXPECT_EQ(over.text("reason"), "position_limit_exceeded");
    two.east.yes(switching::ChangeParticipant{.participant = two.west_at_east,
                                              .status = switching::ParticipantStatus::suspended});
    EXPECT_EQ(ask("/payments", pay("k7", token)), "403 PARTICIPANT_SUSPENDED");
}

TEST_F(OperationsTest, AuthorisesOnceByACode) {
    const std::string code = code_at_east("140000000000000001");
    const std::string body = authorise("k1", code);
    EXPECT_EQ(ask("/authorisations", body), "200 ACCEPTED");
    EXPECT_EQ(ask("/authorisations", body), "200 ACCEPTED");
    const RawAnswer again =
        peer.ask({.path = "/authorisations", .body = authorise("k2", code), .session = &session});
    EXPECT_EQ(again.text("reason"), "payer_code_spent");
    EXPECT_EQ(ask("/commits", keys("k1")), "200");
    EXPECT_EQ(two.east.balance(bob), 150'00);
    // A till may take it back on the same day.
    EXPECT_EQ(ask("/reversals", key("k1")), "200");
    EXPECT_EQ(ask("/reversals", key("k1")), "200");
    EXPECT_EQ(two.east.balance(bob), 200'00);
    EXPECT_EQ(get("/payments/k1"), "200 REVERSED");
}

TEST_F(OperationsTest, RefusesOrDeclinesAnAuthorisation) {
    code_at_east("140000000000000001");
    EXPECT_EQ(ask("/authorisations", authorise("k1", "990000000000000001")),
              "404 CODE_UNSUPPORTED");
    EXPECT_EQ(ask("/authorisations", authorise("k2", "130000000000000001")),
              "404 CODE_UNSUPPORTED");
    EXPECT_EQ(ask("/authorisations", R"({"request_id":"k3"})"), "400 PARAM_ERROR /payer_code");
    const RawAnswer unknown = peer.ask({.path = "/authorisations",
                                        .body = authorise("k4", "140000000000000009"),
                                        .session = &session});
    EXPECT_EQ(unknown.text("reason"), "payer_code_unknown");
    const RawAnswer poor = peer.ask({.path = "/authorisations",
                                     .body = authorise("k5", "140000000000000001", 500'00),
                                     .session = &session});
    EXPECT_EQ(poor.text("reason"), "funds_insufficient");
    const std::string late = code_at_east("140000000000000002");
    two.clock.pass(seconds(61));
    const RawAnswer expired =
        peer.ask({.path = "/authorisations", .body = authorise("k6", late), .session = &session});
    EXPECT_EQ(expired.text("reason"), "payer_code_expired");
}

TEST_F(OperationsTest, AsksThePayerAboveTheLimit) {
    const std::string code = code_at_east("140000000000000001");
    EXPECT_EQ(ask("/authorisations", authorise("k1", code, 1'500'00)), "200 USERPAYING");
    EXPECT_EQ(ask("/commits", keys("k1")), "200");  // Each is answered apart.
    const RawAnswer early = peer.ask({.path = "/commits", .body = keys("k1"), .session = &session});
    EXPECT_EQ(early.text("code"), "PAYMENT_UNDECIDED");
    EXPECT_EQ(ask("/reversals", key("k1")), "200");
    EXPECT_EQ(get("/payments/k1"), "200 REVERSED");
}

TEST_F(OperationsTest, RefundsWhatWasTaken) {
    const std::string code = code_at_east("140000000000000001");
    ASSERT_EQ(ask("/authorisations", authorise("k1", code)), "200 ACCEPTED");
    ASSERT_EQ(ask("/commits", keys("k1")), "200");
    const std::string body = refund("r1", "sender", "k1");
    EXPECT_EQ(ask("/refunds", body), "200 COMPLETED");
    EXPECT_EQ(ask("/refunds", body), "200 COMPLETED");
    EXPECT_EQ(two.east.balance(bob), 160'00);
    EXPECT_EQ(ask("/refunds", refund("r1", "sender", "k1", 11'00)), "400 INVALID_REQUEST");
    const auto reason = [&](const std::string& wish) {
        return peer.ask({.path = "/refunds", .body = wish, .session = &session}).text("reason");
    };
    EXPECT_EQ(reason(refund("r2", "sender", "k1", 40'01)), "refund_exceeds_payment");
    EXPECT_EQ(reason(refund("r3", "sender", "unknown")), "payment_not_found");
    const std::string strange = switching::request_key(PaymentId{7});
    EXPECT_EQ(reason(refund("r4", "receiver", strange)), "payment_not_found");
    EXPECT_EQ(ask("/refunds", refund("r5", "receiver", "no key of ours")),
              "400 PARAM_ERROR /original/request_id");
    EXPECT_EQ(ask("/refunds", refund("r5", "receiver", "no_key_of_ours")), "404 PAYMENT_NOT_EXIST");
    two.clock.pass(days(366));
    session = peer.sign_on();
    EXPECT_EQ(reason(refund("r6", "sender", "k1")), "refund_window_closed");
}

TEST_F(OperationsTest, RemembersAReversalThatCameFirst) {
    EXPECT_EQ(ask("/reversals", key("k1")), "200");
    const RawAnswer late =
        peer.ask({.path = "/payments", .body = pay("k1", token_of("1")), .session = &session});
    EXPECT_EQ(late.verdict().substr(0, 12), "200 REVERSED");
    EXPECT_EQ(late.text("reason"), "payment_reversed");
    EXPECT_EQ(ask("/reversals", "{}"), "400 PARAM_ERROR /request_id");
}

TEST_F(OperationsTest, StatesNoPositionWhereThereIsNone) {
    const auto north = TestKeys::shared().other;
    two.east.yes(switching::RegisterParticipant{
        .code = "NORTH", .state = {.name = "N", .protocol = switching::Protocol::json}
    });
    const auto* known = two.east.directory()->participants.find(NaturalKey{0, "NORTH"});
    two.east.yes(switching::AddParticipantKey{
        .terms = {.participant = known->id(),
                  .serial = "7157F09EFDC096DE15EBE81A47057A72",
                  .public_key_pem = north.public_key().to_pem(),
                  .not_before = two.clock.now() - days(1),
                  .not_after = two.clock.now() + days(1)}
    });
    const RawAnswer answer = peer.ask({.path = "/positions",
                                       .method = "GET",
                                       .participant = "NORTH",
                                       .serial = "7157F09EFDC096DE15EBE81A47057A72",
                                       .key = &north});
    EXPECT_TRUE(answer.body.contains(R"("positions":[])")) << answer.body;
}

TEST_F(OperationsTest, RefusesSignOnsAndKeysThatCannotServe) {
    const LinkSession made = peer.sign_on();
    const auto sign_on = [&](const std::string& from, const std::string& to) {
        std::string body = RawPeer::sign_on_body(made);
        return peer
            .ask({.path = "/sign-on", .body = body.replace(body.find(from), from.size(), to)})
            .verdict();
    };
    EXPECT_EQ(sign_on("HMAC-SM3", "RSA-SHA256"), "400 PARAM_ERROR /mac_algorithm");
    EXPECT_EQ(sign_on(east_serial, west_serial), "400 PARAM_ERROR /key_serial");
    EXPECT_EQ(sign_on(R"("encrypted_key":")", R"("encrypted_key":"AAAA)"),
              "400 PARAM_ERROR /encrypted_key");
    EXPECT_EQ(ask("/sign-off", R"({"x":1})"), "400 PARAM_ERROR /x");

    wire::institution::NextKey next{
        .serial = "0B0C",
        .public_key_pem = TestKeys::shared().other.public_key().to_pem(),
        .not_before = two.clock.now() - seconds(1),
        .not_after = two.clock.now() + days(1)};
    const auto announce = [&] {
        return peer.ask({.path = "/keys", .body = to_json(next)}).verdict();
    };
    EXPECT_EQ(announce(), "200");
    EXPECT_EQ(announce(), "200");
    next.public_key_pem = TestKeys::shared().west.public_key().to_pem();
    EXPECT_EQ(announce(), "409 ALREADY_EXISTS");
    next.public_key_pem = "no key";
    EXPECT_EQ(announce(), "400 PARAM_ERROR /public_key_pem");
    next.public_key_pem = TestKeys::shared().other.public_key().to_pem();
    next.serial = "0B0D";
    next.not_after = next.not_before;
    EXPECT_EQ(announce(), "400 PARAM_ERROR");
}

}  // namespace
}  // namespace huitong::gateway::institution
