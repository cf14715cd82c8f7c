// The door on a real socket, with a member that says exactly what a test wants.
#include "gateway/iso8583/door.hpp"

#include "gateway/iso8583/test_kit.hpp"

namespace huitong::gateway::iso8583 {
namespace {

class DoorTest : public ::testing::Test {
protected:
    DoorTest() {
        west = platform.know(west_code, 0, false);
        alice = platform.open_user(300'00);
        code = platform.show_code(alice);
    }
    // Alice's code at a till of west's.
    Fields till(std::int64_t minor, std::string stan = "000101") {
        const std::string moment = month_to_second(clock.now());
        Fields fields{
            {2, code},
            {3, "000000"},
            {7, moment},
            {11, std::move(stan)},
            {12, moment.substr(4)},
            {13, moment.substr(0, 4)},
            {18, "5999"},
            {22, "031"},
            {25, "00"},
            {32, std::string(west_code)},
            {33, std::string(west_code)},
            {37, "REFERENCE001"},
            {41, "00000001"},
            {42, "123456789012345"}
        };
        set_money(fields, fen(minor));
        return fields;
    }
    Fields reversal_of(const Fields& original) {
        Fields fields = original;
        fields[90] = key_of(*wire::iso8583::Mti::parse("0200"), original).field_90();
        fields[11] = "000999";
        return fields;
    }
    std::string code_of(const Fields& request, std::string_view mti = "0200") {
        peer.say(mti, request, peer.key ? &*peer.key : nullptr);
        return std::string(text_of(peer.hear(wire::iso8583::Mti::parse(mti)->answer().text()), 39));
    }

    TestClock clock;
    Platform platform{clock, east_code};
    ParticipantId west;
    UserId alice;
    std::string code;
    Peer peer{platform.listen_port, west_code, east_code};
};

TEST_F(DoorTest, AnswersAPurchaseOnceAndTheSameAgain) {
    peer.sign_on();
    const Fields wish = till(100'00);
    peer.say("0200", wish, &*peer.key);
    const Fields yes = peer.hear("0210");
    const std::string first = peer.last;
    EXPECT_EQ(text_of(yes, 39), approved);
    for (const unsigned field :
         {2U, 3U, 4U, 7U, 11U, 12U, 13U, 18U, 25U, 32U, 33U, 37U, 41U, 42U, 49U})
        EXPECT_EQ(text_of(yes, field), text_of(wish, field)) << field;
    EXPECT_EQ(text_of(yes, 100), east_code);
    EXPECT_FALSE(yes.contains(22));
    std::string buffer;
    EXPECT_TRUE(verify_mac(peer.envelope.message, peer.key->mac, buffer).has_value());
    EXPECT_EQ(platform.balance(alice), 200'00);

    peer.say("0200", wish, &*peer.key);
    peer.hear("0210");
    EXPECT_EQ(peer.last, first);
    EXPECT_EQ(code_of(till(99'00)), duplicate);
    EXPECT_EQ(platform.balance(alice), 200'00);
    EXPECT_EQ(code_of(till(1'00, "000102")), "65");  // The code is spent.

    EXPECT_EQ(code_of(reversal_of(wish), "0420"), approved);
    EXPECT_EQ(code_of(reversal_of(wish), "0420"), approved);
    EXPECT_EQ(platform.balance(alice), 300'00);
    EXPECT_EQ(platform.position(west), 0);
}

// A yes to a 0100 waits for its completion.
TEST_F(DoorTest, CompletesWhatAPayerScanned) {
    const std::string order = platform.open_order(100'00);
    peer.sign_on();
    Fields scan = till(100'00);
    scan.erase(2);
    scan[3] = "030000";
    scan[25] = "06";
    EXPECT_EQ(code_of(scan, "0100"), "30");  // No code.
    scan[11] = "000102";
    scan[48] = usage_text("QM", "nobody");
    EXPECT_EQ(code_of(scan, "0100"), "14");
    scan[11] = "000103";
    scan[48] = usage_text("QM", order);
    EXPECT_EQ(code_of(scan, "0100"), approved);
    EXPECT_EQ(platform.position(west), 0);

    Fields finish = scan;
    finish[3] = "000000";
    finish[11] = "000104";
    finish[90] = key_of(*wire::iso8583::Mti::parse("0100"), scan).field_90();
    EXPECT_EQ(code_of(finish, "0220"), approved);
    EXPECT_EQ(code_of(finish, "0220"), approved);
    EXPECT_EQ(platform.position(west), -100'00);
    EXPECT_EQ(code_of(reversal_of(scan), "0420"), "22");
    finish[90] = "0100000555" + finish[90].substr(10);
    EXPECT_EQ(code_of(finish, "0220"), "25");
}

TEST_F(DoorTest, RemembersAReversalThatCameFirst) {
    peer.sign_on();
    const Fields wish = till(100'00);
    EXPECT_EQ(code_of(reversal_of(wish), "0420"), "25");
    EXPECT_EQ(code_of(reversal_of(wish), "0421"), "25");
    EXPECT_EQ(code_of(wish), "22");
    EXPECT_EQ(platform.balance(alice), 300'00);
}

TEST_F(DoorTest, GivesBackWhatWasPaid) {
    peer.sign_on();
    const Fields wish = till(100'00);
    ASSERT_EQ(code_of(wish), approved);
    Fields back = reversal_of(wish);
    back[3] = "200000";
    set_money(back, fen(30'00));
    EXPECT_EQ(code_of(back, "0220"), approved);
    EXPECT_EQ(code_of(back, "0220"), approved);  // A repeat.
    EXPECT_EQ(platform.balance(alice), 230'00);
    back[11] = "000998";
    set_money(back, fen(70'01));
    EXPECT_EQ(code_of(back, "0220"), "64");
    back[11] = "000997";
    back[90] = "0200000555" + back[90].substr(10);
    EXPECT_EQ(code_of(back, "0220"), "25");
    EXPECT_EQ(code_of(reversal_of(wish), "0420"), "22");  // Refunded: it can't be undone.
}

TEST_F(DoorTest, ChecksTheMacBeforeAnything) {
    EXPECT_EQ(code_of(till(1'00)), key_failure);
    peer.sign_on();
    Fields wish = till(100'00);
    WorkingKey wrong =
        *WorkingKey::make(crypto::BlockAlgorithm::triple_des, crypto::Secret(master_key), {});
    peer.say("0200", wish, &wrong);
    EXPECT_EQ(text_of(peer.hear("0210"), 39), mac_wrong);
    peer.say("0420", reversal_of(wish));
    EXPECT_EQ(text_of(peer.hear("0430"), 39), mac_wrong);
    EXPECT_EQ(platform.balance(alice), 300'00);
    EXPECT_EQ(platform.door().member(west)->status().mac_alarms, 2U);
    EXPECT_EQ(code_of(wish), approved);
}

TEST_F(DoorTest, TakesNoPaymentFromOneWhoSignedOff) {
    peer.sign_on();
    peer.say("0820",
             {
                 {7,  "0101000000"          },
                 {11, "000002"              },
                 {33, std::string(west_code)},
                 {70, "301"                 }
    });
    EXPECT_EQ(text_of(peer.hear("0830"), 39), approved);
    peer.say("0820",
             {
                 {7,  "0101000000"          },
                 {11, "000003"              },
                 {33, std::string(west_code)},
                 {70, "999"                 }
    });
    EXPECT_EQ(text_of(peer.hear("0830"), 39), "40");
    peer.say("0820",
             {
                 {7,  "0101000000"          },
                 {11, "000004"              },
                 {33, std::string(west_code)},
                 {70, "002"                 }
    });
    EXPECT_EQ(text_of(peer.hear("0830"), 39), approved);
    EXPECT_EQ(code_of(till(100'00)), "57");
    EXPECT_EQ(code_of(reversal_of(till(100'00)), "0420"), "25");
}

TEST_F(DoorTest, ChangesKeysWhenAsked) {
    peer.sign_on();
    WorkingKey old = std::move(*peer.key);
    peer.say("0820", {
                         {7,  "0101000000"          },
                         {11, "000002"              },
                         {33, std::string(west_code)},
                         {53, "2600000000000000"    },
                         {70, "101"                 }
    });
    EXPECT_EQ(text_of(peer.hear("0830"), 39), approved);
    peer.take_key();
    EXPECT_NE(peer.key->check_value(), old.check_value());
    EXPECT_EQ(code_of(till(100'00)), approved);
    peer.say("0200", till(1'00, "000102"), &old);
    EXPECT_EQ(text_of(peer.hear("0210"), 39), mac_wrong);
}

// The kind that a key request names is delivered, but never a weaker one.
TEST_F(DoorTest, DeliversKeysOfTheKindAskedFor) {
    peer.sign_on();
    const struct {
        const char* field_53;
        std::string_view want;
    } cases[] = {
        {"2400000000000000", "00"}, // SM4
        {"2000000000000000", "40"}, // single DES
        {"1600000000000000", "40"}, // a PIN key
        {"2900000000000000", "30"},
    };
    int stan = 10;
    for (const auto& c : cases) {
        peer.say("0820", {
                             {7,  "0101000000"                   },
                             {11, "0000" + std::to_string(++stan)},
                             {33, std::string(west_code)         },
                             {53, c.field_53                     },
                             {70, "101"                          }
        });
        EXPECT_EQ(text_of(peer.hear("0830"), 39), c.want) << c.field_53;
        if (c.want != approved) continue;
        peer.take_key();
        EXPECT_EQ(peer.key->algorithm, crypto::MacAlgorithm::sm4_cbc);
    }
    EXPECT_EQ(code_of(till(100'00)), approved);
}

// Whoever has a line speaks for the institution that the line serves, and for no other.
TEST_F(DoorTest, TakesALineForOneInstitution) {
    const ParticipantId north = platform.know("48020344", 0, false);
    peer.sign_on();
    Peer other(platform.listen_port, "48020344", east_code);
    other.sign_on();
    const Fields off{
        {7,  "0101000000"          },
        {11, "000005"              },
        {33, std::string(west_code)},
        {70, "002"                 }
    };
    Peer west_again(platform.listen_port, west_code, east_code);
    other.send(west_again.frame("0820", off));
    EXPECT_EQ(other.hear().substr(4 + 41, 5), "00055");
    EXPECT_TRUE(platform.door().member(west)->signed_on());
    EXPECT_TRUE(platform.door().member(north)->signed_on());
    EXPECT_EQ(platform.door().counters().misplaced, 1U);
    EXPECT_EQ(code_of(till(100'00)), approved);
}

// Nobody touches a member from where it may not call.
TEST(Strangers, GetNoLine) {
    TestClock clock;
    DoorOptions options;
    options.allow = *AllowList::parse({"192.0.2.0/24"});
    Platform platform(clock, east_code, options);
    const ParticipantId west = platform.know(west_code, 0, false);
    Peer stranger(platform.listen_port, west_code, east_code);
    EXPECT_EQ(stranger.hear(), "");
    EXPECT_EQ(platform.door().counters().strangers, 1U);
    EXPECT_EQ(platform.door().counters().frames, 0U);
    EXPECT_FALSE(platform.door().member(west)->signed_on());
}

TEST(Strangers, DoNotSpeakForOneWhoIsPinnedElsewhere) {
    TestClock clock;
    DoorOptions options;
    options.allow = *AllowList::parse({"127.0.0.0/8", "44190440@192.0.2.1"});
    Platform platform(clock, east_code, options);
    const ParticipantId west = platform.know(west_code, 0, false);
    Peer impostor(platform.listen_port, west_code, east_code);
    impostor.say("0820",
                 {
                     {7,  "0101000000"          },
                     {11, "000001"              },
                     {33, std::string(west_code)},
                     {70, "001"                 }
    });
    EXPECT_EQ(impostor.hear().substr(4 + 41, 5), "00055");
    EXPECT_FALSE(platform.door().member(west)->signed_on());
    EXPECT_EQ(platform.door().counters().misplaced, 1U);
}

TEST_F(DoorTest, RefusesWhatItsFieldsDoNotSay) {
    peer.sign_on();
    const struct {
        const char* name;
        std::function<void(Fields&)> change;
        std::string_view want;
    } cases[] = {
        {"no amount",        [](Fields& f) { f.erase(4); },                                           "30"},
        {"no currency",      [](Fields& f) { f[49] = "999"; },                                        "93"},
        {"unknown currency", [](Fields& f) { f[49] = "001"; },                                        "30"},
        {"not positive",     [](Fields& f) { f[4] = "000000000000"; },                                "13"},
        {"not a code",       [](Fields& f) { f[22] = "051"; },                                        "40"},
        {"another kind",     [](Fields& f) { f[3] = "010000"; },                                      "40"},
        {"no code",          [](Fields& f) { f.erase(2); },                                           "30"},
        {"unknown code",     [](Fields& f) { f[2] = "139999999999999999"; },                          "14"},
        {"too old",          [this](Fields& f) { f[7] = month_to_second(clock.now() - minutes(1)); }, "68"},
    };
    int stan = 200;
    for (const auto& c : cases) {
        Fields wish = till(1'00, "000" + std::to_string(++stan));
        c.change(wish);
        EXPECT_EQ(code_of(wish), c.want) << c.name;
    }
    EXPECT_EQ(platform.balance(alice), 300'00);
}

TEST_F(DoorTest, SendsBackWhatItCannotRead) {
    const std::string good = peer.frame("0200", till(1'00));
    const struct {
        const char* name;
        std::function<void(std::string&)> change;
        std::string_view want;
    } cases[] = {
        {"length byte", [](std::string& f) { f[4] = 1; },    "00015"},
        {"version",     [](std::string& f) { f[5] = 9; },    "00025"},
        {"destination", [](std::string& f) { f[10] = '9'; }, "00045"},
        {"source",      [](std::string& f) { f[21] = '9'; }, "00055"},
        {"type",        [](std::string& f) { f[50] = '9'; }, "00105"},
    };
    for (const auto& c : cases) {
        std::string bad = good;
        c.change(bad);
        peer.send(bad);
        const std::string back = peer.hear();
        ASSERT_EQ(back.size(), bad.size() + 46) << c.name;
        EXPECT_EQ(back.substr(4 + 41, 5), c.want) << c.name;
        EXPECT_EQ(back.substr(4 + 46), bad.substr(4)) << c.name;
    }
    std::string bad = good;
    bad[4 + 46 + 4 + 8 + 5] = 'x';  // Within field 2.
    peer.send(bad);
    const Fields answer = peer.hear("0210");
    EXPECT_EQ(answer, (Fields{
                          {39, "30"}
    }));
}

TEST_F(DoorTest, DropsALineThatSendsNoFrames) {
    Peer endless(platform.listen_port, west_code, east_code);
    endless.send("9999");
    EXPECT_EQ(endless.hear(), "");
    Peer nonsense(platform.listen_port, west_code, east_code);
    nonsense.send("GET / HTTP/1.1\r\n");
    EXPECT_EQ(nonsense.hear(), "");
    {
        Peer cut(platform.listen_port, west_code, east_code);
        cut.send("0100");
    }
    peer.send("0000");
    peer.sign_on();  // Others are not disturbed.
    EXPECT_EQ(code_of(till(100'00)), approved);
}

TEST_F(DoorTest, AnswersOverAnotherLineWhenTheFirstIsGone) {
    peer.sign_on();
    {
        Peer other(platform.listen_port, west_code, east_code);
        other.say("0200", till(100'00), &*peer.key);
        EXPECT_EQ(text_of(other.hear("0210"), 39), approved);
    }
    EXPECT_EQ(code_of(till(100'00)), approved);  // The stored answer, on this line.
    EXPECT_EQ(platform.balance(alice), 200'00);
}

}  // namespace
}  // namespace huitong::gateway::iso8583
