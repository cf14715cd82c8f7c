#include "crypto/sm/key_file.hpp"

#include <gtest/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/pem.hpp"
#include "crypto/sm/der.hpp"
#include "crypto/sm/sm4.hpp"

namespace huitong::crypto {
namespace {

// One key under the password "correct", by the openssl program: AES of 128, 192 and 256 bits with
// HMAC over SHA-1, SHA-384 and SHA-512; and under an old scheme without PBES2.
constexpr std::string_view number =
    "71d3ff17e3323bff3c6bbe5e352ac402105457807c614b94c107efdcb5f5d936";
constexpr std::string_view by_openssl[] = {
    "MIHeMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAhiRYJrrxHdmwICA+"
    "gwHQYJYIZIAWUDBAECBBBHQNWdPowPUc66"
    "6KxC4PB/BIGQdQgTA+pzAUq3kW5cF+lbqmdHW93nUl+CIzvHW9HWE+pxQsYJN2d4TzA2+kcWdM3F/8ZT+u9pRrsJMzu/"
    "8C7o"
    "dR7gucTlPZBo725JbjCqOmiKRln/6/"
    "aon7K0Mbeq7frMILd7lCaaGVIBWCFJ795pEUNGrLnNXnHtupjZC0vM756dkW3sVYGd"
    "81HuwnX0qMse",
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjng0sGR+rrcAICA+"
    "gwDAYIKoZIhvcNAgoFADAdBglghkgBZQME"
    "ARYEEB3e+hnA7JJxu+HzTAjJATUEgZDgaiN6Zzq3mK3/2/wcPnamizawlDuajNR3DCpqY3gN6U3uhXMxB1q/"
    "d8w8idupXXgo"
    "686hAEKC+9PkCmB7vU8VYH93k1zMSX0JYKc1IwnyF0I0dAgj3g+NFUdGxFCL9W42O3BPr+/"
    "tZzKBapG8sXAka966Ibxkoi4m"
    "i3VrUBsCzQRHMNbiIukecc/c5Jf1t08=",
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi/"
    "4WvezvGZcQICA+gwDAYIKoZIhvcNAgsFADAdBglghkgBZQME"
    "ASoEENg/aS8ACGCIWqJEsxinTQIEgZBmSfGqS+MuUdq8b0FE/"
    "3tvjQrZDEwxevZjJiVRDdFtGGASbsXIJ70eKBFQF02Wv8Cv"
    "UErfiDz76dHw1uyBPso0jWkg1FU03MZhP3KYi+zbXOigWxX+USAzUuuYUfrN3H/"
    "fPyDZhghhBcLUTHlYlAoZAN7IGiUE3C+E"
    "MOFhxiS4zyr2MWgTTwSASWl7E/OUDiU=",
};
constexpr std::string_view without_pbes2 =
    "MIGxMBwGCiqGSIb3DQEMAQMwDgQIP2SY/y3o6D8CAggABIGQtdrnBBHXdt4AhWuyjSN/QOpVlxsdQhX/"
    "osAKDy4ZsU8+d3VP"
    "lKizfqhsBivSFb1BdzeLse4ajdhUccyD+nXIPokx04fP+wOgQ7iJL+ScFwqq+"
    "s9cnf5icyCW5NWBrEuiRm3Sb7DPFOfljMYQ"
    "s3bLQkxdn+EsxvYpnFJdl85+AQ4KJXDOjDM4OjVQcfD22fcX";

TEST(EncryptedPkcs8, OpensUnderItsPassword) {
    for (const std::string_view file : by_openssl) {
        const std::string der = *from_base64(file);
        for (const std::string& text : {der, to_pem("ENCRYPTED PRIVATE KEY", der)}) {
            const auto opened = open_encrypted_pkcs8(text, Secret("correct"));
            ASSERT_TRUE(opened);
            const auto key = PrivateKey::load(opened->expose());
            ASSERT_TRUE(key && key->sm2() != nullptr);
            EXPECT_EQ(to_hex(key->sm2()->number().expose()), number);
        }
        for (const std::string_view wrong : {"", "wrong", "Correct", "correct "})
            EXPECT_EQ(open_encrypted_pkcs8(der, Secret(wrong)).error(), Error::decryption_failed);
    }
}

std::string object(std::string_view hex) {
    return der_item(DerTag::object, *from_hex(hex));
}

// What a file of ours says, so that it can be said wrongly.
struct File {
    std::string scheme = object("2a864886f70d01050d");
    std::string derivation = object("2a864886f70d01050c");
    std::string salt = der_item(DerTag::octet_string, "saltsalt");
    std::string rounds = der_number("\x0a");
    std::string key_bytes = der_number("\x10");
    std::string function =
        der_item(DerTag::sequence, object("2a811ccf550183110301") + der_item(DerTag::null, ""));
    std::string cipher = object("2a811ccf55016802");
    std::string iv = der_item(DerTag::octet_string, "sixteen bytes iv");
    std::string behind;

