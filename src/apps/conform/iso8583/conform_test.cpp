// The kit against our own door over real lines, and against a peer that answers wrongly.
#include <thread>

#include "apps/conform/iso8583/player.hpp"
#include "apps/conform/report.hpp"
#include "apps/conform/run.hpp"
#include "apps/conform/scenarios.hpp"
#include "gateway/iso8583/test_kit.hpp"

namespace huitong::apps::conform {
namespace {

using namespace gateway::iso8583;

class Iso8583Conform : public ::testing::Test {
protected:
    Iso8583Conform() {
        platform.know(west_code, 0, false);
        alice = platform.open_user(1'000'00);
        shop = std::get<acquiring::Merchant>(
                   platform.yes(acquiring::RegisterMerchant{
                       .terms = {.mchid = "1900000001", .institution = platform.house},
                       .state = {.name = "Shop",        .appids = {"wx1"}            },
                       .currency = cny
        }))
                   .id();
        parameters.set("mpm_code", [this] { return order_code(); });
        parameters.set("payer_code", [this] { return payer_code(); });
        parameters.set("unknown_code", Parameters::always("nobody"));
        parameters.set("unowned_code", Parameters::always("unowned"));
        parameters.set("unknown_payer_code", Parameters::always("139999999999999999"));
        parameters.set("amount", Parameters::always(std::to_string(amount)));
        parameters.set("currency_code", Parameters::always("156"));
        parameters.set("closed_currency_code", Parameters::always("840"));
        for (int i = 0; i < 20; ++i) open_order(i);
    }
    // Codes are set while nobody asks, so orders are opened before.
    void open_order(int number) {
        acquiring::CreateOrder wish;
        const std::string text = "no-" + std::to_string(number);
        wish.terms = {.merchant = shop,
                      .out_trade_no = text,
                      .appid = "wx1",
                      .description = "Coffee",
                      .minor = amount,
                      .currency = cny,
                      .content_digest = text};
        platform.payees[text] = {.order =
                                     std::get<engine::OrderAnswer>(platform.yes(wish)).order.id()};
    }
    std::optional<std::string> order_code() { return "no-" + std::to_string(orders++); }
    std::optional<std::string> payer_code() {
        std::string code = fmt::format("13{:016}", ++codes);
        platform.yes(wallet::IssuePayerCode{
            .session = {alice, 0},
              .digits = code
        });
        return code;
    }
    std::string play(std::span<const Scenario> scenarios, std::uint16_t port,
                     Duration patience = seconds(30)) {
        Iso8583Player player({.host = "127.0.0.1",
                              .port = port,
                              .us = std::string(west_code),
                              .peer = std::string(east_code),
                              .master = crypto::Secret(master_key),
                              .patience = patience},
                             clock);
        std::string told;
        const Counts counts = run(scenarios, parameters, player, [&](const Outcome& outcome) {
            if (outcome.verdict != Verdict::ok) told += text_of(outcome);
        });
        return told + text_of(counts);
    }

    static constexpr std::int64_t amount = 5'00;
    TestClock clock;
    Platform platform{clock, east_code};
    UserId alice;
    MerchantId shop;
    int orders = 0;
    int codes = 0;
    Parameters parameters;
};

TEST_F(Iso8583Conform, FindsNothingWrongWithOurOwnDoor) {
    const auto scenarios = read_scenarios(builtin_texts("iso8583"));
    ASSERT_TRUE(scenarios.has_value()) << to_text(scenarios.error());
    const std::size_t count = scenarios->size();
    EXPECT_EQ(play(*scenarios, platform.listen_port),
              fmt::format("{0} scenarios: {0} ok, 0 FAIL, 0 skipped\n", count));
}

// One line, on which a peer hears a frame and says what the test wants.
class FakePeer {
public:
    explicit FakePeer(std::function<std::string(std::string heard)> answer)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(socket_, 1), 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
        thread_ = std::jthread([this, answer = std::move(answer)] {
            const int line = ::accept(socket_, nullptr, nullptr);
            std::array<char, 2048> bytes{};
            const auto got = ::recv(line, bytes.data(), bytes.size(), 0);
            const std::string said =
                answer({bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))});
            ::send(line, said.data(), said.size(), MSG_NOSIGNAL);
            while (::recv(line, bytes.data(), bytes.size(), 0) > 0) {}
            ::close(line);
        });
    }
    ~FakePeer() {
        thread_.join();
        ::close(socket_);
    }
    FakePeer(const FakePeer&) = delete;
    FakePeer& operator=(const FakePeer&) = delete;

    std::uint16_t port = 0;

