// Our link against our door: two platforms with a heart each, over real sockets. And our link
// against a peer that answers as a test wants.
#include <chrono>
#include <thread>

#include "gateway/iso8583/test_kit.hpp"

namespace huitong::gateway::iso8583 {
namespace {

using enum switching::PaymentStatus;

// West is a member whose switch is east; west dials.
class LifeTest : public ::testing::Test {
protected:
    void link(std::size_t lines = 1, DoorOptions options = {}) {
        options.lines_per_channel = lines;
        west.emplace(clock, west_code, options);
        east.emplace(clock, east_code, options);
        west_at_east = east->know(west_code, 0, false);
        east_at_west = west->know(east_code, east->listen_port, true);
        ASSERT_TRUE(west->ready(east_at_west));
        ASSERT_TRUE(east->ready(west_at_east));
        alice = west->open_user(300'00);
    }
    // Alice, at west, scans a code of east's.
    switching::Payment scan(const std::string& code, std::int64_t minor, std::string key = "r") {
        return std::get<switching::Payment>(west->yes(switching::PayCode{
            .session = {alice, 0},
            .to = east_at_west,
            .amount = fen(minor),
            .code = code,
            .request_id = std::move(key)
        }));
    }
    switching::PaymentStatus ends(const switching::Payment& payment) {
        EXPECT_TRUE(eventually([&] { return !west->now(payment).unfinished(); }));
        return west->now(payment).state.status;
    }

    TestClock clock;
    std::optional<Platform> west, east;
    ParticipantId west_at_east, east_at_west;
    UserId alice;
};

TEST_F(LifeTest, PaysAnOrderOfTheOther) {
    for (const auto kind : {crypto::BlockAlgorithm::triple_des, crypto::BlockAlgorithm::sm4}) {
        DoorOptions options;
        options.member.key_kind = kind;
        link(2, options);
        const std::string code = east->open_order(100'00);
        EXPECT_EQ(ends(scan(code, 100'00)), completed);
        EXPECT_EQ(west->balance(alice), 200'00);
        EXPECT_EQ(west->position(east_at_west), 100'00);
        EXPECT_EQ(east->position(west_at_east), -100'00);
        const auto status = west->door().statuses().front();
        EXPECT_EQ(status.institution, east_at_west);
        ASSERT_EQ(status.channels.size(), 1U);
        EXPECT_TRUE(status.channels[0].up);
        EXPECT_EQ(status.sign_ons, 1U);
        EXPECT_EQ(status.mac_alarms, 0U);
        EXPECT_EQ(status.figures.success_ppm(), 1'000'000U);
        west.reset();
        east.reset();
    }
}

TEST_F(LifeTest, TakesANoForANo) {
    link();
    const std::string code = east->open_order(100'00);
    const auto wrong = scan(code, 99'00);
    EXPECT_EQ(ends(wrong), declined);
    EXPECT_EQ(west->now(wrong).state.decline, "amount_mismatch");
    EXPECT_EQ(ends(scan("NO SUCH CODE", 1'00, "r2")), declined);
    EXPECT_EQ(west->balance(alice), 300'00);
    EXPECT_EQ(east->position(west_at_east), 0);
}

TEST_F(LifeTest, RefundsWhatTheOtherHadAskedFor) {
    link();
    const std::string code = east->open_order(100'00);
    ASSERT_EQ(ends(scan(code, 100'00)), completed);
    const auto refund = std::get<engine::RefundAnswer>(east->yes(acquiring::CreateRefund{
        .terms =
            {.merchant = east->merchant, .out_refund_no = "f-1", .minor = 40'00, .currency = cny},
        .order = {east->merchant, east->payees["CODE-1"].order, ""},
        .total_minor = 100'00
    }));
    EXPECT_EQ(refund.refund.state.status, acquiring::RefundStatus::processing);
    EXPECT_TRUE(eventually([&] { return west->balance(alice) == 240'00; }));
    EXPECT_TRUE(eventually([&] { return east->position(west_at_east) == -60'00; }));
    EXPECT_EQ(west->position(east_at_west), 60'00);
}

TEST_F(LifeTest, SignsOffAndOn) {
    link();
    west->door().member(east_at_west)->sign_off();
    EXPECT_TRUE(eventually([&] { return !east->door().member(west_at_east)->signed_on(); }));
    EXPECT_FALSE(west->door().member(east_at_west)->signed_on());
    EXPECT_EQ(ends(scan("CODE-1", 1'00, "off")), declined);  // It never left.
    west->door().member(east_at_west)->sign_on();
    ASSERT_TRUE(west->ready(east_at_west));
    const auto before = *west->door().member(east_at_west)->status().key_since;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // Keys are told apart by the ms.
    west->door().member(east_at_west)->renew_key();
    EXPECT_TRUE(eventually(
        [&] { return *west->door().member(east_at_west)->status().key_since > before; }));
    EXPECT_EQ(ends(scan(east->open_order(100'00), 100'00)), completed);
}

TEST_F(LifeTest, SignsOffBeforeItEnds) {
    link();
    EXPECT_TRUE(west->door().drain(seconds(5)));
    EXPECT_TRUE(eventually([&] { return !east->door().member(west_at_east)->signed_on(); }));
    EXPECT_EQ(east->door().statuses().front().state, links::LinkState::down);
}

// West's switch is a peer of the test's own, which signs west on and gives the keys.
class PeerTest : public ::testing::Test {
protected:
    PeerTest() : west(clock, west_code, options()) {
        east = west.know(east_code, 0, false);
        alice = west.open_user(300'00);
        peer.sign_on();
        EXPECT_TRUE(west.ready(east));
    }
    static DoorOptions options() {
        DoorOptions options;
        options.link.advice_wait = seconds(2);
        return options;
    }
    switching::Payment scan(std::string key = "r") {
        return std::get<switching::Payment>(west.yes(switching::PayCode{
            .session = {alice, 0},
            .to = east,
            .amount = fen(100'00),
            .code = "CODE",
            .request_id = std::move(key)
        }));
    }
    void answer(std::string_view mti, Fields request, std::string_view code) {
        for (const unsigned field : {22U, 43U, 48U, 60U, 90U, 128U}) request.erase(field);
        request[39] = code;
        peer.say(mti, request, &*peer.key);
    }
    bool ends(const switching::Payment& payment, switching::PaymentStatus status) {
        return eventually([&] { return west.now(payment).state.status == status; });
    }

    TestClock clock;
    Platform west;
    ParticipantId east;
    UserId alice;
    Peer peer{west.listen_port, east_code, west_code};
};

// A request leaves once; after the wait 0420 until 0430; a late yes changes nothing.
TEST_F(PeerTest, ReversesWhatIsNotAnswered) {
    const switching::Payment payment = scan();
    const Fields asked = peer.hear("0100");
    std::string buffer;
    EXPECT_TRUE(verify_mac(peer.envelope.message, peer.key->mac, buffer).has_value());
    clock.pass(seconds(31));
    const Fields undo = peer.hear("0420");
    EXPECT_EQ(text_of(undo, 90), key_of(*wire::iso8583::Mti::parse("0100"), asked).field_90());
    EXPECT_NE(text_of(undo, 11), text_of(asked, 11));
    answer("0110", asked, approved);  // Late.
    EXPECT_EQ(peer.hear("0420"), undo);
    answer("0430", undo, system_failure);
    EXPECT_EQ(peer.hear("0420"), undo);
    answer("0430", undo, approved);
    EXPECT_TRUE(ends(payment, reversed));
    EXPECT_EQ(west.balance(alice), 300'00);
}

TEST_F(PeerTest, TakesAnswersInAnyOrderOverAnyLine) {
    const switching::Payment first = scan("a");
    const Fields a = peer.hear("0100");
    Peer second(west.listen_port, east_code, west_code);
    second.say("0820",
               {
                   {7,  "0101000000"          },
                   {11, "000009"              },
                   {33, std::string(east_code)},
                   {70, "301"                 }
    });
    second.hear("0830");
    // Lines take turns.
    const switching::Payment later[] = {scan("b"), scan("c")};
    const Fields b = peer.hear("0100");
    const Fields c = second.hear("0100");
    EXPECT_NE(text_of(b, 11), text_of(c, 11));
    answer("0110", c, "51");
    answer("0110", b, "51");
    for (const switching::Payment& payment : later) {
        EXPECT_TRUE(ends(payment, declined));
        EXPECT_EQ(west.now(payment).state.decline, "funds_insufficient");
    }
    EXPECT_EQ(west.now(first).state.status, reserved);
    Fields yes = a;
    for (const unsigned field : {22U, 43U, 48U, 128U}) yes.erase(field);
    yes[39] = approved;
    second.say("0110", yes, &*peer.key);
    EXPECT_TRUE(ends(first, completed));
    const Fields finish = peer.hear("0220");
    EXPECT_EQ(text_of(finish, 90).substr(0, 4), "0100");
    EXPECT_EQ(text_of(finish, 25), "06");
    EXPECT_EQ(peer.hear("0220"), finish);  // Until it is answered.
    answer("0230", finish, approved);
    EXPECT_TRUE(eventually([&] { return !west.now(first).unfinished(); }));
    second.say("0110", yes, &*peer.key);  // Nobody waits for it.
    EXPECT_TRUE(eventually([&] { return west.door().member(east)->status().late >= 1U; }));
}

TEST_F(PeerTest, TreatsAnAnswerWithAWrongMacAsLost) {
    const switching::Payment payment = scan();
    Fields yes = peer.hear("0100");
    for (const unsigned field : {22U, 43U, 48U, 128U}) yes.erase(field);
    yes[39] = approved;
    peer.say("0110", yes);
    EXPECT_TRUE(eventually([&] { return west.door().member(east)->status().mac_alarms == 1U; }));
    clock.pass(seconds(31));
    answer("0430", peer.hear("0420"), "25");
    EXPECT_TRUE(ends(payment, reversed));
}

// A no to a reversal is no answer that ends it: an operator is told, and it is not sent at full
// rate.
TEST_F(PeerTest, CountsARefusedReversalAndLetsItRest) {
    const switching::Payment payment = scan();
    peer.hear("0100");
    clock.pass(seconds(31));
    const Fields undo = peer.hear("0420");
    answer("0430", undo, "12");
    EXPECT_TRUE(eventually([&] { return west.door().member(east)->status().refused == 1U; }));
    EXPECT_EQ(west.door().member(east)->status().last_error, "peer_refused");
    EXPECT_EQ(west.now(payment).state.status, reversing);
    EXPECT_TRUE(eventually([&] { return west.courier().counters().refused[3] == 1U; }));
    clock.pass(minutes(59));
    const std::uint64_t sent = west.courier().counters().sent[3];
    EXPECT_EQ(sent, 1U);
    clock.pass(minutes(2));  // Mended meanwhile.
    EXPECT_EQ(peer.hear("0420"), undo);
    answer("0430", undo, "25");
    EXPECT_TRUE(ends(payment, reversed));
}

// A reject says that nothing was done: no reversal is due.
TEST_F(PeerTest, TakesARejectForANo) {
    const switching::Payment payment = scan();
    peer.hear("0100");
    const std::string original = peer.last.substr(4);
    auto header = wire::iso8583::Header::make({.destination = west_code, .source = east_code});
    header->set_total(46 + original.size());
    std::string back(header->bytes());
    back.replace(41, 5, "00055");
    const std::string body = back + original;
    std::string prefix = std::to_string(body.size());
    prefix.insert(0, 4 - prefix.size(), '0');
    peer.send(prefix + body);
    EXPECT_TRUE(ends(payment, declined));
}

}  // namespace
}  // namespace huitong::gateway::iso8583