    [[nodiscard]] std::string der() const {
        const auto sequence = [](const std::string& items) {
            return der_item(DerTag::sequence, items);
        };
        const std::string derived =
            sequence(derivation + sequence(salt + rounds + key_bytes + function));
        return sequence(sequence(scheme + sequence(derived + sequence(cipher + iv))) +
                        der_item(DerTag::octet_string, std::string(48, 'c'))) +
               behind;
    }
};

TEST(EncryptedPkcs8, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(open_encrypted_pkcs8(File().der(), Secret("p")).error(), Error::decryption_failed);
    const struct {
        const char* name;
        void (*change)(File&);
    } cases[] = {
        {"another scheme",      [](File& f) { f.scheme = object("2a864886f70d01050c"); }                 },
        {"another derivation",  [](File& f) { f.derivation = object("2a864886f70d01050d"); }             },
        {"no salt",             [](File& f) { f.salt.clear(); }                                          },
        {"too long a salt",
         [](File& f) { f.salt = der_item(DerTag::octet_string, std::string(2'000, 's')); }               },
        {"no rounds",           [](File& f) { f.rounds = der_number(""); }                               },
        {"rounds for a day",    [](File& f) { f.rounds = der_number("\x7f\xff\xff\xff"); }               },
        {"rounds past 32 bits", [](File& f) { f.rounds = der_number("\x01\x01\x01\x01\x0a"); }           },
        {"negative rounds",     [](File& f) { f.rounds = "\x02\x01\x8a"; }                               },
        {"another key length",  [](File& f) { f.key_bytes = der_number("\x20"); }                        },
        {"an unknown function",
         [](File& f) { f.function = der_item(DerTag::sequence, object("2a811ccf550183110302")); }        },
        {"something behind it", [](File& f) { f.function += der_item(DerTag::null, ""); }                },
        {"an unknown cipher",   [](File& f) { f.cipher = object("2a811ccf55016801"); }                   },
        {"a short IV",          [](File& f) { f.iv = der_item(DerTag::octet_string, "fifteen bytesiv"); }},
        {"a byte behind",       [](File& f) { f.behind = "x"; }                                          },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        File file;
        c.change(file);
        EXPECT_EQ(open_encrypted_pkcs8(file.der(), Secret("p")).error(), Error::key_invalid);
    }
    for (const std::string& bad : {std::string(), *from_base64(without_pbes2),
                                   std::string(100'000, '0'), to_pem("PRIVATE KEY", File().der())})
        EXPECT_EQ(open_encrypted_pkcs8(bad, Secret("p")).error(), Error::key_invalid);
}

// A container of ours. IV and key come from the password as the standard's note says.
struct Container {
    Sm2PrivateKey key = Sm2PrivateKey::generate();
    Sm2PrivateKey certified = key;
    std::string password = "123456";
    std::string version = der_number("\x01");
    std::string data = object("2a811ccf550601040201");
    std::string cipher = object("2a811ccf550168");
    std::string behind;

    [[nodiscard]] std::string base64() const {
        const Digest256 halves = sm3(password + std::string("\0\0\0\1", 4));
        const std::string_view iv = as_text(halves).substr(0, 16);
        const auto sealed =
            sm4_cbc_encrypt(Secret(as_text(halves).substr(16)), {.iv = iv}, key.number().expose());
        const auto certificate = issue_self_signed({.common_name = "shop",
                                                    .organisation = "",
                                                    .not_before = Instant{1'700'000'000'000},
                                                    .not_after = Instant{1'800'000'000'000},
                                                    .serial = random_serial()},
                                                   certified);
        const auto part = [this](const std::string& middle, const std::string& content) {
            return der_item(DerTag::sequence,
                            data + middle + der_item(DerTag::octet_string, content));
        };
        return to_base64(der_item(DerTag::sequence, version + part(cipher, *sealed) +
                                                        part("", certificate->to_der()) + behind));
    }
};

TEST(CfcaKeyFile, GivesKeyAndCertificate) {
    const Container container;
    std::string text = container.base64();
    text.insert(64, "\r\n");
    const auto opened = open_cfca_key_file(text + "\n", Secret("123456"));
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->key.number() == container.key.number());
    EXPECT_EQ(opened->certificate.common_name(), "shop");
    for (const std::string_view wrong : {"", "12345", "1234567"})
        EXPECT_FALSE(open_cfca_key_file(text, Secret(wrong)));
}

TEST(CfcaKeyFile, RefusesWhatItDoesNotKnow) {
    const struct {
        const char* name;
        void (*change)(Container&);
    } cases[] = {
        {"another key's certificate",
         [](Container& c) { c.certified = Sm2PrivateKey::generate(); }                             },
        {"another version",           [](Container& c) { c.version = der_number(""); }             },
        {"other content",             [](Container& c) { c.data = object("2a811ccf550601040202"); }},
        {"another cipher",            [](Container& c) { c.cipher = object("2a811ccf55016801"); }  },
        {"something behind",          [](Container& c) { c.behind = der_item(DerTag::null, ""); }  },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Container container;
        c.change(container);
        EXPECT_EQ(open_cfca_key_file(container.base64(), Secret("123456")).error(),
                  Error::key_invalid);
    }
    for (const std::string& bad :
         {std::string(), std::string("MA=="), std::string("*"), std::string(100'000, 'A')})
        EXPECT_EQ(open_cfca_key_file(bad, Secret("123456")).error(), Error::key_invalid);
}

}  // namespace
}  // namespace huitong::crypto
