#include "crypto/rsa.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "crypto/pem.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

// One for all tests: making one is slow.
const RsaPrivateKey& key() {
    static const RsaPrivateKey made = RsaPrivateKey::generate();
    return made;
}

// Test keys of kinds that we do not take, made by the openssl program.
constexpr std::string_view rsa_1024_public = R"(-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCtu1AE47OYMUlKQZMVk4n1U+YM
X4/B2qcoNa3f6yJtJgRTvQzd1DLIq5RZu5+WlZjKFsm1ZOELLiPzfZmnoKlCv6uH
s3TWeItgVkO1XRt67ohrJ+laUHc1MJO7TObvXfGqKU3mwtcu3H8RJgpAo4hm6oZE
giNf5pB7iMXL/SpL3wIDAQAB
-----END PUBLIC KEY-----
)";
constexpr std::string_view p256_public = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERLEpYQlFI1irAnkQ1H6+Yn2d1G6i
pFASJWjpQzvMhTCfxtE0iSTWs1k5/1kAzMueKIYF8SrHVRYAEAnPi4NxzQ==
-----END PUBLIC KEY-----
)";
constexpr std::string_view p256_private = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCYFkzv+A6cgcXij3
w/IFs9rS3lj+vBlE7VYcEGP6cfOhRANCAAREsSlhCUUjWKsCeRDUfr5ifZ3UbqKk
UBIlaOlDO8yFMJ/G0TSJJNazWTn/WQDMy54ohgXxKsdVFgAQCc+Lg3HN
-----END PRIVATE KEY-----
)";

TEST(RsaKeys, SurviveTheirTextForms) {
    const RsaPublicKey open_key = key().public_key();
    EXPECT_EQ(open_key.bits(), 2048);
    EXPECT_EQ(RsaPublicKey::load(open_key.to_pem()), open_key);
    EXPECT_EQ(RsaPublicKey::load(open_key.to_der()), open_key);
    const auto from_text = RsaPrivateKey::load(key().to_pem().expose());
    const auto from_der = RsaPrivateKey::load(key().to_der().expose());
    ASSERT_TRUE(from_text && from_der);
    EXPECT_EQ(from_text->public_key(), open_key);
    EXPECT_EQ(from_der->sign("m"), key().sign("m"));
    EXPECT_FALSE(RsaPrivateKey::generate().public_key() == open_key);
}

TEST(RsaKeys, TakePemAsPeoplePasteIt) {
    std::string text = key().public_key().to_pem();
    std::string windows = "Bag Attributes\r\n";
    for (const char c : text) windows += c == '\n' ? "\r\n" : std::string(1, c);
    EXPECT_TRUE(RsaPublicKey::load(windows));
    EXPECT_TRUE(RsaPublicKey::load(text.substr(0, text.size() - 1)));
    EXPECT_FALSE(RsaPublicKey::load(text + text));
    EXPECT_FALSE(RsaPublicKey::load(text.substr(0, text.size() - 5)));
    EXPECT_FALSE(RsaPublicKey::load(text.replace(40, 1, "*")));
}

