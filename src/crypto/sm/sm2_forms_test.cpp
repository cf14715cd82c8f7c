#include "crypto/sm/sm2_forms.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"
#include "crypto/random.hpp"

namespace huitong::crypto {
namespace {

constexpr Sm2CiphertextForm ciphertext_forms[] = {
    Sm2CiphertextForm::asn1, Sm2CiphertextForm::c1c3c2, Sm2CiphertextForm::c1c2c3,
    Sm2CiphertextForm::c1c3c2_bare, Sm2CiphertextForm::c1c2c3_bare};

// Numbers whose first bytes are zero, or look negative, more often than chance would have it.
Sm2Number any_number() {
    Sm2Number number{};
    fill_random(number);
    const auto zeros = *rc::gen::inRange<std::size_t>(0, number.size() + 1);
    if (*rc::gen::arbitrary<bool>()) std::fill_n(number.begin(), zeros, std::uint8_t{0});
    return number;
}

RC_GTEST_PROP(Sm2Forms, GiveBackEverySignature, ()) {
    const Sm2Signature signature{any_number(), any_number()};
    for (const auto form : {Sm2SignatureForm::der, Sm2SignatureForm::raw}) {
        const auto parsed = parse_sm2_signature(form, to_bytes(signature, form));
        RC_ASSERT(parsed.has_value());
        RC_ASSERT((parsed->r == signature.r && parsed->s == signature.s));
    }
}

RC_GTEST_PROP(Sm2Forms, GiveBackEveryCiphertext, ()) {
    const auto size = *rc::gen::element<std::size_t>(1, 2, 31, 32, 127, 128, 255, 256, 70'000);
    const Sm2Ciphertext sent{any_number(), any_number(), any_number(), random_bytes(size)};
    for (const auto form : ciphertext_forms) {
        const std::string bytes = to_bytes(sent, form);
        const auto parsed = parse_sm2_ciphertext(form, bytes);
        RC_ASSERT(parsed.has_value());
        RC_ASSERT((parsed->x == sent.x && parsed->y == sent.y && parsed->text == sent.text));
        RC_ASSERT((parsed->digest == sent.digest && to_bytes(*parsed, form) == bytes));
    }
}

// The signature r = 1, s = 0x80.
TEST(Sm2Forms, TakeOnlyTheOneDerOfASignature) {
    ASSERT_TRUE(parse_sm2_signature(Sm2SignatureForm::der, *from_hex("300702010102020080")));
    const struct {
        const char* name;
        std::string_view hex;
    } cases[] = {
        {"nothing",                  ""                            },
        {"no length",                "30"                          },
        {"another tag",              "310702010102020080"          },
        {"cut short",                "3007020101020200"            },
        {"a byte behind",            "30070201010202008000"        },
        {"a length that is short",   "300602010102020080"          },
        {"a length that is long",    "300802010102020080"          },
        {"a long form of a length",  "30810702010102020080"        },
        {"a length with zeros",      "3082000702010102020080"      },
        {"an indefinite length",     "3080020101020200800000"      },
        {"a length of five bytes",   "3085000000000702010102020080"},
        {"a length past all memory", "3084ffffffff02010102020080"  },
        {"an empty number",          "3006020002020080"            },
        {"a needless zero",          "30080202000102020080"        },
        {"a negative number",        "3006020101020180"            },
        {"one number",               "3003020101"                  },
        {"three numbers",            "300a02010102020080020101"    },
        {"a string for a number",    "300704010102020080"          },
    };
    for (const auto& c : cases)
        EXPECT_FALSE(parse_sm2_signature(Sm2SignatureForm::der, from_hex(c.hex).value_or("\x30")))
            << c.name;
    const std::string too_long = "\x30\x26\x02\x21\x01" + std::string(32, 'r') + "\x02\x01\x01";
    EXPECT_FALSE(parse_sm2_signature(Sm2SignatureForm::der, too_long));
}

TEST(Sm2Forms, RefuseACiphertextWithoutAText) {
    const Sm2Ciphertext empty{.x = {1}, .y = {2}, .digest = {3}, .text = ""};
    for (const auto form : ciphertext_forms) {
        const std::string bytes = to_bytes(empty, form);
        EXPECT_FALSE(parse_sm2_ciphertext(form, bytes));
        EXPECT_FALSE(parse_sm2_ciphertext(form, ""));
        EXPECT_EQ(parse_sm2_ciphertext(form, bytes + "t").has_value(),
                  form != Sm2CiphertextForm::asn1);
    }
}

}  // namespace
}  // namespace huitong::crypto
