#include "crypto/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::crypto {
namespace {

Block128 block_of(std::initializer_list<int> bytes) {
    Block128 block{};
    std::size_t i = 0;
    for (const int byte : bytes) block[i++] = static_cast<std::uint8_t>(byte);
    return block;
}

TEST(Base64, AgreesWithRfc4648) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"",             ""        },
        {"f",            "Zg=="    },
        {"fo",           "Zm8="    },
        {"foo",          "Zm9v"    },
        {"foob",         "Zm9vYg=="},
        {"fooba",        "Zm9vYmE="},
        {"\xfb\xff\xfe", "+//+"    },
    };
    for (const auto& [bytes, text] : cases) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
    EXPECT_EQ(to_base64url("\xfb\xff\xfe!"), "-__-IQ");
    EXPECT_EQ(from_base64url("-__-IQ"), "\xfb\xff\xfe!");
}

TEST(Base64, RefusesEverySecondSpelling) {
    for (const std::string_view bad :
         {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "==", "====", "Z===", "Zg==\n", " Zg==",
          "Zg= =", "Zm9v\n", "Zm\n9", "Zg==Zg==", "Zm9vZ", "Zm-_", "Zm9v====", "Z\xc3\xa9=="})
        EXPECT_EQ(from_base64(bad), refuse(Error::field_format)) << bad;
    for (const std::string_view bad : {"Zg==", "Z", "Zh", "Zm9", "Zm+/", "Zm9v ", "Zm9vZ"})
        EXPECT_EQ(from_base64url(bad), refuse(Error::field_format)) << bad;
    using namespace std::string_view_literals;
    EXPECT_EQ(from_base64("Zg=\0"sv), refuse(Error::field_format));
}

TEST(Hex, TakesEitherCaseAndRefusesTheRest) {
    EXPECT_EQ(to_hex("\x1f\xab"), "1fab");
    EXPECT_EQ(to_hex_upper("\x1f\xab"), "1FAB");
    EXPECT_EQ(from_hex("1FaB"), "\x1f\xab");
    for (const std::string_view bad : {"1", "1g", "0x", " 1", "1fab ", "\xff\xff", "1F:A"})
        EXPECT_EQ(from_hex(bad), refuse(Error::field_format)) << bad;
}

// Expected digits by a program of another language.
TEST(Base62, HasTwentyTwoDigitsForEveryNumber) {
    Block128 largest;
    largest.fill(0xff);
    EXPECT_EQ(to_base62(Block128{}), "0000000000000000000000");
    EXPECT_EQ(to_base62(largest), "7n42DGM5Tflk9n8mt7Fhc7");
    EXPECT_EQ(to_base62(block_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})),
              "000SYW7RiJxkEgOGusQGwp");
    EXPECT_EQ(from_base62("7n42DGM5Tflk9n8mt7Fhc7"), largest);
    for (const std::string_view bad :
         {"", "000000000000000000000", "00000000000000000000000", "7n42DGM5Tflk9n8mt7Fhc8",
          "zzzzzzzzzzzzzzzzzzzzzz", "000000000000000000000_", "000000000000000000000\x80"})
        EXPECT_EQ(from_base62(bad), refuse(Error::field_format)) << bad;
}

TEST(EqualInConstantTime, ComparesLengthAndContent) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

RC_GTEST_PROP(Bytes, DecodeUndoesEncode, (const std::string& bytes)) {
    RC_ASSERT((from_base64(to_base64(bytes)) == bytes));
    RC_ASSERT((from_base64url(to_base64url(bytes)) == bytes));
    RC_ASSERT((from_hex(to_hex(bytes)) == bytes));
    RC_ASSERT((from_hex(to_hex_upper(bytes)) == bytes));
}

RC_GTEST_PROP(Bytes, Base62IsOneToOneAndKeepsTheOrder, (const Block128& a, const Block128& b)) {
    RC_ASSERT((from_base62(to_base62(a)) == a));
    RC_ASSERT((a < b) == (to_base62(a) < to_base62(b)));
}

// Whatever decodes is the only spelling of what it decodes to.
RC_GTEST_PROP(Bytes, EncodeUndoesDecode, ()) {
    const auto digits = rc::gen::elementOf(std::string("AQgwZ09+/="));
    const auto text = *rc::gen::container<std::string>(digits);
    if (const auto bytes = from_base64(text)) RC_ASSERT((to_base64(*bytes) == text));
}

}  // namespace
}  // namespace huitong::crypto
