#include "wire/iso8583/content.hpp"

#include <gtest/gtest.h>

namespace huitong::wire::iso8583 {
namespace {

TEST(Content, HoldsTheCharactersOfItsClassOnly) {
    const struct {
        Content content;
        std::string_view good, bad;
    } cases[] = {
        {Content::n, "0123456789", "aA /\x3A=D- "},
        {Content::a, "AZaz ", "019/@[`{="},
        {Content::an, "AZaz 09", "/@[`{=."},
        {Content::ns, "09 /-=!~", "AZaz\x7F\x1F"},
        {Content::ans, "AZaz 09~!\"#\\=/", "\x7F\x1F\n\x80\xFF"},
        {Content::z, "0123456789=D", "ABCEFd:; /"},
        {Content::b, std::string_view("\0\xFF\x7F", 3), ""},
    };
    for (const auto& c : cases) {
        const FieldRule rule{.defined = true, .content = c.content};
        EXPECT_TRUE(has_content(rule, false, c.good)) << c.good;
        for (const char one : c.bad) {
            EXPECT_FALSE(has_content(rule, false, {&one, 1})) << one << " in " << c.good;
            EXPECT_TRUE(has_content({.content = c.content, .opaque = true}, false, {&one, 1}));
        }
    }
}

TEST(Content, OfAmountsWithASignBeginsWithIt) {
    const FieldRule strict{.defined = true, .content = Content::xn};
    const FieldRule lax{.defined = true, .content = Content::xn, .any_sign = true};
    for (const std::string_view text : {"C123", "D000"})
        EXPECT_TRUE(has_content(strict, false, text));
    for (const std::string_view text : {"0123", "E123", "", "CD12", "C12C", "c123", "+123"})
        EXPECT_FALSE(has_content(strict, false, text)) << text;
    EXPECT_TRUE(has_content(lax, false, "0123"));
    EXPECT_FALSE(has_content(lax, false, "+123"));
}

TEST(Content, HoldsGbkOnlyWhereTheDialectSaysSo) {
    const FieldRule text{.defined = true, .content = Content::ans};
    EXPECT_TRUE(has_content(text, true, "\xB2\xE2 1"));
    EXPECT_FALSE(has_content(text, false, "\xB2\xE2 1"));
    EXPECT_FALSE(has_content(text, true, "\xB2\xE2\x01"));
    EXPECT_FALSE(has_content({.content = Content::an}, true, "\xB2\xE2"));
}

TEST(Value, IsAMomentThatThereIs) {
    const struct {
        ValueRule rule;
        std::vector<std::string_view> good, bad;
    } cases[] = {
        {ValueRule::any,        {"", "99999999"},               {}                            },
        {ValueRule::mmddhhmmss,
         {"0101000000", "1231235959", "0229000000"},
         {"0001000000", "1301000000", "0100000000", "0132000000", "0230000000", "0431000000",
          "0101240000", "0101006000", "0101000060"}                                           },
        {ValueRule::hhmmss,     {"000000", "235959"},           {"240000", "006000", "000060"}},
        {ValueRule::mmdd,
         {"0131", "0229", "0630", "1130"},
         {"0000", "0631", "1131", "0931", "9901"}                                             },
        {ValueRule::yymm,       {"0000", "0001", "9912"},       {"0013", "9900", "2599"}      },
        {ValueRule::yymmdd,     {"000101", "230229", "991231"}, {"000000", "231301", "230230"}},
    };
    for (const auto& c : cases) {
        for (const auto& digits : c.good) EXPECT_TRUE(has_value(c.rule, digits)) << digits;
        for (const auto& digits : c.bad) EXPECT_FALSE(has_value(c.rule, digits)) << digits;
    }
}

}  // namespace
}  // namespace huitong::wire::iso8583
