#include "wire/emvqr/merchant_code.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

using testing::Draft;
using testing::object;
using testing::sealed;

struct Case {
    const char* name;
    std::string text;
    Defect want;
};

void expect_defects(std::initializer_list<Case> cases) {
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const auto code = decode_mpm(c.text);
        EXPECT_EQ(code ? "none" : to_text(code.error()), to_text(c.want));
    }
}

TEST(MerchantCode, SaysWhatItHolds) {
    const std::string text =
        Draft().set("55", "03").set("57", "2.5").raw("64", "64210002ZH0105测试店铺0202香港").text();
    const auto code = decode_mpm(text);
    ASSERT_FALSE(code);  // "测试店铺" has four characters, and 0105 takes five.
    const std::string good =
        Draft().set("55", "03").set("57", "2.5").raw("64", "64200002ZH0104测试店铺0202香港").text();
    const auto read = decode_mpm(good);
    ASSERT_TRUE(read) << to_text(read.error());
    EXPECT_EQ(read->method(), InitiationMethod::dynamic_code);
    EXPECT_EQ(read->amount(), (Money{1234, Currency{344}}));
    EXPECT_EQ(read->percentage_fee_ppm(), 25'000U);
    EXPECT_EQ(read->fixed_fee(), std::nullopt);
    EXPECT_EQ(read->country(), "HK");
    EXPECT_EQ(read->category(), "5411");
    EXPECT_EQ(read->shown("en").name, "TEST MART");
    EXPECT_EQ(read->shown("zh").name, "测试店铺");
    EXPECT_EQ(read->shown("zh").city, "香港");
    EXPECT_FALSE(read->relaxed());
}

TEST(MerchantCode, TellsWhatIsNoText) {
    const std::string long_text = Draft()
                                      .set("65", std::string(99, 'x'))
                                      .set("66", std::string(99, 'x'))
                                      .set("67", std::string(99, 'x'))
                                      .set("68", std::string(99, 'x'))
                                      .text();
    expect_defects({
        {"empty", "", {DefectCode::format_indicator_not_first, ""}},
        {"too long", long_text, {DefectCode::too_long, ""}},
        {"far too long", std::string(1'000'000, '0'), {DefectCode::too_long, ""}},
        {"no indicator", sealed("010211"), {DefectCode::format_indicator_not_first, ""}},
        {"another indicator", Draft().set("00", "02").text(), {DefectCode::format_indicator, "00"}},
        {"a longer indicator",
         Draft().set("00", "010").text(),
         {DefectCode::format_indicator, "00"}},
    });
}

TEST(MerchantCode, ReadsUpTo512Characters) {
    // 512 characters of 1,012 bytes: lengths count characters.
    std::string filler;
    for (int i = 0; i < 99; ++i) filler += "汉";
    Draft draft;
    for (const char* tag : {"65", "66", "67"}) draft.raw(tag, tag + ("99" + filler));
    const std::size_t left = code_characters_max - characters(draft.text()) - 4;
    draft.set("68", std::string(left, 'x'));
    EXPECT_EQ(characters(draft.text()), code_characters_max);
    EXPECT_TRUE(decode_mpm(draft.text()));
    draft.set("68", std::string(left + 1, 'x'));
    expect_defects({
        {"513", draft.text(), {DefectCode::too_long, ""}}
    });
}

TEST(MerchantCode, TellsObjectsThatAreNone) {
    const auto ending = [](const char* end) { return Draft().unsealed() + end; };
    expect_defects({
        {"one character",          ending("6"),             {DefectCode::truncated, ""}      },
        {"a tag alone",            ending("61"),            {DefectCode::truncated, "61"}    },
        {"half a length",          ending("610"),           {DefectCode::truncated, "61"}    },
        {"no value",               ending("6105"),          {DefectCode::truncated, "61"}    },
        {"a value too short",      ending("61051234"),      {DefectCode::truncated, "61"}    },
        {"a tag with a letter",    ending("6A0512345"),     {DefectCode::bad_tag, ""}        },
        {"a length with a letter", ending("610x12345"),     {DefectCode::bad_length, "61"}   },
        {"a length with a sign",   ending("61+512345"),     {DefectCode::bad_length, "61"}   },
        {"length 00",              ending("6100"),          {DefectCode::empty_value, "61"}  },
        {"twice",                  ending("53033445802HK"), {DefectCode::duplicate_tag, "53"}},
        {"no UTF-8",               ending("6103\xC3\x28x"), {DefectCode::format, "61"}       },
    });
}

TEST(MerchantCode, TellsObjectsInTemplatesThatAreNone) {
    const auto with = [](const char* tag, const std::string& inside) {
        return Draft().set(tag, inside).text();
    };
    expect_defects({
        {"truncated", with("26", "0099AB"), {DefectCode::truncated, "26.00"}},
        {"a piece", with("62", "0103ABC05"), {DefectCode::truncated, "62.05"}},
        {"one character", with("62", "0103ABC0"), {DefectCode::truncated, "62"}},
        {"a bad tag", with("62", "X103ABC"), {DefectCode::bad_tag, "62"}},
        {"a bad length", with("62", "01X3ABC"), {DefectCode::bad_length, "62.01"}},
        {"empty", with("62", "01000501A"), {DefectCode::empty_value, "62.01"}},
        {"twice", with("62", "0101A0101B"), {DefectCode::duplicate_tag, "62.01"}},
        {"in a template of 62",
         with("62", object("50", "0004ABCD0109X")),
         {DefectCode::truncated, "62.50.01"}},
        {"in a template of VietQR",
         with("38", object("00", "A000000727") + object("01", "0006970436019")),
         {DefectCode::truncated, "38.01.01"}},
        {"in an unreserved template",
         with("91", "0004ABCD0109X"),
         {DefectCode::truncated, "91.01"}},
        {"the first defect, not the outermost",
         with("62", "0199A") + "junk",
         {DefectCode::truncated, "62.01"}},
    });
}

TEST(MerchantCode, KeepsPlainTextWhereEmvcoHasATemplate) {
    const std::string digest = "00ab4c" + std::string(58, 'e');  // opens as a template might
    for (const std::string& value : {std::string("ABC"), std::string("0103ABC"),
                                     std::string(64, 'd'), digest, "0012" + std::string(60, '7')}) {
        const std::string text = Draft().set("82", value).text();
        const auto code = decode_mpm(text);
        ASSERT_TRUE(code) << value << " " << to_text(code.error());
        EXPECT_EQ(code->objects().value(82), value);
        EXPECT_FALSE(code->objects().find(82)->is_template) << value;
    }
    const std::string late = Draft().set("91", "0103ABC0004WXYZ").text();  // 00 need not be first
    EXPECT_EQ(decode_mpm(late)->objects().value(91, 0), "WXYZ");
}

TEST(MerchantCode, TellsWhatIsWrongWithTheCrc) {
    const std::string text = Draft().text();
    const std::string body = text.substr(0, text.size() - 4);
    expect_defects({
        {"missing",        Draft().unsealed(),              {DefectCode::crc_missing, "63"} },
        {"not last",       text + "6105ABCDE",              {DefectCode::crc_not_last, "63"}},
        {"three digits",   Draft().unsealed() + "6303ABC",  {DefectCode::crc_format, "63"}  },
        {"no digits",      body + "12G4",                   {DefectCode::crc_format, "63"}  },
        {"another text's",
         body + (text.ends_with("0000") ? "0001" : "0000"),
         {DefectCode::crc_mismatch, "63"}                                                   },
    });
    std::string small = text;
    for (std::size_t i = text.size() - 4; i < text.size(); ++i)
        small[i] = static_cast<char>(std::tolower(small[i]));
    EXPECT_TRUE(decode_mpm(small));
}

TEST(MerchantCode, TellsTheFirstRuleThatIsBroken) {
    const std::string c26(26, 'A');
    expect_defects({
        {"method", Draft().set("01", "13").text(), {DefectCode::initiation_method, "01"}},
        {"method of one digit",
         Draft().set("01", "1").text(),
         {DefectCode::initiation_method, "01"}},
        {"no account", Draft().drop("15").text(), {DefectCode::no_account, ""}},
        {"no unique id", Draft().set("51", "0101X").text(), {DefectCode::no_guid, "51"}},
        {"no category", Draft().drop("52").text(), {DefectCode::missing, "52"}},
        {"no currency", Draft().drop("53").text(), {DefectCode::missing, "53"}},
        {"no country", Draft().drop("58").text(), {DefectCode::missing, "58"}},
        {"no name", Draft().drop("59").text(), {DefectCode::missing, "59"}},
        {"no city", Draft().drop("60").text(), {DefectCode::missing, "60"}},
        {"an account with a control character",
         Draft().set("02", "4\n").text(),
         {DefectCode::format, "02"}},
        {"a reserved account is not looked at",
         Draft().set("17", "4\n").set("54", "0").text(),
         {DefectCode::amount, "54"}},
        {"a category of three digits", Draft().set("52", "541").text(), {DefectCode::format, "52"}},
        {"a category of letters", Draft().set("52", "54A1").text(), {DefectCode::format, "52"}},
        {"a currency of letters", Draft().set("53", "HKD").text(), {DefectCode::format, "53"}},
        {"a currency of nobody", Draft().set("53", "001").text(), {DefectCode::format, "53"}},
        {"a small country", Draft().set("58", "hk").text(), {DefectCode::format, "58"}},
        {"a long country", Draft().set("58", "HKG").text(), {DefectCode::format, "58"}},
        {"a long name", Draft().set("59", c26).text(), {DefectCode::length, "59"}},
        {"a name with a control character",
         Draft().set("59", "A\tB").text(),
         {DefectCode::format, "59"}},
        {"a long city", Draft().set("60", c26.substr(0, 16)).text(), {DefectCode::length, "60"}},
        {"a long postal code",
         Draft().set("61", c26.substr(0, 11)).text(),
         {DefectCode::length, "61"}},
        {"method before account",
         Draft().set("01", "13").drop("15").text(),
         {DefectCode::initiation_method, "01"}},
        {"account before mandatory",
         Draft().drop("15").drop("52").text(),
         {DefectCode::no_account, ""}},
        {"mandatory before format",
         Draft().set("52", "x").drop("60").text(),
         {DefectCode::missing, "60"}},
        {"format before amount",
         Draft().set("60", c26).set("54", "0").text(),
         {DefectCode::length, "60"}},
        {"amount before tip",
         Draft().set("54", "0").set("55", "04").text(),
         {DefectCode::amount, "54"}},
        {"tip before 62",
         Draft().set("55", "04").set("62", object("09", "X")).text(),
         {DefectCode::tip_indicator, "55"}},
        {"62 before 64",
         Draft().set("62", object("09", "X")).set("64", "0102AB").text(),
         {DefectCode::format, "62.09"}},
    });
}

TEST(MerchantCode, TakesAmountsOfTheCurrencyOnly) {
    const auto amount = [](const char* currency, const char* text) {
        const std::string code = Draft().set("53", currency).set("54", text).text();
        const auto read = decode_mpm(code);
        if (read) return std::to_string(read->amount()->minor);
        return to_text(read.error());
    };
    EXPECT_EQ(amount("344", "98."), "9800");
    EXPECT_EQ(amount("344", "0.01"), "1");
    EXPECT_EQ(amount("344", "007"), "700");
    EXPECT_EQ(amount("344", "9999999999999"), "999999999999900");
    EXPECT_EQ(amount("704", "98."), "98");
    EXPECT_EQ(amount("048", "1.234"), "1234");
    EXPECT_EQ(amount("990", "1.2345"), "12345");
    EXPECT_EQ(amount("999", "7"), "7");
    for (const char* bad : {"0", "0.00", ".5", "1.2.3", "1,5", "-1", "+1", " 1", "1e3", "1.234",
                            ".", "12345678901234", "1 "})
        EXPECT_EQ(amount("344", bad), "AMOUNT:54") << bad;
    for (const char* currency : {"704", "410", "392", "999"})
        EXPECT_EQ(amount(currency, "1.0"), "AMOUNT:54") << currency;
}

TEST(MerchantCode, KnowsTheTipsThatBelongTogether) {
    const auto tip = [](const char* indicator, const char* fixed, const char* percentage) {
        Draft draft;
        if (*indicator != '\0') draft.set("55", indicator);
        if (*fixed != '\0') draft.set("56", fixed);
        if (*percentage != '\0') draft.set("57", percentage);
        const std::string code = draft.text();
        const auto read = decode_mpm(code);
        return read ? "good" : to_text(read.error());
    };
    EXPECT_EQ(tip("01", "", ""), "good");
    EXPECT_EQ(tip("02", "5.00", ""), "good");
    for (const char* percentage : {"00.01", "99.99", "5", "5.", "5.5"})
        EXPECT_EQ(tip("03", "", percentage), "good") << percentage;
    for (const char* indicator : {"00", "04", "1", "1x", "001"})
        EXPECT_EQ(tip(indicator, "", ""), "TIP_INDICATOR:55") << indicator;
    EXPECT_EQ(tip("02", "", ""), "TIP_VALUE:56");
    EXPECT_EQ(tip("02", "0", ""), "TIP_VALUE:56");
    EXPECT_EQ(tip("02", "5.001", ""), "TIP_VALUE:56");
    EXPECT_EQ(tip("02", "5.00", "5"), "TIP_VALUE:57");
    EXPECT_EQ(tip("01", "5.00", ""), "TIP_VALUE:56");
    EXPECT_EQ(tip("01", "", "5"), "TIP_VALUE:57");
    EXPECT_EQ(tip("", "5.00", ""), "TIP_VALUE:56");
    EXPECT_EQ(tip("", "", "5"), "TIP_VALUE:57");
    EXPECT_EQ(tip("03", "", ""), "TIP_VALUE:57");
    EXPECT_EQ(tip("03", "5.00", ""), "TIP_VALUE:56");
    for (const char* percentage : {"0", "00.00", "100", "5%", "5.001", ".5", "00.010"})
        EXPECT_EQ(tip("03", "", percentage), "TIP_VALUE:57") << percentage;
}

TEST(MerchantCode, LimitsTheAdditionalData) {
    const auto data = [](const std::string& inside) {
        const std::string code = Draft().set("62", inside).text();
        const auto read = decode_mpm(code);
        return read ? "good" : to_text(read.error());
    };
    for (const char* tag : {"01", "02", "03", "04", "05", "06", "07", "08"}) {
        EXPECT_EQ(data(object(tag, std::string(25, 'x'))), "good");
        EXPECT_EQ(data(object(tag, std::string(26, 'x'))), "LENGTH:62." + std::string(tag));
        EXPECT_EQ(data(object(tag, ask_payer)), "good");
    }
    for (const char* letters : {"A", "M", "E", "ME", "EMA"})
        EXPECT_EQ(data(object("09", letters)), "good") << letters;
    for (const char* letters : {"X", "AA", "AMEA", "a", "A "})
        EXPECT_EQ(data(object("09", letters)), "FORMAT:62.09") << letters;
    EXPECT_EQ(data(object("10", std::string(40, 'x')) + object("11", "123")), "good");
    EXPECT_EQ(data(object("50", object("00", "com.example") + object("01", "x"))), "good");
}

TEST(MerchantCode, ChecksTheLanguageTemplate) {
    const auto language = [](const std::string& inside) {
        const std::string code = Draft().set("64", inside).text();
        const auto read = decode_mpm(code);
        return read ? "good" : to_text(read.error());
    };
    const std::string zh = object("00", "ZH");
    const std::string name = object("01", "Name");
    EXPECT_EQ(language(zh + name), "good");
    EXPECT_EQ(language(object("00", "zh") + name + object("02", "City")), "good");
    EXPECT_EQ(language(name), "MISSING:64.00");
    EXPECT_EQ(language(zh), "MISSING:64.01");
    EXPECT_EQ(language(object("00", "ZHO") + name), "FORMAT:64.00");
    EXPECT_EQ(language(object("00", "Z1") + name), "FORMAT:64.00");
    EXPECT_EQ(language(zh + object("01", std::string(26, 'x'))), "LENGTH:64.01");
    EXPECT_EQ(language(zh + name + object("02", std::string(16, 'x'))), "LENGTH:64.02");
}

TEST(MerchantCode, IsRelaxedOnlyWhereAKnownSchemeIs) {
    Draft person;
    person.drop("15")
        .drop("52")
        .drop("59")
        .drop("60")
        .set("53", "764")
        .set("29", object("00", "a000000677010111") + object("01", "0066801234567"));
    const std::string text = person.text();
    const auto code = decode_mpm(text);
    ASSERT_TRUE(code) << to_text(code.error());
    EXPECT_TRUE(code->relaxed());
    EXPECT_EQ(code->strict_defect(), (Defect{DefectCode::missing, "52"}));
    EXPECT_EQ(code->shown("en").name, "");
    EXPECT_EQ(decode_mpm(text, Strictness::strict).error(), (Defect{DefectCode::missing, "52"}));
    expect_defects({
        {"other defects stay", Draft(person).set("54", "0").text(), {DefectCode::amount, "54"}},
        {"other objects stay mandatory",
         Draft(person).drop("53").text(),
         {DefectCode::missing, "53"}},
        {"the CRC is never relaxed",
         person.unsealed() + "63040000",
         {DefectCode::crc_mismatch, "63"}},
        {"a bill is of a merchant",
         Draft(person).drop("29").set("30", object("00", "A000000677010112")).text(),
         {DefectCode::missing, "52"}},
        {"another tag",
         Draft(person).drop("29").set("31", object("00", "A000000677010111")).text(),
         {DefectCode::missing, "52"}},
        {"nobody's id",
         Draft(person).set("29", object("00", "A00000067701011")).text(),
         {DefectCode::missing, "52"}},
    });
}

RC_GTEST_PROP(MerchantCode, DetectsEveryCharacterThatIsChanged, ()) {
    std::string text = Draft().text();
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto other = *rc::gen::inRange<char>(' ', '~');
    RC_PRE(std::tolower(text[at]) != std::tolower(other));  // The CRC may be in small letters.
    text[at] = other;
    RC_ASSERT(!decode_mpm(text));
}

}  // namespace
}  // namespace huitong::wire::emvqr
