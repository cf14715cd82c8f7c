#include "wire/emvqr/own_code.hpp"

#include <gtest/gtest.h>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

PlateTerms plate() {
    return {.own_id = "com.example.pay",
            .merchant_id = "1900000109",
            .country = "CN",
            .name = "Tea House",
            .city = "Shenzhen"};
}

TEST(OwnCode, IsAPlateInAscendingOrder) {
    EXPECT_EQ(static_plate(plate()),
              testing::sealed("00020101021126330015com.example.pay0110190000010952040000"
                              "53031565802CN5909Tea House6008Shenzhen"));
}

TEST(OwnCode, CarriesUnionPayAndTheNationalScheme) {
    PlateTerms terms = plate();
    terms.own_tag = 31;
    terms.unionpay_account = "2031034400010344MERCHANT0000001";
    terms.currency = Currency{764};
    terms.country = "TH";
    terms.national = Node{
        30, "", {{0, "A000000677010112"}, {1, "099999999999901"}}
    };
    const auto text = static_plate(terms);
    ASSERT_TRUE(text) << to_text(text.error());
    EXPECT_TRUE(
        text->starts_with("00020101021115312031034400010344MERCHANT00000013039"
                          "0016A000000677010112011509999999999990131330015com"))
        << *text;
}

TEST(OwnCode, OfAnOrderHasAmountOrderAndTerminal) {
    const auto text = dynamic_code(
        plate(), {
                     .amount = {1250, cny},
                       .order = "R202611250001", .terminal = "T1"
    });
    ASSERT_TRUE(text) << to_text(text.error());
    EXPECT_EQ(*text, testing::sealed("00020101021226330015com.example.pay0110190000010952040000"
                                     "5303156540512.505802CN5909Tea House6008Shenzhen"
                                     "62230513R2026112500010702T1"));
    PlateTerms yen = plate();
    yen.currency = Currency{392};
    EXPECT_TRUE(dynamic_code(yen,
                             {
                                 .amount = {1250, yen.currency},
                                   .order = "R1"
    })
                    ->contains("54041250"));
}

TEST(OwnCode, TellsTermsThatNoCodeCanHold) {
    const auto verdict = [](auto&& change) {
        PlateTerms terms = plate();
        change(terms);
        const auto text = static_plate(terms);
        return text ? "good" : to_text(text.error());
    };
    EXPECT_EQ(verdict([](PlateTerms&) {}), "good");
    EXPECT_EQ(verdict([](PlateTerms& t) { t.name = ""; }), "EMPTY_VALUE:59");
    EXPECT_EQ(verdict([](PlateTerms& t) { t.name = "茶馆"; }), "FORMAT:59");
    EXPECT_EQ(verdict([](PlateTerms& t) { t.country = "China"; }), "FORMAT:58");
    EXPECT_EQ(verdict([](PlateTerms& t) { t.own_tag = 63; }), "NO_ACCOUNT");
    EXPECT_EQ(verdict([](PlateTerms& t) { t.unionpay_account = "opaque"; }), "FORMAT:15");
    EXPECT_EQ(verdict([](PlateTerms& t) {
                  t.national = Node{
                      38, "", {{0, "A005266284662577"}, {1, "2771"}}
                  };
              }),
              "FORMAT:38.01");
}

}  // namespace
}  // namespace huitong::wire::emvqr
