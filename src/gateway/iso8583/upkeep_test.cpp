// What keeps a link up: beats and line tests, dialling again, and following the directory.
#include "gateway/iso8583/test_kit.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using enum switching::PaymentStatus;

// East is a peer of the test's own, which west dials.
class UpkeepTest : public ::testing::Test {
protected:
    void open(DoorOptions options = {}) {
        west.emplace(clock, west_code, options);
        east = west->know(east_code, first.port(), true);
    }
    // The next line's sign-on, answered.
    std::unique_ptr<Peer> signed_on_at(Acceptor& acceptor) {
        auto peer = acceptor.accept(east_code, west_code);
        answer(*peer, "001");
        return peer;
    }
    // Hears an 0820 with this field 70, and answers it.
    static void answer(Peer& peer, std::string_view what) {
        Fields asked = peer.hear("0820");
        EXPECT_EQ(text_of(asked, 70), what);
        asked[39] = approved;
        peer.say("0830", asked);
    }
    bool is(links::LinkState state) {
        return eventually([&] { return west->door().member(east)->status().state == state; });
    }

    TestClock clock;
    std::optional<Platform> west;
    ParticipantId east;
    Acceptor first;
    Acceptor second;
};

TEST_F(UpkeepTest, BeatsOnASilentLine) {
    DoorOptions options;
    options.dialler.line.beat_after = milliseconds(50);
    open(options);
    const auto peer = first.accept(east_code, west_code);
    peer->hear("0820");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(peer->hear_prefix(), "0000");
}

TEST_F(UpkeepTest, DropsALineThatSaysNothing) {
    DoorOptions options;
    options.dialler.line.dead_after = milliseconds(100);
    open(options);
    const auto peer = first.accept(east_code, west_code);
    peer->hear("0820");
    EXPECT_EQ(peer->hear(), "");
    first.accept(east_code, west_code)->hear("0820");  // And it dials anew.
}

// Three line tests without an answer in a row (iso8583.md section 8).
TEST_F(UpkeepTest, MakesALineAnewThatDoesNotAnswerTests) {
    DoorOptions options;
    options.member.line_test_every = milliseconds(20);
    options.member.management_wait = milliseconds(40);
    open(options);
    const auto peer = signed_on_at(first);
    for (int i = 0; i < 5; ++i) {
        Fields asked = peer->hear("0820");
        while (text_of(asked, 70) != "301") asked = peer->hear("0820");  // Or for a key.
        asked[39] = approved;
        peer->say("0830", asked);
    }
    while (!peer->hear().empty()) continue;
    signed_on_at(first);
}

TEST_F(UpkeepTest, DialsAgainAndSignsOn) {
    open();
    for (int i = 0; i < 3; ++i) {
        auto peer = signed_on_at(first);
        EXPECT_TRUE(is(links::LinkState::up));
        EXPECT_TRUE(west->door().statuses().front().channels.front().up);
        peer.reset();
        EXPECT_TRUE(is(links::LinkState::down));
    }
    EXPECT_EQ(west->door().member(east)->status().sign_ons, 3U);
}

// A channel that the operator adds is dialled beside the line that is there; one that is taken
// away is closed. The member, its keys and what waits stay.
TEST_F(UpkeepTest, FollowsTheChannels) {
    open();
    const auto one = signed_on_at(first);
    EXPECT_TRUE(is(links::LinkState::up));
    const auto member = west->door().member(east);
    const std::string there = "127.0.0.1:" + std::to_string(first.port());
    const std::string here = "127.0.0.1:" + std::to_string(second.port());
    west->yes(switching::ChangeParticipant{
        .participant = east, .channels = std::vector<std::string>{there, here}
    });
    const auto two = second.accept(east_code, west_code);
    EXPECT_TRUE(eventually([&] { return west->door().statuses().front().channels.back().up; }));
    west->yes(switching::ChangeParticipant{.participant = east,
                                           .channels = std::vector<std::string>{here}});
    while (!one->hear().empty()) continue;
    EXPECT_EQ(west->door().member(east), member);
    EXPECT_TRUE(member->signed_on());
}

// A new master key is a new beginning: new lines, and working keys under it.
TEST_F(UpkeepTest, BeginsAnewWithAnotherMasterKey) {
    open();
    const auto one = signed_on_at(first);
    const auto before = west->door().member(east);
    std::optional<Result<Answer>> left;
    std::mutex mutex;
    before->ask(*wire::iso8583::Mti::parse("0820"),
                {
                    {7,  "0101000000"},
                    {11, "777777"    },
                    {70, "301"       }
    },
                seconds(30), [&](Result<Answer> answer) {
                    const std::lock_guard lock(mutex);
                    left = std::move(answer);
                });
    west->change_master_key(east, "fedcba9876543210");
    while (!one->hear().empty()) continue;
    EXPECT_TRUE(eventually([&] {
        const std::lock_guard lock(mutex);
        return left.has_value();
    }));
    EXPECT_EQ(left->error(), Error::shutting_down);
    before->ask(*wire::iso8583::Mti::parse("0820"),
                {
                    {7,  "0101000000"},
                    {11, "777778"    },
                    {70, "301"       }
    },
                seconds(30), [](const Result<Answer>& answer) {
                    EXPECT_EQ(answer.error(), Error::peer_unreachable);  // It takes nothing more.
                });
    const auto two = signed_on_at(first);
    EXPECT_TRUE(is(links::LinkState::up));
    EXPECT_NE(west->door().member(east), before);
}

// The very message at which the change is seen came over a line of the member before: it is no
// answer to its successor, which signs on over a line of its own.
TEST_F(UpkeepTest, HearsNothingOverTheLinesOfItsPredecessor) {
    DoorOptions options;
    options.tick = hours(1);  // So that nothing but that message looks at the directory.
    open(options);
    ASSERT_NE(west->door().member(east), nullptr);
    const auto one = first.accept(east_code, west_code);
    Fields asked = one->hear("0820");
    EXPECT_EQ(text_of(asked, 70), "001");
    west->change_master_key(east, "fedcba9876543210");
    asked[39] = approved;
    one->say("0830", asked);
    EXPECT_TRUE(one->hear().empty());  // Nothing is said over it, either.
    const auto two = signed_on_at(first);
    EXPECT_TRUE(is(links::LinkState::up));
}

TEST_F(UpkeepTest, EndsALinkThatIsNoLongerOverIso8583) {
    open();
    const auto one = signed_on_at(first);
    west->yes(
        switching::ChangeParticipant{.participant = east, .protocol = switching::Protocol::json});
    while (!one->hear().empty()) continue;
    EXPECT_EQ(west->door().member(east), nullptr);
    EXPECT_EQ(west->door().link(east), nullptr);
}

}  // namespace
}  // namespace huitong::gateway::iso8583
