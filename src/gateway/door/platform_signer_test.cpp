#include "gateway/door/platform_signer.hpp"

#include <gtest/gtest.h>
#include <map>

#include "crypto/bytes.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::gateway::door {
namespace {

using acquiring::KeyMode;
using acquiring::PlatformKey;

constexpr Instant now{1'700'000'000'000};
constexpr std::string_view first_id = "PUB_KEY_ID_0000000000000000000000000001";

PlatformKey key_of(std::uint64_t n, Instant not_before, Instant not_after, bool revoked = false) {
    return {
        .terms = {.id = {n},
                  .serial = "0A0" + std::to_string(n),
                  .public_key_id = "PUB_KEY_ID_000000000000000000000000000" + std::to_string(n),
                  .not_before = not_before,
                  .not_after = not_after},
        .state = {.revoked = revoked}
    };
}

Registry<PlatformKey> keys_of(const std::vector<PlatformKey>& keys) {
    Registry<PlatformKey> registry;
    for (const PlatformKey& key : keys) registry.load(key);
    return registry;
}

std::string chosen(const Registry<PlatformKey>& keys, std::string_view requested, KeyMode mode) {
    const auto choice =
        choose_platform_key(keys, {.requested = requested, .mode = mode, .now = now});
    return choice ? choice->name : "none";
}

TEST(ChoosePlatformKey, FollowsTheRequestThenTheMode) {
    const auto keys = keys_of(
        {key_of(1, now - days(300), now + days(60)), key_of(2, now - days(1), now + days(1800))});
    struct Case {
        std::string_view requested;
        KeyMode mode;
        std::string_view want;
    };
    const Case cases[] = {
        {"",         KeyMode::certificate, "0A01"  },
        {"",         KeyMode::public_key,  first_id},
        {"0A02",     KeyMode::public_key,  "0A02"  },
        {"a02",      KeyMode::public_key,  "0A02"  },
        {first_id,   KeyMode::certificate, first_id},
        {"FFFF",     KeyMode::certificate, "0A01"  },
        {"not hex!", KeyMode::public_key,  first_id},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.requested);
        EXPECT_EQ(chosen(keys, c.requested, c.mode), c.want);
    }
}

TEST(ChoosePlatformKey, MovesOverInTheLastFiveDays) {
    const PlatformKey next = key_of(2, now - days(5), now + days(1800));
    const auto before = keys_of({key_of(1, now - days(300), now + days(5)), next});
    EXPECT_EQ(chosen(before, "", KeyMode::certificate), "0A01");
    const auto after = keys_of({key_of(1, now - days(300), now + days(5) - milliseconds(1)), next});
    EXPECT_EQ(chosen(after, "", KeyMode::certificate), "0A02");
    EXPECT_EQ(chosen(after, "0A01", KeyMode::certificate), "0A01");  // Still ours, if asked for.
}

TEST(ChoosePlatformKey, UsesOnlyWhatIsInForce) {
    const auto keys = keys_of(
        {key_of(1, now - days(9), now - days(1)), key_of(2, now + days(1), now + days(9)),
         key_of(3, now - days(1), now + days(900), true), key_of(4, now - days(9), now + days(1))});
    EXPECT_EQ(chosen(keys, "", KeyMode::certificate), "0A04");
    EXPECT_EQ(chosen(keys, "0A03", KeyMode::certificate), "0A04");
    EXPECT_EQ(chosen(keys_of({}), "", KeyMode::certificate), "none");
}

TEST(SignatureHeaders, CarryASignatureOverTheBodyInTheContractsSpelling) {
    const auto key = crypto::RsaPrivateKey::generate();
    const HeaderList list = signature_headers("{}", key, "0A01", now);
    const std::map<std::string, std::string> headers(list.begin(), list.end());
    ASSERT_EQ(headers.size(), 5U);
    EXPECT_EQ(headers.at("Wechatpay-Serial"), "0A01");
    EXPECT_EQ(headers.at("Wechatpay-Signature-Type"), "WECHATPAY2-SHA256-RSA2048");
    EXPECT_EQ(headers.at("Wechatpay-Nonce").size(), 32U);
    const std::string signed_text = "1700000000\n" + headers.at("Wechatpay-Nonce") + "\n{}\n";
    EXPECT_EQ(headers.at("Wechatpay-Timestamp"), "1700000000");
    EXPECT_TRUE(key.public_key().verify(signed_text,
                                        *crypto::from_base64(headers.at("Wechatpay-Signature"))));
}

TEST(SignatureProbe, SpoilsOneOfSoManySignatures) {
    const HeaderList good = {
        {"Wechatpay-Nonce", "n"},
        {"Wechatpay-Signature", std::string(344, 'A')}
    };
    SignatureProbe never(0);
    SignatureProbe third(3);
    int spoiled = 0;
    for (int i = 0; i < 9; ++i) {
        HeaderList headers = good;
        never.pass(headers);
        EXPECT_EQ(headers, good);
        third.pass(headers);
        if (headers == good) continue;
        ++spoiled;
        EXPECT_EQ(i % 3, 2);
        EXPECT_EQ(headers[0], good[0]);
        EXPECT_EQ(headers[1].second, "WECHATPAY/SIGNTEST/" + std::string(325, 'A'));
    }
    EXPECT_EQ(spoiled, 3);
}

}  // namespace
}  // namespace huitong::gateway::door
