#include "gateway/door/key_ring.hpp"

#include <gtest/gtest.h>

#include "gateway/door/sealing.hpp"

namespace huitong::gateway::door {
namespace {

using acquiring::Merchant;
using acquiring::PlatformKey;

constexpr std::string_view apiv3_key = "0123456789abcdefghijABCDEFGHIJ01";

struct Fixture {
    crypto::MasterKey master{crypto::SealingKey::generate()};
    KeyRing ring{master};

    [[nodiscard]] Sealed seal(std::string_view context, std::string_view text) const {
        return {master.seal(context, text)};
    }
};

Merchant merchant() {
    return {
        .terms = {.id = {5}, .mchid = "1900000001"},
          .state = {}
    };
}

TEST(KeyRing, OpensAnApiv3KeyAndSeesThatItChanged) {
    Fixture f;
    Merchant m = merchant();
    EXPECT_EQ(f.ring.apiv3_key(m).error(), Error::merchant_key_missing);
    m.state.apiv3_key = f.seal(apiv3_key_context("1900000001"), apiv3_key);
    ASSERT_TRUE(f.ring.apiv3_key(m).has_value());
    EXPECT_EQ((*f.ring.apiv3_key(m))->expose(), apiv3_key);
    const std::string other(32, 'z');
    m.state.apiv3_key = f.seal(apiv3_key_context("1900000001"), other);
    EXPECT_EQ((*f.ring.apiv3_key(m))->expose(), other);
}

TEST(KeyRing, RefusesAnApiv3KeyThatIsAnothersOrIsNone) {
    Fixture f;
    Merchant m = merchant();
    m.state.apiv3_key = f.seal(apiv3_key_context("1900000002"), apiv3_key);
    EXPECT_EQ(f.ring.apiv3_key(m).error(), Error::decryption_failed);
    m.state.apiv3_key = f.seal(apiv3_key_context("1900000001"), "too short");
    EXPECT_EQ(f.ring.apiv3_key(m).error(), Error::key_invalid);
}

TEST(KeyRing, KeepsPlatformKeysThatSign) {
    Fixture f;
    const auto pair = crypto::RsaPrivateKey::generate();
    PlatformKey key{
        .terms = {.id = {9}, .serial = "0A1B"},
          .state = {}
    };
    key.terms.private_key = f.seal(platform_key_context("0A1B"), pair.to_pem().expose());
    for (int again = 0; again < 2; ++again) {
        const auto loaded = f.ring.platform_key(key);
        ASSERT_TRUE(loaded.has_value());
        EXPECT_TRUE(pair.public_key().verify("m", loaded->sign("m")));
    }
    PlatformKey moved = key;
    moved.terms.id = {10};
    moved.terms.serial = "0A1C";
    EXPECT_EQ(f.ring.platform_key(moved).error(), Error::decryption_failed);
}

TEST(KeyRing, RefusesAMerchantKeyThatIsNone) {
    Fixture f;
    const acquiring::MerchantKey key{
        .terms = {.id = {3}, .public_key_pem = "nothing"},
          .state = {}
    };
    EXPECT_EQ(f.ring.merchant_key(key).error(), Error::key_invalid);
}

TEST(Recent, ForgetsTheLeastUsedHalf) {
    Recent<int, int> cache(2);
    cache.put(1, 10);
    cache.put(2, 20);
    cache.put(3, 30);  // 1 and 2 grow old.
    EXPECT_EQ(cache.find(1), 10);
    cache.put(4, 40);  // 3 and 1 grow old, 2 is forgotten.
    EXPECT_EQ(cache.find(2), std::nullopt);
    EXPECT_EQ(cache.find(1), 10);
    EXPECT_EQ(cache.find(3), 30);
    EXPECT_EQ(cache.find(4), 40);
}

}  // namespace
}  // namespace huitong::gateway::door
