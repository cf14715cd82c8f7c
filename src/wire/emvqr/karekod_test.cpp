#include "wire/emvqr/karekod.hpp"

#include <gtest/gtest.h>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

using testing::object;
using testing::sealed;

std::string code_of(const std::string& amount) {
    const std::string payee = object("01", "TR330006100519786457841326") +
                              object("07", "TEST PAYEE") + object("10", "03");
    return sealed("750210" + object("01", "12") + object("02", "0001") +
                  object("03", "123456789012") + amount + object("61", payee) +
                  object("20", std::string(32, '7')));
}

TEST(Karekod, SaysWhatItHolds) {
    const std::string text = code_of(object("54", "000000012345"));
    const auto code = decode_karekod(text);
    ASSERT_TRUE(code) << to_text(code.error());
    EXPECT_EQ(code->amount(), (Money{12345, try_currency}));
    EXPECT_EQ(code->iban(), "TR330006100519786457841326");
    EXPECT_EQ(code->name(), "TEST PAYEE");
    EXPECT_EQ(code->objects().value(61, 10), "03");
    const std::string open = code_of("");
    EXPECT_EQ(decode_karekod(open)->amount(), std::nullopt);
}

TEST(Karekod, IsNotJudgedByTheRulesOfEmv) {
    const std::string text = code_of("");  // no currency, no country, no account
    EXPECT_TRUE(decode_karekod(text));
}

TEST(Karekod, TellsDefects) {
    const auto verdict = [](const std::string& text) {
        const auto code = decode_karekod(text);
        return code ? "good" : to_text(code.error());
    };
    EXPECT_EQ(verdict(""), "FORMAT_INDICATOR_NOT_FIRST");
    EXPECT_EQ(verdict(sealed("000201")), "FORMAT_INDICATOR_NOT_FIRST");
    EXPECT_EQ(verdict(sealed("750211")), "FORMAT_INDICATOR:75");
    EXPECT_EQ(verdict(sealed("750210") + "x"), "TRUNCATED");
    EXPECT_EQ(verdict(sealed("7502106103019")), "TRUNCATED:61.01");
    EXPECT_EQ(verdict("75021061050101A"), "CRC_MISSING:63");
    EXPECT_EQ(verdict("75021063040000"), "CRC_MISMATCH:63");
    EXPECT_EQ(verdict(code_of(object("54", "12345"))), "AMOUNT:54");
    EXPECT_EQ(verdict(code_of(object("54", "00000001234x"))), "AMOUNT:54");
}

}  // namespace
}  // namespace huitong::wire::emvqr
