// The kit against our own door over real sockets, and against a peer that answers wrongly.
#include "apps/conform/json/player.hpp"
#include "apps/conform/report.hpp"
#include "apps/conform/run.hpp"
#include "apps/conform/scenarios.hpp"
#include "gateway/institution/test_kit.hpp"

namespace huitong::apps::conform {
namespace {

using namespace gateway::institution;
namespace http = gateway::http;

JsonTarget target_at(std::string url) {
    return {.url = std::move(url),
            .trust = {},
            .us = "WEST",
            .serial = west_serial,
            .key = TestKeys::shared().west,
            .peer_serial = east_serial,
            .peer_key = TestKeys::shared().east.public_key()};
}

class JsonConform : public ::testing::Test {
protected:
    JsonConform() {
        two.east.own_digits("14", two.east.house);
        bob = two.east.open_user("bob");
        const auto order = [this] { return two.order_code(std::to_string(++orders), amount); };
        const auto code = [this] {
            return two.east.show_code(bob, fmt::format("14{:016}", ++codes));
        };
        parameters.set("mpm_code", order);
        parameters.set("order_code", order);
        parameters.set("payer_code", code);
        parameters.set("unowned_code", Parameters::always("990000000000000001"));
        parameters.set("unknown_code", Parameters::always("289999999999999999"));
        parameters.set("amount", Parameters::always(std::to_string(amount)));
        parameters.set("large_amount", Parameters::always("150000"));
        parameters.set("currency", Parameters::always("CNY"));
        parameters.set("closed_currency", Parameters::always("USD"));
    }
    std::string play(std::span<const Scenario> scenarios, std::string url) {
        const auto player = JsonPlayer::make(target_at(std::move(url)), two.clock);
        EXPECT_TRUE(player.has_value());
        std::string told;
        const Counts counts = run(scenarios, parameters, **player, [&](const Outcome& outcome) {
            if (outcome.verdict != Verdict::ok) told += text_of(outcome);
        });
        return told + text_of(counts);
    }

    static constexpr std::int64_t amount = 5'00;
    TwoPlatforms two;
    UserId bob;
    int orders = 0;
    int codes = 0;
    Parameters parameters;
};

TEST_F(JsonConform, FindsNothingWrongWithOurOwnDoor) {
    const auto scenarios = read_scenarios(builtin_texts("json"));
    ASSERT_TRUE(scenarios.has_value()) << to_text(scenarios.error());
    const std::size_t count = scenarios->size();
    EXPECT_EQ(play(*scenarios, two.east.url()),
              fmt::format("{0} scenarios: {0} ok, 0 FAIL, 0 skipped\n", count));
    // What was not reversed: three paid and a commit among others; two charged, less a refund.
    EXPECT_EQ(two.east.position(two.west_at_east), 4 * amount - 2 * amount + 1);
}

TEST_F(JsonConform, SkipsWhatTheProfileHasNothingFor) {
    parameters = {};
    parameters.set("currency", Parameters::each({}));
    const std::vector<ScenarioText> texts{
        {"a.txt", "title: A\nclause: C\nneeds: mpm_code amount currency\nwait 0 s\n"},
        {"b.txt", "title: B\nclause: C\nneeds: currency\nwait 0 s\n"                },
    };
    const auto scenarios = read_scenarios(texts);
    ASSERT_TRUE(scenarios.has_value());
    EXPECT_EQ(play(*scenarios, two.east.url()),
              "skipped  a                            A  (C)\n"
              "         because   the profile has no parameter mpm_code, amount\n"
              "skipped  b                            B  (C)\n"
              "         because   no value of currency is left\n"
              "2 scenarios: 0 ok, 0 FAIL, 2 skipped\n");
}

// A door that answers everything alike, without a proof.
class FakeDoor {
public:
    FakeDoor(int status, std::string body) {
        http::ServerOptions options;
        options.handler = [this, status, body = std::move(body)](http::Request&&,
                                                                 http::Responder responder) {
            ++asked;
            responder.send({.status = status, .headers = {}, .body = body});
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

TEST_F(JsonConform, SaysWhatDiffersAndWhatWasSaid) {
    const FakeDoor door(200, R"({"state":"DECLINED","amount":{"minor":1,"currency":"CNY"}})");
    const std::vector<ScenarioText> texts{
        {"json/query.txt",
         "title: A query tells the state\nclause: GET /payments\nneeds: amount\n"
         "send GET /payments/k1 bare\n"
         "expect 200 unproven\n"
         "  {\"state\": \"ACCEPTED\", \"amount\": {\"minor\": {{amount}}, \"currency\": \"CNY\"},\n"
         "   \"payment_id\": \"{{any}}\"}\n"}
    };
    const auto scenarios = read_scenarios(texts);
    ASSERT_TRUE(scenarios.has_value());
    EXPECT_EQ(play(*scenarios, door.url()),
              "FAIL     query                        A query tells the state  (GET /payments)\n"
              "         at        json/query.txt:5: expect 200 unproven\n"
              "         sent      GET /institution/v1/payments/k1\n"
              "         came      200, proof: none\n"
              "                   "
              "{\"state\":\"DECLINED\",\"amount\":{\"minor\":1,\"currency\":\"CNY\"}}\n"
              "         expected  {\"state\": \"ACCEPTED\", \"amount\": {\"minor\": 500, "
              "\"currency\": \"CNY\"},\n"
              "                    \"payment_id\": \"{{any}}\"}\n"
              "       ! /state: expected \"ACCEPTED\", came \"DECLINED\"\n"
              "       ! /payment_id: expected {{any}}, came nothing\n"
              "       ! /amount/minor: expected 500, came 1\n"
              "1 scenarios: 0 ok, 1 FAIL, 0 skipped\n");
}

TEST_F(JsonConform, NoticesAnAnswerWithoutProofAStatusAndSilence) {
    const std::vector<ScenarioText> texts{
        {"json/p.txt", "title: P\nclause: C\nsend GET /positions\nexpect 200\n"}
    };
    const auto scenarios = read_scenarios(texts);
    ASSERT_TRUE(scenarios.has_value());
    const FakeDoor unproven(200, "{}");
    EXPECT_TRUE(play(*scenarios, unproven.url())
                    .contains("! proof: expected signature, came none\n1 scenarios: 0 ok, 1 FAIL"));
    const FakeDoor broken(500, "{}");
    EXPECT_TRUE(play(*scenarios, broken.url()).contains("! status: expected 200, came 500\n"));
    EXPECT_TRUE(
        play(*scenarios, "http://127.0.0.1:1").contains("! answer: expected 200, came none"));
}

TEST_F(JsonConform, AsksAgainUntilTheTimeIsUp) {
    const FakeDoor door(200, R"({"state":"PROCESSING"})");
    const std::vector<ScenarioText> texts{
        {"json/w.txt",
         "title: W\nclause: C\nsend GET /payments/k\nexpect 200 within 300 ms\n"
         "  {\"state\": \"ACCEPTED\"}\n"}
    };
    const auto scenarios = read_scenarios(texts);
    ASSERT_TRUE(scenarios.has_value());
    EXPECT_TRUE(play(*scenarios, door.url())
                    .contains("! /state: expected \"ACCEPTED\", came \"PROCESSING\"\n"));
    EXPECT_GE(door.asked, 2);
    // What is decided is not asked again.
    const FakeDoor decided(404, R"({"code":"CODE_UNSUPPORTED"})");
    EXPECT_TRUE(play(*scenarios, decided.url()).contains("! status: expected 200, came 404\n"));
    EXPECT_EQ(decided.asked, 1);
}

}  // namespace
}  // namespace huitong::apps::conform
