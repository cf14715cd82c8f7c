#include "crypto/digest.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

// FIPS 180-4 and GB/T 32905-2016, appendix A.
TEST(Digest, AgreesWithTheStandards) {
    EXPECT_EQ(to_hex(as_text(sha1("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(to_hex(as_text(sha256("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(as_text(sha256(""))),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(as_text(sm3("abc"))),
              "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    std::string message;
    for (int i = 0; i < 16; ++i) message += "abcd";
    EXPECT_EQ(to_hex(as_text(sm3(message))),
              "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

// RFC 4231, cases 1, 2 and 6, and an empty key.
TEST(HmacSha256, AgreesWithRfc4231) {
    const struct {
        std::string key, message, mac;
    } cases[] = {
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    for (const auto& c : cases) {
        const Secret key(c.key);
        EXPECT_EQ(to_hex(as_text(hmac_sha256(key, c.message))), c.mac);
        Hmac keyed(DigestAlgorithm::sha256, key);
        EXPECT_NE(keyed.mac("another message first"), keyed.mac(c.message));
        EXPECT_EQ(to_hex(as_text(keyed.mac(c.message))), c.mac);
        EXPECT_TRUE(keyed.verify(c.message, *from_hex(c.mac)));
        EXPECT_FALSE(keyed.verify(c.message + "!", *from_hex(c.mac)));
        EXPECT_FALSE(keyed.verify(c.message, from_hex(c.mac)->substr(1)));
    }
}

// GM/T 0042-2015, annex D.3.
TEST(HmacSm3, AgreesWithItsStandard) {
    const Secret key(std::string(32, '\x0b'));
    constexpr std::string_view mac =
        "c0ba18c68b90c88bc07de794bfc7d2c8d19ec31ed8773bc2b390c9604e0be11e";
    EXPECT_EQ(to_hex(as_text(hmac_sm3(key, "Hi There"))), mac);
    Hmac keyed(DigestAlgorithm::sm3, key);
    EXPECT_NE(keyed.mac("another message first"), keyed.mac("Hi There"));
    EXPECT_TRUE(keyed.verify("Hi There", *from_hex(mac)));
    EXPECT_FALSE(keyed.verify("Hi There!", *from_hex(mac)));
    EXPECT_FALSE(keyed.verify("Hi There", from_hex(mac)->substr(0, 16)));
    Hmac other(DigestAlgorithm::sha256, key);
    EXPECT_FALSE(other.verify("Hi There", *from_hex(mac)));
}

RC_GTEST_PROP(RunningDigest, PartsEqualTheWhole, (const std::vector<std::string>& parts)) {
    RunningDigest running_sha256 = RunningDigest::sha256();
    RunningDigest running_sm3 = RunningDigest::sm3();
    for (int round = 0; round < 2; ++round) {  // finish() starts anew.
        std::string whole;
        for (const std::string& part : parts) {
            whole += part;
            running_sha256.update(part);
            running_sm3.update(part);
        }
        RC_ASSERT((running_sha256.finish() == sha256(whole)));
        RC_ASSERT((running_sm3.finish() == sm3(whole)));
    }
}

TEST(Digest, ThreadsDoNotDisturbEachOther) {
    const Digest256 wanted = sha256("same");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&wanted] {
            for (int n = 0; n < 1'000; ++n) {
                ASSERT_EQ(sha256("same"), wanted);
                ASSERT_NE(sm3("same"), wanted);
            }
        });
}

}  // namespace
}  // namespace huitong::crypto
