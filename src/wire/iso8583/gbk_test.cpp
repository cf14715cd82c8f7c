#include "wire/iso8583/gbk.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::wire::iso8583 {
namespace {

TEST(Gbk, IsUtf8AndBack) {
    const struct {
        std::string_view gbk, utf8;
    } cases[] = {
        {"",                   ""                            },
        {"TEST ~",             "TEST ~"                      },
        {"\xB2\xE2\xCA\xD4",   "测试"                        },
        {"\xC9\xCC\xBB\xA7 1", "商户 1"                      },
        {"a\x01\n",            "a\x01\n"                     },
        {"\xFF",               "\xEF\x9F\xBF"                }, // U+F7FF
        {"\xB2",               "\xEF\x9E\xB2"                },
        {"\x80 \xB2 \xB2\xE2", "\xEF\x9E\x80 \xEF\x9E\xB2 测"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(utf8_of_gbk(c.gbk), c.utf8);
        EXPECT_EQ(gbk_of_utf8(c.utf8), c.gbk);
    }
}

TEST(Gbk, LacksSomeCharacters) {
    for (const std::string_view text : {"\xF0\x9F\x98\x80", "\xEF\x9C\x80", "\xC3\x28", "\xE6\xB5"})
        EXPECT_EQ(gbk_of_utf8(text), std::nullopt) << text;
}

TEST(Gbk, PrintsWithoutControlsAndHalves) {
    EXPECT_TRUE(is_printable_gbk("A \xB2\xE2~"));
    for (const std::string_view text : {"\x1F", "\x7F", "\xB2", "\xB2\x20", "\xFF\xFF", "\x80\x80"})
        EXPECT_FALSE(is_printable_gbk(text));
}

RC_GTEST_PROP(Gbk, GivesBackAnyBytes, (const std::string& bytes)) {
    RC_ASSERT(gbk_of_utf8(utf8_of_gbk(bytes)) == bytes);
}

// All pairs: also those that share a character, or that the converter does not know.
TEST(Gbk, GivesBackEveryPair) {
    for (int first = 0x80; first < 0x100; ++first) {
        std::string row;
        for (int second = 0; second < 0x100; ++second)
            (row += static_cast<char>(first)) += static_cast<char>(second);
        EXPECT_EQ(gbk_of_utf8(utf8_of_gbk(row)), row) << first;
    }
}

}  // namespace
}  // namespace huitong::wire::iso8583
