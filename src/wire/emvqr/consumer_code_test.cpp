#include "wire/emvqr/consumer_code.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crypto/bytes.hpp"

namespace huitong::wire::emvqr {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view indicator = "85054350563031";
constexpr std::string_view aid = "4F08A000000333010102";

// Base64 of bytes that are written as hexadecimal digits.
std::string code_of(std::string_view hex) {
    const auto bytes = crypto::from_hex(hex);
    EXPECT_TRUE(bytes) << hex;
    return crypto::to_base64(bytes.value_or(""));
}

// A template of tag and content.
std::string in_template(std::string_view tag, std::string_view hex) {
    return fmt::format("{}{:02X}{}", tag, hex.size() / 2, hex);
}

std::string verdict(std::string_view text) {
    const auto code = decode_cpm(text);
    return code ? "good" : to_text(code.error());
}

// The verdict on an application that has this besides its id.
std::string with(std::string_view hex) {
    return verdict(
        code_of(fmt::format("{}{}", indicator, in_template("61", fmt::format("{}{}", aid, hex)))));
}

// And on a code with a common template.
std::string with_common(std::string_view application, std::string_view common) {
    return verdict(code_of(fmt::format("{}{}{}", indicator,
                                       in_template("61", fmt::format("{}{}", aid, application)),
                                       in_template("62", common))));
}

TEST(ConsumerCode, FindsDataInTheApplicationAndInWhatIsCommon) {
    const auto code = decode_cpm(code_of(fmt::format(
        "{}{}{}{}", indicator, in_template("61", "4F08A000000333010102630482020000"),
        in_template("61", "4F05A000000333"), in_template("62", "5F2D027A6864059F36020007"))));
    ASSERT_TRUE(code) << to_text(code.error());
    const auto applications = code->applications();
    ASSERT_EQ(applications.size(), 2U);
    EXPECT_EQ(code->value(*applications[0], 0x82), std::string_view("\0\0", 2));
    EXPECT_EQ(code->value(*applications[1], 0x82), std::nullopt);
    EXPECT_EQ(code->value(*applications[1], 0x4F), "\xA0\x00\x00\x03\x33"sv);
    EXPECT_EQ(code->value(*applications[1], 0x5F2D), "zh");
    EXPECT_EQ(code->value(*applications[1], 0x9F36), "\x00\x07"sv);
}

TEST(ConsumerCode, TellsWhatIsNoCode) {
    EXPECT_EQ(verdict(""), "FORMAT_INDICATOR_NOT_FIRST:85");
    EXPECT_EQ(verdict(std::string(513, 'A')), "TOO_LONG");
    EXPECT_EQ(verdict(std::string(1'000'000, 'A')), "TOO_LONG");
    EXPECT_EQ(verdict("hQVDUFYwMWE!"), "BASE64");
    EXPECT_EQ(verdict("hQVDUFYwMWE"), "BASE64");   // no padding
    EXPECT_EQ(verdict("hQVDUFYwMWF="), "BASE64");  // surplus bits
    EXPECT_EQ(verdict("hQVD UFYwMWE="), "BASE64");
    EXPECT_EQ(verdict(code_of("6105")), "FORMAT_INDICATOR_NOT_FIRST:85");
    EXPECT_EQ(verdict(code_of("85054350563032")), "FORMAT_INDICATOR:85");
    EXPECT_EQ(verdict(code_of("8504435056")), "FORMAT_INDICATOR:85");
    EXPECT_EQ(verdict(code_of(indicator)), "NO_APPLICATION:61");
}

TEST(ConsumerCode, TellsObjectsThatAreNone) {
    const auto ending = [](std::string_view hex) {
        return verdict(code_of(fmt::format("{}{}{}", indicator, in_template("61", aid), hex)));
    };
    EXPECT_EQ(ending(""), "good");
    EXPECT_EQ(ending("9F"), "TRUNCATED");
    EXPECT_EQ(ending("9F26"), "TRUNCATED:9F26");
    EXPECT_EQ(ending("C1"), "TRUNCATED:C1");
    EXPECT_EQ(ending("C102FF"), "TRUNCATED:C1");
    EXPECT_EQ(ending("C181"), "TRUNCATED:C1");
    EXPECT_EQ(ending("C18200"), "TRUNCATED:C1");
    EXPECT_EQ(ending("C180FF"), "BAD_LENGTH:C1");
    EXPECT_EQ(ending("C18300000100"), "BAD_LENGTH:C1");
    EXPECT_EQ(ending("C1FF00"), "BAD_LENGTH:C1");
    EXPECT_EQ(ending("DF81820100"), "BAD_TAG");
    EXPECT_EQ(ending("0000"), "BAD_TAG");
    EXPECT_EQ(ending("620200005F34"), "BAD_TAG:62");
    EXPECT_EQ(ending("DF810100"), "good");
    EXPECT_EQ(ending("C18101FF"), "good");
    EXPECT_EQ(ending("C1820001FF"), "good");
    EXPECT_EQ(ending("C100C100"), "DUPLICATE_TAG:C1");
    EXPECT_EQ(ending(indicator), "DUPLICATE_TAG:85");
    EXPECT_EQ(ending(in_template("61", aid)), "good");
    EXPECT_EQ(ending("62036403C1"), "TRUNCATED:62.64");
    EXPECT_EQ(ending("62039F"), "TRUNCATED:62");
    EXPECT_EQ(ending("62019F"), "TRUNCATED:62");
    EXPECT_EQ(ending("6204C100C100"), "DUPLICATE_TAG:62.C1");
    EXPECT_EQ(ending("62006200"), "DUPLICATE_TAG:62");
    EXPECT_EQ(ending("6206640464026200"), "good");  // nonsense, but unknown tags are kept
}

TEST(ConsumerCode, TellsDataThatStandWhereTheyMayNot) {
    EXPECT_EQ(verdict(code_of(std::string(indicator) + in_template("61", "500141"))), "NO_AID:61");
    EXPECT_EQ(verdict(code_of(std::string(indicator) + in_template("61", aid) + "6100")),
              "NO_AID:61");
    EXPECT_EQ(with_common("", "5A081234567890123458"), "good");
    EXPECT_EQ(with_common("5A081234567890123458", "5A081234567890123458"), "DUPLICATE_TAG:62.5A");
    EXPECT_EQ(with_common("", aid), "DUPLICATE_TAG:62.4F");
    EXPECT_EQ(with_common("", "500141"), "BAD_TAG:62.50");
    EXPECT_EQ(with_common("500141", "500141"), "DUPLICATE_TAG:62.50");
    EXPECT_EQ(with_common("630482020000", "640482020000"), "DUPLICATE_TAG:62.64.82");
    EXPECT_EQ(with_common("63059F36020001", "640482020000"), "good");
}

TEST(ConsumerCode, ChecksFormats) {
    const std::string eleven(22, '1');
    EXPECT_EQ(verdict(code_of(std::string(indicator) + in_template("61", "4F04A0000003"))),
              "FORMAT:61.4F");
    EXPECT_EQ(verdict(code_of(std::string(indicator) +
                              in_template("61", in_template("4F", std::string(34, 'A'))))),
              "LENGTH:61.4F");
    EXPECT_EQ(with("5000"), "EMPTY_VALUE:61.50");
    EXPECT_EQ(with(in_template("50", std::string(34, '4'))), "LENGTH:61.50");
    EXPECT_EQ(with(in_template("5A", eleven)), "LENGTH:61.5A");
    EXPECT_EQ(with("5A02123F"), "good");
    EXPECT_EQ(with("5A02F123"), "FORMAT:61.5A");
    EXPECT_EQ(with("5A0212A3"), "FORMAT:61.5A");
    EXPECT_EQ(with("5702FFFF"), "FORMAT:61.57");
    EXPECT_EQ(with("5703123D4F"), "good");
    EXPECT_EQ(with("57031234FF"), "FORMAT:61.57");
    EXPECT_EQ(with("5703D23412"), "FORMAT:61.57");
    EXPECT_EQ(with("5F200141"), "FORMAT:61.5F20");
    EXPECT_EQ(with("5F2D037A6865"), "FORMAT:61.5F2D");
    EXPECT_EQ(with("5F2D027A31"), "FORMAT:61.5F2D");
    EXPECT_EQ(with("5F34011A"), "FORMAT:61.5F34");
    EXPECT_EQ(with("9F080100"), "FORMAT:61.9F08");
    EXPECT_EQ(with("9F1906012345678901"), "good");
    EXPECT_EQ(with("9F190601234567890A"), "FORMAT:61.9F19");
    EXPECT_EQ(with("9F25021234"), "good");
    EXPECT_EQ(with("9F250212"), "TRUNCATED:61.9F25");
    EXPECT_EQ(with(in_template("63", "9F2607" + std::string(14, '0'))), "FORMAT:61.63.9F26");
    EXPECT_EQ(with(in_template("63", "9F2608" + std::string(16, '0'))), "good");
    EXPECT_EQ(with("9F3604"
                   "00000001"),
              "FORMAT:61.9F36");
    EXPECT_EQ(with(in_template("9F10", std::string(66, '0'))), "LENGTH:61.9F10");
    EXPECT_EQ(with("DF0100"), "good");  // unknown: kept as it is
}

TEST(ConsumerCode, KeepsUnreadWhatLiesTooDeep) {
    EXPECT_EQ(with("7F01057F02027F03"), "TRUNCATED:61.7F01.7F02.7F03");
    EXPECT_EQ(with("7F01087F02057F03029F77"), "good");
}

}  // namespace
}  // namespace huitong::wire::emvqr
