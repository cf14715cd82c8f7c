#include "gateway/institution/sessions.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "gateway/institution/keys.hpp"

namespace huitong::gateway::institution {
namespace {

constexpr Instant now{1'790'000'000'000};
constexpr ParticipantId west{61}, east{62};

LinkSession session(std::string name, ParticipantId whose = west) {
    return {.name = std::move(name),
            .participant = whose,
            .mac = Scheme::hmac_sha256,
            .key = crypto::Secret("Jefe"),
            .expires_at = now + hours(24)};
}

TEST(SessionTable, KeepsSessionsUntilTheirEnd) {
    SessionTable table;
    const LinkSessionPtr first = table.open(session("a"));
    table.open(session("b"));
    table.open(session("c", east));
    EXPECT_EQ(table.open(session("a")), first);  // A repeat.
    EXPECT_EQ(table.find("a", now + hours(24) - milliseconds(1)), first);
    EXPECT_EQ(table.find("a", now + hours(24)), nullptr);
    EXPECT_EQ(table.find("x", now), nullptr);
    EXPECT_EQ(table.end(east, "a"), 0U);
    EXPECT_EQ(table.end(west, "a"), 1U);
    EXPECT_EQ(table.find("a", now), nullptr);
    EXPECT_EQ(table.end_all(west), 1U);
    EXPECT_EQ(table.size(), 1U);
}

TEST(SessionTable, EndsTheOldestOfAParticipantThatHasTooMany) {
    SessionTable table(2);
    table.open(session("other", east));
    for (const char* name : {"a", "b", "c"}) table.open(session(name));
    EXPECT_EQ(table.find("a", now), nullptr);
    EXPECT_NE(table.find("b", now), nullptr);
    EXPECT_NE(table.find("c", now), nullptr);
    EXPECT_NE(table.find("other", now), nullptr);
    EXPECT_EQ(table.size(), 3U);
}

// RFC 4231, test case 2.
TEST(LinkSession, MacsUnderItsKey) {
    const std::string mac =
        *crypto::from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const LinkSession one = session("a");
    EXPECT_EQ(one.mac_of("what do ya want for nothing?"), mac);
    EXPECT_TRUE(one.holds("what do ya want for nothing?", mac));
    EXPECT_FALSE(one.holds("what do ya want for nothing!", mac));
    EXPECT_FALSE(one.holds("what do ya want for nothing?", mac.substr(0, 31)));
    LinkSession sm3 = session("b");
    sm3.mac = Scheme::hmac_sm3;
    EXPECT_NE(sm3.mac_of("what do ya want for nothing?"), mac);
}

TEST(OwnKeys, SignWithTheLastAndStillKnowThoseBefore) {
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
    OwnKeys keys({.serial = "0A", .key = key});
    keys.change({.serial = "0B", .key = key});
    EXPECT_EQ(keys.current()->serial, "0B");
    EXPECT_EQ(keys.find("A")->serial, "0A");  // However a library prints it.
    EXPECT_EQ(keys.find("0C"), nullptr);
    EXPECT_EQ(keys.find("no serial"), nullptr);
    keys.change({.serial = "0A", .key = key});
    EXPECT_EQ(keys.current()->serial, "0A");
    for (const char* serial : {"0C", "0D", "0E"}) keys.change({.serial = serial, .key = key});
    EXPECT_EQ(keys.find("0B"), nullptr);  // Long past.
}

}  // namespace
}  // namespace huitong::gateway::institution
