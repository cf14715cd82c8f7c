#include "crypto/key.hpp"

#include <gtest/gtest.h>

namespace huitong::crypto {
namespace {

constexpr KeyAlgorithm families[] = {KeyAlgorithm::rsa, KeyAlgorithm::sm2};

TEST(Key, OfEitherFamilySignsAndOpens) {
    for (const KeyAlgorithm family : families) {
        const PrivateKey key = PrivateKey::generate(family);
        const PublicKey open_key = key.public_key();
        EXPECT_EQ(key.algorithm(), family);
        EXPECT_EQ(open_key.algorithm(), family);
        EXPECT_TRUE(open_key.verify("message", key.sign("message")));
        EXPECT_FALSE(open_key.verify("massage", key.sign("message")));
        const auto sealed = open_key.encrypt("110101199003074514");
        ASSERT_TRUE(sealed);
        EXPECT_EQ(key.decrypt(*sealed)->expose(), "110101199003074514");
        EXPECT_EQ(key.decrypt(*sealed + "x").error(), Error::decryption_failed);
    }
}

TEST(Key, IsOfTheFamilyThatItsTextNames) {
    for (const KeyAlgorithm family : families) {
        const PrivateKey key = PrivateKey::generate(family);
        const Secret texts[] = {key.to_pem(), key.to_der()};
        for (const Secret& text : texts) {
            const auto loaded = PrivateKey::load(text.expose());
            ASSERT_TRUE(loaded);
            EXPECT_EQ(loaded->algorithm(), family);
            EXPECT_EQ(loaded->public_key(), key.public_key());
            EXPECT_EQ(loaded->rsa() != nullptr, family == KeyAlgorithm::rsa);
            EXPECT_EQ(loaded->sm2() != nullptr, family == KeyAlgorithm::sm2);
        }
        for (const std::string& text : {key.public_key().to_pem(), key.public_key().to_der()}) {
            const auto loaded = PublicKey::load(text);
            ASSERT_TRUE(loaded);
            EXPECT_EQ(*loaded, key.public_key());
            EXPECT_EQ(loaded->rsa() != nullptr, family == KeyAlgorithm::rsa);
            EXPECT_EQ(loaded->sm2() != nullptr, family == KeyAlgorithm::sm2);
        }
    }
}

TEST(Key, OfOneFamilyIsNeverTakenForTheOther) {
    const PrivateKey rsa = PrivateKey::generate(KeyAlgorithm::rsa);
    const PrivateKey sm2 = PrivateKey::generate(KeyAlgorithm::sm2);
    EXPECT_FALSE(rsa.public_key() == sm2.public_key());
    EXPECT_FALSE(rsa.public_key().verify("message", sm2.sign("message")));
    EXPECT_FALSE(sm2.public_key().verify("message", rsa.sign("message")));
    EXPECT_FALSE(rsa.decrypt(*sm2.public_key().encrypt("text")));
    EXPECT_FALSE(sm2.decrypt(*rsa.public_key().encrypt("text")));
    EXPECT_EQ(PublicKey::load("neither").error(), Error::key_invalid);
    EXPECT_EQ(PrivateKey::load("neither").error(), Error::key_invalid);
}

// The two schemes of the merchant contract, which the key alone decides.
TEST(Key, SignsAsItsFamilyDoes) {
    const RsaPrivateKey rsa = RsaPrivateKey::generate();
    const Sm2PrivateKey sm2 = Sm2PrivateKey::generate();
    EXPECT_EQ(PrivateKey(rsa).sign("message"), rsa.sign("message"));
    EXPECT_TRUE(sm2.public_key().verify("message", PrivateKey(sm2).sign("message"), Sm2Scheme{}));
}

}  // namespace
}  // namespace huitong::crypto
