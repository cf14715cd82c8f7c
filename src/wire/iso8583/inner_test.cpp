#include "wire/iso8583/inner.hpp"

#include <gtest/gtest.h>
#include <string>

#include "wire/iso8583/dialect/dialect.hpp"

namespace huitong::wire::iso8583 {
namespace {

using namespace std::string_literals;

constexpr auto truncated = FaultCode::tlv_truncated;
constexpr auto length = FaultCode::subfield_length;

struct Case {
    std::string_view name;
    unsigned field;
    std::string content;
    std::optional<FaultCode> want;
};

TEST(Inner, IsJudgedByTheRulesOfItsField) {
    const Dialect& cups = *builtin_dialect("cups");
    const std::string long_value(130, 'x');
    const Case cases[] = {
        {"nothing", 55, "", {}},
        {"known tags", 55, "\x9F\x27\x01\x80\x82\x02\x7C\x00"s, {}},
        {"known tag without a value", 55, "\x9F\x09\x00"s, {}},
        {"known tag too long", 55, "\x9F\x27\x02\x80\x80", length},
        {"tag of any length to a most", 55, "\x84\x01\x01", {}},
        {"unknown tag",
         55, "\xDF\x01\x03"
         "abc", {}},
        {"tag of four bytes",
         55, "\xDF\x81\x82\x03\x01"
         "a", {}},
        {"tag of five bytes", 55,
         "\xDF\x81\x82\x83\x04\x01"
         "a", truncated},
        {"padding between", 55, "\0\0\x82\x02\x7C\x00\0"s, {}},
        {"tag cut off", 55, "\x9F", truncated},
        {"tag and no length", 55, "\x9F\x27", truncated},
        {"value cut off", 55, "\x9F\x27\x01", truncated},
        {"length in a byte", 55, "\xDF\x01\x81\x82" + long_value, {}},
        {"length in two bytes", 55, "\xDF\x01\x82\x00\x82"s + long_value, {}},
        {"length in four bytes", 55,
         "\xDF\x01\x84\x00\x00\x00\x01"
         "a"s, truncated},
        {"indefinite length", 55,
         "\xDF\x01\x80"
         "a\0\0"s, truncated},
        {"length cut off", 55, "\xDF\x01\x82\x01", truncated},
        {"new key", 48, "NK0123456789abcdef", {}},
        {"new key too short", 48, "NK0123456789abcde", length},
        {"unknown usage", 48, "ZZ\x01\x02", {}},
        {"half a usage", 48, "N", {}},
        {"risk", 48, "BC001512", length},
        {"risk of seven", 48, "BC0011123", {}},
        {"several usages", 48, "ASIP003012RP000", {}},
        {"several usages, none", 48, "AS", {}},
        {"several usages cut off", 48, "ASIP004012", length},
        {"several usages of letters", 48, "ASIP0x3012", length},
        {"no balance", 54, "", {}},
        {"two balances", 54, std::string(40, '0'), {}},
        {"a balance and a half", 54, std::string(30, '0'), length},
        {"account reference", 56, "PR03401029" + std::string(29, 'P'), {}},
        {"account reference too short", 56, "PR03301028" + std::string(28, 'P'), length},
        {"reason only", 60, "0000", {}},
        {"cut within the reason", 60, "000", length},
        {"cut between parts", 60, "00000600030000", {}},
        {"all parts", 60, std::string(30, '0'), {}},
        {"more than all parts", 60, std::string(41, '0'), {}},
        {"SM4 PIN block", 63, "SM016" + std::string(16, '\xFF'), {}},
        {"SM4 PIN block of 15", 63, "SM015" + std::string(15, '\xFF'), length},
        {"SM4 PIN block cut off", 63, "SM016" + std::string(15, '\xFF'), length},
        {"usage and no length", 63, "SM", length},
        {"token",
         63, "TK018"
         "02013"
         "6292690000000", {}},
        {"token data of another usage", 63,
         "TK010"
         "03004"
         "3012"
         "0", length},
        {"token expiry",
         63, "TK009"
         "03004"
         "3012", {}},
        {"token expiry of three", 63,
         "TK008"
         "03003"
         "301", length},
        {"unknown token tag",
         63, "TK007"
         "99002"
         "ab", {}},
        {"unknown usage, counted", 63, "ZZ001aTK003abc", length},
        {"unknown usage, not counted", 63, "ZZ\x01\x02", {}},
        {"original", 90, std::string(42, '0'), {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto found = check_inner(cups.inner_of(c.field), c.content);
        EXPECT_TRUE(found == c.want);
    }
}

std::string walked(unsigned field, std::string_view content) {
    std::string text;
    const auto see = [&](const Element& element) {
        text += std::string(element.name) + "=" + std::string(element.content) + ";";
        walk_element(element, [&](const Element& inside) {
            text += "(" + std::string(inside.name) + "=" + std::string(inside.content) + ")";
        });
    };
    walk_inner(builtin_dialect("cups")->inner_of(field), content, see);
    return text;
}

TEST(Inner, IsWalkedElementByElement) {
    EXPECT_EQ(walked(55,
                     "\x95\x01"
                     "a\x9A\x01"
                     "b"),
              "\x95=a;\x9A=b;");
    EXPECT_EQ(walked(48, "NKkey"), "NK=key;");
    EXPECT_EQ(walked(48, "ASIP002xxRP001y"), "AS=IP002xxRP001y;(IP=xx)(RP=y)");
    EXPECT_EQ(walked(54, "aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbb"),
              "block=aaaaaaaaaaaaaaaaaaaa;block=bbbbbbbbbbbbbbbbbbbb;");
    EXPECT_EQ(walked(60, "123401"), "reason=1234;owner=0;reading_capability=1;");
    EXPECT_EQ(walked(60, std::string(30, '0').append("xy")).substr(0, 12), "reason=0000;");
    EXPECT_TRUE(walked(60, std::string(30, '0').append("xy")).ends_with("product=00;rest=xy;"));
    EXPECT_EQ(walked(63, "TK00703002abZZrest"), "TK=03002ab;(03=ab)ZZ=rest;");
}

}  // namespace
}  // namespace huitong::wire::iso8583
