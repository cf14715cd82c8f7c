#include "gateway/iso8583/exchange.hpp"

#include <gtest/gtest.h>

#include "crypto/random.hpp"
#include "gateway/iso8583/lines/dialler.hpp"
#include "gateway/iso8583/lines/frame_reader.hpp"
#include "gateway/iso8583/working_keys.hpp"

namespace huitong::gateway::iso8583 {
namespace {

TEST(Pending, GivesEachAnswerToWhoWaitsForIt) {
    Pending pending(2);
    std::vector<std::string> ended;
    const auto wait = [&](const std::string& key, std::int64_t until) {
        Answered done = [&ended, key](const Result<Answer>& answer) {
            ended.push_back(key + (answer ? " answered" : " lost"));
        };
        return pending.add(key, 0, until, done);
    };
    EXPECT_TRUE(wait("a", 100));
    EXPECT_EQ(wait("a", 100).error(), Error::id_taken);
    EXPECT_TRUE(wait("b", 50));
    EXPECT_EQ(wait("c", 50).error(), Error::overloaded);
    EXPECT_TRUE(pending.expired(49).empty());
    for (Answered& done : pending.expired(50)) done(refuse(Error::peer_timeout));
    EXPECT_FALSE(pending.take("b"));
    auto taken = pending.take("a");
    ASSERT_TRUE(taken);
    taken->done(Answer{});
    EXPECT_EQ(pending.size(), 0U);
    EXPECT_TRUE(pending.expired(1'000).empty());
    EXPECT_EQ(ended, (std::vector<std::string>{"b lost", "a answered"}));
}

TEST(Given, KnowsARepeatFromAReuse) {
    using enum Given::Is;
    Given given(2);
    EXPECT_EQ(given.see("a", "1").is, fresh);
    EXPECT_EQ(given.see("a", "1").is, under_way);
    EXPECT_EQ(given.see("a", "2").is, other);
    given.answered("a", "yes");
    EXPECT_EQ(given.see("a", "1").is, answered);
    EXPECT_EQ(given.see("a", "1").answer, "yes");
    given.forget("a");
    EXPECT_EQ(given.see("a", "1").is, fresh);  // The second of two that are kept.
    EXPECT_EQ(given.see("b", "1").is, fresh);
    EXPECT_EQ(given.see("a", "1").is, under_way);
    EXPECT_EQ(given.see("c", "1").is, fresh);
    EXPECT_EQ(given.see("b", "1").is, under_way);
    EXPECT_EQ(given.see("a", "2").is, fresh);  // It was the oldest.
}

TEST(FrameReader, KeepsOneFrameAtMost) {
    const auto& dialect = *wire::iso8583::builtin_dialect("cups");
    FrameReader reader(dialect);
    std::vector<std::string> frames;
    const auto see = [&](std::string_view frame) {
        frames.emplace_back(frame);
        return true;
    };
    for (const char byte : std::string_view("00000003abc00000002de0004f"))
        EXPECT_TRUE(reader.feed({&byte, 1}, see));
    EXPECT_EQ(frames, (std::vector<std::string>{"0003abc", "0002de"}));
    EXPECT_EQ(reader.pending(), 5U);
    EXPECT_TRUE(reader.feed("ghi0001j0000", see));
    EXPECT_EQ(frames.back(), "0001j");
    EXPECT_EQ(reader.pending(), 0U);
    EXPECT_EQ(reader.feed("1939", see).error().code, wire::iso8583::FaultCode::frame_too_long);
    EXPECT_EQ(FrameReader(dialect).feed("12x4", see).error().code,
              wire::iso8583::FaultCode::frame_length);
}

class KeysTest : public ::testing::Test {
protected:
    static constexpr Instant start{1'790'000'000'000};

    WorkingKey fresh() {
        return *WorkingKey::make(crypto::BlockAlgorithm::triple_des, crypto::random_secret(16),
                                 start);
    }
    // A message under this key. `algorithm`: of field 60.3, if not empty.
    const wire::iso8583::Message& under(WorkingKey& key, const std::string& algorithm = {}) {
        builder_.start(*wire::iso8583::Mti::parse("0200"));
        EXPECT_TRUE(builder_.add(4, "000000000100"));
        if (!algorithm.empty()) {
            EXPECT_TRUE(builder_.add(60, std::string(20, '0') + algorithm));
        }
        std::string buffer;
        EXPECT_TRUE(add_mac(builder_, key.mac, buffer));
        return builder_.message();
    }

    wire::iso8583::Builder builder_{*wire::iso8583::builtin_dialect("cups")};
};

TEST_F(KeysTest, TravelUnderTheMasterKeyInEveryKind) {
    using enum crypto::BlockAlgorithm;
    const crypto::Secret master = crypto::random_secret(16);
    for (const auto kind : {des, triple_des, sm4}) {
        auto sent = deliver_key(master, kind, start);
        ASSERT_TRUE(sent);
        const auto got = received_key(master, sent->fields, start);
        ASSERT_TRUE(got);
        EXPECT_EQ(got->check_value(), sent->key.check_value());
        EXPECT_EQ(got->algorithm, sent->key.algorithm);
        const auto other = received_key(crypto::random_secret(16), sent->fields, start);
        EXPECT_TRUE(!other || other->check_value() != sent->key.check_value());
        Fields pin = sent->fields;
        pin[53][0] = '1';
        EXPECT_EQ(received_key(master, pin, start).error(), Error::not_permitted);
        Fields cut = sent->fields;
        cut.erase(kind == des ? 96U : 48U);
        EXPECT_FALSE(received_key(master, cut, start));
    }
}

// Section 5: field 60.3 says by which algorithm the MAC was made.
TEST_F(KeysTest, AreForTheAlgorithmThatTheMessageNames) {
    using enum crypto::BlockAlgorithm;
    const struct {
        crypto::BlockAlgorithm kind;
        const char* named;
        bool want;
    } cases[] = {
        {triple_des, "",  true }, // cut short: the key tells
        {triple_des, "0", true },
        {triple_des, "4", false},
        {des,        "4", false},
        {sm4,        "",  true },
        {sm4,        "4", true },
        {sm4,        "0", false},
    };
    for (const auto& c : cases) {
        const crypto::Secret secret = crypto::random_secret(crypto::key_bytes(c.kind));
        WorkingKey own = *WorkingKey::make(c.kind, secret, start);
        WorkingKeys keys;
        keys.offer(*WorkingKey::make(c.kind, secret, start));
        keys.activate(start);
        EXPECT_EQ(keys.verify(under(own, c.named), start), c.want) << c.named;
        const std::string kind = field_53_of(c.kind);
        EXPECT_EQ(kind_of(kind), c.kind) << kind;
    }
    EXPECT_EQ(kind_of("1600000000000000").error(), Error::not_permitted);
    EXPECT_EQ(kind_of("2700000000000000").error(), Error::field_format);
    EXPECT_EQ(kind_of("26").error(), Error::field_format);
}

// Section 11: the old key serves 60 s more, or until the first right MAC under the new one.
TEST_F(KeysTest, ChangeWithoutLosingWhatIsOnItsWay) {
    WorkingKeys keys;
    std::vector<WorkingKey> own;  // The other side's copies.
    const auto secret = [&] { return crypto::random_secret(16); };
    const auto add = [&] {
        const crypto::Secret key = secret();
        own.push_back(*WorkingKey::make(crypto::BlockAlgorithm::triple_des, key, start));
        keys.offer(*WorkingKey::make(crypto::BlockAlgorithm::triple_des, key, start));
    };
    own.reserve(3);
    add();
    EXPECT_FALSE(keys.active());
    EXPECT_TRUE(keys.verify(under(own[0]), start));  // It came before the word that it was taken.
    EXPECT_TRUE(keys.active());
    add();
    keys.activate(start);
    EXPECT_TRUE(keys.verify(under(own[0]), start + seconds(59)));
    EXPECT_FALSE(keys.verify(under(own[0]), start + seconds(60)));
    EXPECT_TRUE(keys.verify(under(own[1]), start + seconds(1)));
    EXPECT_FALSE(keys.verify(under(own[0]), start + seconds(1)));
    WorkingKey stranger = fresh();
    EXPECT_FALSE(keys.verify(under(stranger), start));
}

}  // namespace
}  // namespace huitong::gateway::iso8583