TEST(RsaKeys, RefuseWhatIsNoKeyOfOurs) {
    const std::string der = key().public_key().to_der();
    const std::string private_der(key().to_der().expose());
    for (const std::string& bad :
         {std::string(), std::string("key"), std::string(rsa_1024_public), std::string(p256_public),
          std::string(p256_private), der + '\0', der.substr(1), der.substr(0, der.size() - 1),
          private_der, std::string(100'000, '0')})
        EXPECT_EQ(RsaPublicKey::load(bad), refuse(Error::key_invalid)) << bad.size();
    for (const std::string& bad :
         {std::string(), std::string("key"), std::string(p256_private), private_der + '\0', der,
          private_der.substr(0, private_der.size() - 1), key().public_key().to_pem(),
          to_pem("ENCRYPTED PRIVATE KEY", private_der), to_pem("RSA PRIVATE KEY", private_der)})
        EXPECT_EQ(RsaPrivateKey::load(bad).error(), Error::key_invalid) << bad.size();
}

// One bit of the private exponent or of a prime: the trial signature at loading must find it.
TEST(RsaKeys, RefuseAPrivateKeyWhosePartsDoNotMatch) {
    const std::string der(key().to_der().expose());
    const std::string other(RsaPrivateKey::generate().to_der().expose());
    const std::size_t modulus_at = 40;  // inside the first integer of 257 bytes
    std::string mixed = der;
    mixed.replace(modulus_at, 200, other, modulus_at, 200);
    EXPECT_EQ(RsaPrivateKey::load(mixed).error(), Error::key_invalid);
}

// DER of a SubjectPublicKeyInfo with a modulus and exponent of our choice.
std::string der_item(char tag, std::string_view content) {
    std::string item(1, tag);
    item += '\x82';
    item += static_cast<char>(content.size() >> 8);
    item += static_cast<char>(content.size() & 0xff);
    return item.append(content);
}

std::string public_key_der(std::string_view modulus, std::string_view exponent) {
    const std::string numbers =
        der_item('\x30', der_item('\x02', modulus) + der_item('\x02', exponent));
    const std::string algorithm = *from_hex("300d06092a864886f70d0101010500");
    using namespace std::string_literals;
    return der_item('\x30', algorithm + der_item('\x03', "\0"s + numbers));
}

TEST(RsaKeys, RefuseOddNumbers) {
    using namespace std::string_literals;
    const std::string odd = "\0\xc1"s + std::string(254, 'm') + '\x01';
    ASSERT_TRUE(RsaPublicKey::load(public_key_der(odd, "\x01\0\x01"s)));
    const std::string even = "\0\xc1"s + std::string(254, 'm') + '\x02';
    const std::string short_one = "\0\xc1"s + std::string(253, 'm') + '\x01';
    const std::string long_one = "\0\xc1"s + std::string(512, 'm') + '\x01';
    const std::pair<std::string, std::string> bad[] = {
        {even, "\x01\0\x01"s},
        {short_one, "\x01\0\x01"s},
        {long_one, "\x01\0\x01"s},
        {odd, "\x01"s},
        {odd, "\x01\0"s},
        {odd, "\0"s},
        {odd, "\x01" + std::string(8, '\x01')},
        {odd, std::string(200, '\x01')},
    };
    for (const auto& [modulus, exponent] : bad)
        EXPECT_EQ(RsaPublicKey::load(public_key_der(modulus, exponent)), refuse(Error::key_invalid))
            << modulus.size() << ' ' << to_hex(exponent);
}

// The contents of the nine numbers in a PKCS#8 key: version, n, e, d, p, q and the three for speed.
std::vector<std::string> numbers_of(std::string_view der) {
    std::vector<std::string> numbers;
    constexpr std::size_t first_number_at = 26;  // behind the headers of a 2048-bit key
    der.remove_prefix(first_number_at + 4);
    while (!der.empty()) {
        const auto byte = [&der](std::size_t i) { return static_cast<std::uint8_t>(der[i]); };
        const std::size_t header = byte(1) < 0x80 ? 2 : byte(1) - 0x80U + 2;
        std::size_t size = header == 2 ? byte(1) : 0;
        for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
        numbers.emplace_back(der.substr(header, size));
        der.remove_prefix(header + size);
    }
    return numbers;
}

std::string private_key_der(const std::vector<std::string>& numbers) {
    using namespace std::string_literals;
    std::string body;
    for (const std::string& number : numbers) body += der_item('\x02', number);
    const std::string algorithm = *from_hex("300d06092a864886f70d0101010500");
    return der_item('\x30',
                    der_item('\x02', "\0"s) + algorithm + der_item('\x04', der_item('\x30', body)));
}

// With p and q at hand nothing uses d, so the trial signature alone would not find this one; giant
// primes would keep that signature busy for seconds.
TEST(RsaKeys, RefuseAPrivateKeyWithGiantParts) {
    auto numbers = numbers_of(key().to_der().expose());
    ASSERT_EQ(numbers.size(), 9U);
    ASSERT_TRUE(RsaPrivateKey::load(private_key_der(numbers)));
    numbers[3] = std::string(513, 'd');
    EXPECT_EQ(RsaPrivateKey::load(private_key_der(numbers)).error(), Error::key_invalid);
    numbers[3] = std::string(256, 'd');
    EXPECT_TRUE(RsaPrivateKey::load(private_key_der(numbers)));
    numbers[4] = numbers[5] = std::string(25'000, 'p');
    EXPECT_EQ(RsaPrivateKey::load(private_key_der(numbers)).error(), Error::key_invalid);
}

TEST(RsaSignature, RefusesWrongLengthsAndOtherMessages) {
    const RsaPublicKey open_key = key().public_key();
    const std::string signature = key().sign("message");
    EXPECT_TRUE(open_key.verify("message", signature));
    EXPECT_FALSE(open_key.verify("massage", signature));
    EXPECT_FALSE(open_key.verify("message", ""));
    EXPECT_FALSE(open_key.verify("message", signature.substr(1)));
    EXPECT_FALSE(open_key.verify("message", signature + '\0'));
    EXPECT_FALSE(open_key.verify("message", std::string(256, '\0')));
    EXPECT_FALSE(open_key.verify("message", std::string(256, '\xff')));
    EXPECT_FALSE(open_key.verify("message", std::string(1'000'000, 'x')));
    EXPECT_TRUE(open_key.verify("message", signature));  // The failures left nothing behind.
}

// Of the message "a", with SHA-1, made by the openssl program; and the key that verifies it.
constexpr std::string_view sha1_signature =
    "frVQZ5Hw0cfdky/INv6YgbFmervjDyZDU1WSHLgzY1shTe98NoMYBPKpP+0IOsaR4mUkRwuzwTfevckQdDvR5aGVfzgn"
    "v1MQxnQ4UCbnYUhRaCb5dCUpY88KP8mxI/IYaQ3gPUnU/shNVRk1stWNlxDbOiuaeYY65HNMmKZkzbJ3wsO8eQIu+UaP"
    "9HWsK8FB1udH58JTFKTn469uTmovY6KVgPyMrSq6KYSL3WDpzF6mSVwfhI8J10T0b/s7ZQWSyBOfo2fAqochWN2hA/fC"
    "B0kxJH2fbY+ZmJNxHtq61YtlyfEKmkHW9bZse9OnYaSSukCHdkGiZ2ftPVMslR9gVQ==";
constexpr std::string_view sha1_signer =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwpSeaGO4kvTH5G6rpJ9fKDPxq//FEc2KuHgbnNhATGzgjecC"
    "RFRH9mi7tZZnVFocqUSCbri2iGEW5cwZvG+bhC6o9do9rEIJFFon90M03++jCPvARRuKXpAQc7xu+JahaDPVOI5W/MIy"
    "JpA+TJCi/poHddNuYW+wrs2q5237d9CekLd1JbCyfX2WT092GVFM3Uh/ZtRxOYlQ4mY+doLFaNapsmOcdwwBOGiGMTxL"
    "/pio52fpzqISkozb0Megs/7btGJCRw9v61XHPdvsL4KCv4WiDO0RyZ2jzwJYgqo8rQGnnZipQHTkvw4OdRfN5fEP0b/n"
    "7qUx2xqe7dAQp9UDowIDAQAB";

TEST(RsaSignature, TellsWhatItWasMadeOver) {
    const RsaPublicKey open_key = key().public_key();
    const std::string signature = key().sign("message");
    const auto digest = open_key.signed_digest(signature);
    ASSERT_TRUE(digest);
    EXPECT_TRUE(digest->sha256);
    EXPECT_EQ(digest->bytes, as_text(sha256("message")));

    const auto other = RsaPublicKey::load(from_base64(sha1_signer).value());
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->signed_digest(signature));
    EXPECT_FALSE(open_key.signed_digest(std::string(256, '\0')));
    EXPECT_FALSE(open_key.signed_digest(""));
    EXPECT_FALSE(open_key.signed_digest(signature + "x"));
    const auto sha1 = other->signed_digest(from_base64(sha1_signature).value());
    ASSERT_TRUE(sha1);
    EXPECT_FALSE(sha1->sha256);
    EXPECT_EQ(sha1->bytes, "");
    EXPECT_TRUE(open_key.verify("message", signature));  // The failures left nothing behind.
}

RC_GTEST_PROP(RsaSignature, FailsAfterAnyFlippedBit, (const std::string& message)) {
    static const RsaPublicKey open_key = key().public_key();
    std::string signature = key().sign(message);
    RC_ASSERT(open_key.verify(message, signature));
    const auto bit = *rc::gen::inRange<std::size_t>(0, signature.size() * 8);
    signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
    RC_ASSERT(!open_key.verify(message, signature));
}

TEST(RsaSignature, IsMadeAndCheckedByManyThreadsAtOnce) {
    const RsaPublicKey open_key = key().public_key();
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

TEST(RsaEncryption, OpensForTheHolderOnly) {
    const RsaPublicKey open_key = key().public_key();
    const RsaPrivateKey stranger = RsaPrivateKey::generate();
    for (const std::size_t size : {0U, 1U, 11U, 214U}) {
        const std::string plain = random_bytes(size);
        const auto sealed = open_key.encrypt_oaep_sha1(plain);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(key().decrypt_oaep_sha1(*sealed)->expose(), plain);
        std::string changed = *sealed;
        changed[100] = static_cast<char>(changed[100] ^ 1);
        EXPECT_EQ(key().decrypt_oaep_sha1(changed).error(), Error::decryption_failed);
        EXPECT_EQ(key().decrypt_pkcs1v15(*sealed).error(), Error::decryption_failed);
        EXPECT_FALSE(stranger.decrypt_oaep_sha1(*sealed));
    }
    EXPECT_EQ(open_key.encrypt_oaep_sha1(std::string(215, 'x')), refuse(Error::field_range));
    for (const std::size_t size : {0U, 255U, 257U, 512U}) {
        EXPECT_EQ(key().decrypt_oaep_sha1(std::string(size, 'x')).error(),
                  Error::decryption_failed);
        EXPECT_EQ(key().decrypt_pkcs1v15(std::string(size, 'x')).error(), Error::decryption_failed);
    }
}

}  // namespace
}  // namespace huitong::crypto
