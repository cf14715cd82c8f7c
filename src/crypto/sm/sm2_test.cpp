#include "crypto/sm/sm2.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/pem.hpp"
#include "crypto/random.hpp"
#include "crypto/sm/sm2_model_test.hpp"

namespace huitong::crypto {
namespace {

const Sm2PrivateKey& key() {
    static const Sm2PrivateKey made = Sm2PrivateKey::generate();
    return made;
}

// Nothing prints a private key by accident.
static_assert(!fmt::is_formattable<Sm2PrivateKey>::value);

// Made by the openssl program: on the curve P-256, and on SM2's with its parameters written out.
constexpr std::string_view p256_private =
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCYFkzv+A6cgcXij3w/IFs9rS3lj+vBlE7VYcEGP6cfOh"
    "RANCAAREsSlhCUUjWKsCeRDUfr5ifZ3UbqKkUBIlaOlDO8yFMJ/G0TSJJNazWTn/WQDMy54ohgXxKsdVFgAQCc+Lg3HN";

constexpr std::string_view explicit_private =
    "MIIBYQIBADCB7AYHKoZIzj0CATCB4AIBATAsBgcqhkjOPQEBAiEA/////v////////////////////8AAAAA//////////"
    "8w"
    "RAQg/////v////////////////////8AAAAA//////////"
    "wEICjp+p6dn140TVqeS89lCafzl4n1FauPkt28vUFNlA6TBEEE"
    "MsSuLB8ZgRlfmQRGajnJlI/jC7/yZgvhcVpFiTNMdMe8Nzai9PZ3nFm9zuNraSFT0KmHfMYqR0AC3zLlITnwoAIhAP////"
    "7/"
    "//////////////"
    "9yA99rIcYFK1O79Ak51UEjAgEBBG0wawIBAQQgfoD4rLnXggNF6g2FwBpUrohHtTu1ICcmdx0cZQiX+H6h"
    "RANCAARi9CYT//HjP/y7ycq67+ulZPrgTG4ixbOfqCEAPzrxq4YqVloJxfIcrgbgv/2fsvvOOYBs+jeUc1s5W160MuUl";
// SEC 1, which the openssl program writes as DER, and its number.
constexpr std::string_view sec1_private =
    "3077020101042071d3ff17e3323bff3c6bbe5e352ac402105457807c614b94c107efdcb5f5d936a00a06082a811ccf"
    "55"
    "01822da144034200041b3ec5bc1b27c425952964b03d21c51f24ebfa74061c0f0dac2f3e20a5a4053098db289e136d"
    "a2"
    "2c106987d9dabe5f8b8cbefe4c490cd1c5ce49a1d4ff49e6bd";

TEST(Sm2Keys, SurviveTheirTextForms) {
    const Sm2PublicKey open_key = key().public_key();
    EXPECT_EQ(Sm2PublicKey::load(open_key.to_pem()), open_key);
    EXPECT_EQ(Sm2PublicKey::load(open_key.to_der()), open_key);
    EXPECT_EQ(Sm2PublicKey::from_point(open_key.point()), open_key);
    EXPECT_EQ(Sm2PublicKey::from_coordinates(open_key.point().substr(1)), open_key);
    const auto from_text = Sm2PrivateKey::load(key().to_pem().expose());
    const auto from_der = Sm2PrivateKey::load(key().to_der().expose());
    const auto from_number = Sm2PrivateKey::from_number(key().number());
    ASSERT_TRUE(from_text && from_der && from_number);
    for (const auto& again : {*from_text, *from_der, *from_number}) {
        EXPECT_EQ(again.public_key(), open_key);
        EXPECT_TRUE(again.number() == key().number());
    }
    EXPECT_FALSE(Sm2PrivateKey::generate().public_key() == open_key);
}

TEST(Sm2Keys, RefuseWhatIsNoKeyOfOurs) {
    const std::string der = key().public_key().to_der();
    const std::string private_der(key().to_der().expose());
    for (const std::string& bad :
         {std::string(), std::string("key"), der + '\0', der.substr(1),
          der.substr(0, der.size() - 1), private_der, std::string(100'000, '0')})
        EXPECT_EQ(Sm2PublicKey::load(bad), refuse(Error::key_invalid)) << bad.size();
    for (const std::string& bad :
         {std::string(), std::string("key"), *from_base64(p256_private),
          *from_base64(explicit_private), private_der + '\0', der,
          private_der.substr(0, private_der.size() - 1), key().public_key().to_pem(),
          to_pem("ENCRYPTED PRIVATE KEY", private_der), to_pem("RSA PRIVATE KEY", private_der)})
        EXPECT_EQ(Sm2PrivateKey::load(bad).error(), Error::key_invalid) << bad.size();
    for (const std::size_t size : {0U, 31U, 33U, 64U})
        EXPECT_EQ(Sm2PrivateKey::from_number(Secret(std::string(size, 'd'))).error(),
                  Error::key_invalid);
}

TEST(Sm2Keys, AreReadFromSec1OnlyWithTheirCurve) {
    const std::string der = *from_hex(sec1_private);
    const auto loaded = Sm2PrivateKey::load(der);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(to_hex(loaded->number().expose()), sec1_private.substr(14, 64));
    // Without the curve it could be a number for any other of 256 bits.
    std::string bare = der.substr(0, 39) + der.substr(51);
    bare[1] = static_cast<char>(bare.size() - 2);
    EXPECT_EQ(Sm2PrivateKey::load(bare).error(), Error::key_invalid);
}

// Of our own PKCS#8 each byte but the number's is fixed or checked against it.
TEST(Sm2Keys, RefuseAPrivateKeyWithAnyOtherByteInItsFrame) {
    const std::string der(key().to_der().expose());
    constexpr std::size_t number_at = 36;
    for (std::size_t at = 0; at < der.size(); ++at) {
        if (at >= number_at && at < number_at + 32) continue;
        std::string changed = der;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(Sm2PrivateKey::load(changed)) << at;
    }
    std::string other_number = der;
    other_number[number_at + 31] = static_cast<char>(other_number[number_at + 31] ^ 1);
    EXPECT_EQ(Sm2PrivateKey::load(other_number).error(), Error::key_invalid);
}

TEST(Sm2Signature, IsMadeUnderTheDefaultUserId) {
    const std::string signature = key().sign("message");
    const auto named = Sm2UserId::make("1234567812345678");
    EXPECT_TRUE(key().public_key().verify("message", signature, {.user_id = *named}));
    EXPECT_FALSE(
        key().public_key().verify("message", signature, {.user_id = *Sm2UserId::make("")}));
}

TEST(Sm2Signature, TakesUserIdsThatTheirLengthCanSay) {
    EXPECT_TRUE(Sm2UserId::make(std::string(8'191, 'i')));
    EXPECT_EQ(Sm2UserId::make(std::string(8'192, 'i')).error(), Error::field_range);
}

// Each scheme by the model, which knows neither our code nor OpenSSL's.
TEST(Sm2Signature, IsMadeOverWhatTheSchemeSays) {
    const Sm2Model model;
    const std::string point = key().public_key().point();
    const std::string z = model.z("1234567812345678", {point.substr(1, 32), point.substr(33)});
    const std::string hashed(as_text(sm3("message")));
    const struct {
        Sm2Scheme scheme;
        std::string digested;
    } cases[] = {
        {{.prehash = Sm2Prehash::none},                       z + "message"     },
        {{.prehash = Sm2Prehash::sm3_bytes},                  z + hashed        },
        {{.prehash = Sm2Prehash::sm3_hex},                    z + to_hex(hashed)},
        {{.prehash = Sm2Prehash::none, .with_z = false},      "message"         },
        {{.prehash = Sm2Prehash::sm3_bytes, .with_z = false}, hashed            },
        {{.prehash = Sm2Prehash::sm3_hex, .with_z = false},   to_hex(hashed)    },
    };
    const std::string d(key().number().expose());
    for (const auto& c : cases) {
        SCOPED_TRACE(to_hex(c.digested));
        Sm2Scheme scheme = c.scheme;
        scheme.form = Sm2SignatureForm::raw;
        const std::string made = key().sign("message", scheme);
        EXPECT_EQ(model.sign(d, as_text(sm3(c.digested)), model.k_of(d, made)), made);
        EXPECT_TRUE(key().public_key().verify("message", made, scheme));
        for (const auto& other : cases) {
            Sm2Scheme wrong = other.scheme;
            wrong.form = Sm2SignatureForm::raw;
            EXPECT_EQ(key().public_key().verify("message", made, wrong), &c == &other);
        }
    }
}

RC_GTEST_PROP(Sm2Signature, FailsAfterAnyFlippedBit, (const std::string& message)) {
    const Sm2PublicKey open_key = key().public_key();
    const Sm2Scheme scheme{.form = *rc::gen::element(Sm2SignatureForm::der, Sm2SignatureForm::raw)};
    std::string signature = key().sign(message, scheme);
    RC_ASSERT(open_key.verify(message, signature, scheme));
    RC_ASSERT(!open_key.verify(message + '!', signature, scheme));
    const auto bit = *rc::gen::inRange<std::size_t>(0, signature.size() * 8);
    signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
    RC_ASSERT(!open_key.verify(message, signature, scheme));
}

TEST(Sm2Signature, IsMadeAndCheckedByManyThreadsAtOnce) {
    const Sm2PublicKey open_key = key().public_key();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i, &open_key] {
            for (int n = 0; n < 25; ++n) {
                const std::string message = std::to_string(i) + ' ' + std::to_string(n);
                const std::string signature = key().sign(message);
                ASSERT_TRUE(open_key.verify(message, signature));
                ASSERT_FALSE(open_key.verify(message + '!', signature));
            }
        });
}

TEST(Sm2Encryption, OpensForTheHolderOnly) {
    const Sm2PublicKey open_key = key().public_key();
    const Sm2PrivateKey stranger = Sm2PrivateKey::generate();
    for (const std::size_t size : {1U, 16U, 32U, 33U, 5'000U}) {
        const std::string plain = random_bytes(size);
        const auto sealed = open_key.encrypt(plain);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(key().decrypt(*sealed)->expose(), plain);
        std::string changed = *sealed;
        changed.back() = static_cast<char>(changed.back() ^ 1);
        EXPECT_EQ(key().decrypt(changed).error(), Error::decryption_failed);
        EXPECT_EQ(stranger.decrypt(*sealed).error(), Error::decryption_failed);
    }
    EXPECT_EQ(open_key.encrypt(""), refuse(Error::field_range));
    EXPECT_EQ(open_key.encrypt(std::string(sm2_plaintext_bytes_max + 1, 'x')),
              refuse(Error::field_range));
}

// A key stream that begins with zeros for all of a short text would send it in clear; a stranger's
// ciphertext of that kind is refused, as the standard says.
TEST(Sm2Encryption, NeverSendsTheTextItself) {
    const Sm2Model model;
    const std::string point = key().public_key().point();
    const Sm2Model::Point to{point.substr(1, 32), point.substr(33)};
    for (int i = 0; i < 600; ++i) {
        const auto sealed = key().public_key().encrypt("t", Sm2CiphertextForm::c1c3c2);
        ASSERT_NE(sealed->back(), 't');
    }
    int in_clear = 0;
    for (std::uint16_t i = 1; i < 2'000 && in_clear == 0; ++i) {
        const std::string k = {static_cast<char>(i >> 8), static_cast<char>(i & 0xff)};
        const std::string sealed = model.encrypt(to, "t", k);
        if (sealed.back() != 't') continue;
        ++in_clear;
        EXPECT_EQ(key().decrypt(sealed, Sm2CiphertextForm::c1c3c2).error(),
                  Error::decryption_failed);
    }
    EXPECT_EQ(in_clear, 1);
}

}  // namespace
}  // namespace huitong::crypto