private:
    int socket_;
    std::jthread thread_;
};

std::vector<Scenario> one(const std::string& statements) {
    const std::vector<ScenarioText> texts{
        {"iso8583/t.txt", "title: T\nclause: C\n" + statements}
    };
    auto read = read_scenarios(texts);
    EXPECT_TRUE(read.has_value()) << to_text(read.error());
    return read.value_or(std::vector<Scenario>{});
}

const std::string line_test = "send 0820\n  7 0101000000\n  11 000007\n  33 {{us}}\n  70 301\n";

TEST_F(Iso8583Conform, SaysWhichFieldDiffers) {
    // Type 0830, all else as it came: no field 39, and the institutions not swapped.
    const FakePeer peer([](std::string heard) { return heard.replace(4 + 46, 4, "0830"); });
    EXPECT_EQ(play(one(line_test + "expect 0830\n  11 000008\n  39 00\n  70 301\n"), peer.port),
              "FAIL     t                            T  (C)\n"
              "         at        iso8583/t.txt:8: expect 0830\n"
              "         sent      0820 from 44190440 to 00010344\n"
              "                     7 0101000000\n"
              "                     11 000007\n"
              "                     33 44190440\n"
              "                     70 301\n"
              "         came      0830 from 44190440 to 00010344\n"
              "                     7 0101000000\n"
              "                     11 000007\n"
              "                     33 44190440\n"
              "                     70 301\n"
              "         expected  11 000008\n"
              "                   39 00\n"
              "                   70 301\n"
              "       ! field 11: expected 000008, came 000007\n"
              "       ! field 39: expected 00, came nothing\n"
              "1 scenarios: 0 ok, 1 FAIL, 0 skipped\n");
}

TEST_F(Iso8583Conform, SaysWhatCameInstead) {
    const struct {
        const char* name;
        std::string expect;
        std::function<std::string(std::string)> answer;
        const char* want;
    } cases[] = {
        {"silence",      "expect 0830\n",           [](const std::string&) { return ""; },
         "! message: expected 0830, came none\n"                                   },
        {"another type", "expect 0830\n",           [](const std::string& heard) { return heard; },
         "! message: expected 0830, came none\n"                                   },
        {"no frame",     "expect 0830\n",           [](const std::string&) { return "HTTP/1.1 400\r\n"; },
         "came      the end of the line\n"                                         },
        {"no reject",    "expect reject 00105\n",   [](const std::string& heard) { return heard; },
         "! message: expected reject 00105, came none\n"                           },
        {"no end",       "expect closed\n",         [](const std::string&) { return ""; },
         "! line: expected its end by the other side, came nothing\n"              },
        {"no silence",   "expect nothing 100 ms\n",
         [](std::string heard) { return heard.replace(4 + 46, 4, "0830"); },
         "! message: expected none, came one\n"                                    },
        {"no key",       "expect 0800\ntake key\n",
         [](std::string heard) { return heard.replace(4 + 46, 4, "0800"); },
         "! key: expected one that is proven, came the key of fields 53, 48 and 96"},
    };
    for (const auto& c : cases) {
        const FakePeer peer(c.answer);
        const std::string told = play(one(line_test + c.expect), peer.port, milliseconds(200));
        EXPECT_TRUE(told.contains(c.want)) << c.name << "\n" << told;
    }
    EXPECT_TRUE(play(one(line_test), 1).contains("! line: expected open, came refused\n"));
    const FakePeer deaf([](const std::string&) { return ""; });
    EXPECT_TRUE(play(one("send 0820\n  11 abc\n"), deaf.port)
                    .contains("! message: expected one that can be built, came field 11: "));
}

}  // namespace
}  // namespace huitong::apps::conform
