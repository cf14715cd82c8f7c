#include "wire/emvqr/schemes.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

using testing::Draft;
using testing::object;

constexpr std::string_view unionpay = "2031034400010344MERCHANT0000001";

std::vector<std::string_view> names_in(const std::string& text) {
    const auto code = decode_mpm(text);
    EXPECT_TRUE(code) << text << " " << to_text(code.error());
    return code ? scheme_names(code->objects()) : std::vector<std::string_view>{};
}

std::vector<std::string_view> names_with(const char* tag, const std::string& value) {
    const std::string text = Draft().drop("15").set("06", "x").set(tag, value).text();
    return names_in(text);
}

using Names = std::vector<std::string_view>;

TEST(Schemes, AreFoundByTagAndUniqueId) {
    struct Case {
        const char* tag;
        const char* id;
        std::string_view want;
    };
    const Case cases[] = {
        {"29", "A000000677010111",    "PromptPay credit transfer"},
        {"29", "A000000677010114",    "PromptPay credit transfer"},
        {"30", "a000000677010112",    "PromptPay bill payment"   },
        {"26", "A0000006150001",      "DuitNow"                  },
        {"29", "somebody@bank",       "KHQR"                     },
        {"30", "shop@bank",           "KHQR"                     },
        {"38", "A000000727",          "VietQR"                   },
        {"26", "sg.paynow",           "PayNow"                   },
        {"51", "SG.SGQR",             "SGQR"                     },
        {"26", "ID.CO.BANK.WWW",      "QRIS"                     },
        {"45", "id.co.some.bank.www", "QRIS"                     },
        {"51", "ID.CO.QRIS.WWW",      "QRIS"                     },
        {"27", "com.p2pqrpay",        "QR Ph"                    },
        {"28", "ph.ppmi.p2m",         "QR Ph"                    },
        {"26", "hk.com.hkicl",        "FPS"                      },
        {"38", "A005266284662577",    "LaoQR"                    },
        {"26", "jp.or.paymentsjapan", "JPQR"                     },
        {"26", "np.gov.nrb",          "NepalPay"                 },
        {"26", "BR.GOV.BCB.PIX",      "Pix"                      },
        {"40", "A000000333010101",    "UnionPay"                 },
    };
    for (const Case& c : cases)
        EXPECT_EQ(names_with(c.tag, object("00", c.id)), Names{c.want}) << c.tag << " " << c.id;
}

TEST(Schemes, AreNotFoundByHalf) {
    struct Case {
        const char* tag;
        const char* id;
    };
    const Case cases[] = {
        {"31", "A000000677010111" },
        {"29", "A0000006770101110"},
        {"29", "somebody"         },
        {"29", "@bank"            },
        {"29", "somebody@"        },
        {"31", "somebody@bank"    },
        {"26", "ID.CO..WWW"       },
        {"26", "ID.CO.WWW"        },
        {"46", "ID.CO.BANK.WWW"   },
        {"26", "SG.PAYNO"         },
        {"40", "A000000333"       },
        {"40", "unknown.example"  },
    };
    for (const Case& c : cases)
        EXPECT_EQ(names_with(c.tag, object("00", c.id)), Names{}) << c.tag << " " << c.id;
    EXPECT_EQ(names_with("16", std::string(unionpay)), Names{"UnionPay"});
    EXPECT_EQ(names_with("16", "opaque text of another network"), Names{});
    EXPECT_EQ(names_with("02", "4111111111111111"), Names{"Visa"});
    EXPECT_EQ(names_with("06", "4111111111111111"), Names{});
}

TEST(Schemes, HaveTheirMoneyAndTheirMark) {
    for (const SchemeRow& row : schemes()) {
        EXPECT_LE(row.tag_first, row.tag_last) << row.name;
        EXPECT_EQ(row.mark == Mark::unique_id, !row.id.empty()) << row.name;
        EXPECT_EQ(row.country.empty(), row.currencies[0] == 0) << row.name;
        for (const std::uint16_t currency : row.currencies)
            EXPECT_TRUE(currency == 0 || currency_of(currency)) << row.name;
        const bool of_persons = row.name == "PromptPay credit transfer" || row.name == "VietQR";
        EXPECT_EQ(row.relaxed, of_persons) << row.name;
    }
}

TEST(Accounts, AreChosenByCountryThenUnionPayThenRoutes) {
    const std::string text = Draft()
                                 .set("02", "4111111111111111")
                                 .set("04", "5555555555554444")
                                 .set("26", object("00", "hk.com.hkicl"))
                                 .set("40", object("00", "nobody.example"))
                                 .text();
    const auto code = decode_mpm(text);
    ASSERT_TRUE(code);
    EXPECT_EQ(accounts_of(code->objects()).size(), 5U);
    const auto chosen = [&code](std::vector<std::string_view> routes) {
        const auto account = choose_account(*code, routes);
        return account ? account->scheme->name : "none";
    };
    EXPECT_EQ(chosen({"Visa", "Mastercard", "UnionPay", "FPS"}), "FPS");
    EXPECT_EQ(chosen({"Visa", "Mastercard", "UnionPay"}), "UnionPay");
    EXPECT_EQ(chosen({"Visa", "Mastercard"}), "Visa");
    EXPECT_EQ(chosen({"Mastercard", "Visa"}), "Mastercard");
    EXPECT_EQ(chosen({"Pix"}), "none");
    EXPECT_EQ(chosen({}), "none");
}

TEST(Accounts, MayMisfitTheirScheme) {
    const auto fits = [](const char* tag, const std::string& value) {
        const std::string text = Draft().set(tag, value).text();
        const auto code = decode_mpm(text);
        EXPECT_TRUE(code) << value;
        for (const Account& account : accounts_of(code->objects()))
            if (const Finding found = misfit(account, code->objects())) return to_text(*found);
        return std::string("fits");
    };
    const std::string promptpay = object("00", "A000000677010111");
    EXPECT_EQ(fits("29", promptpay + object("01", "0066801234567")), "fits");
    EXPECT_EQ(fits("29", promptpay + object("01", "006680123456")), "FORMAT:29.01");
    EXPECT_EQ(fits("29", promptpay + object("01", "006680123456x")), "FORMAT:29.01");
    EXPECT_EQ(fits("29", promptpay + object("01", "00668012345678")), "LENGTH:29.01");
    EXPECT_EQ(fits("29", object("00", "a@" + std::string(31, 'b'))), "LENGTH:29.00");
    EXPECT_EQ(fits("40", object("00", "nobody.example") + object("01", "?")), "fits");
}

TEST(Expiry, IsReadWhereTheSchemeWritesIt) {
    const auto end = [](const Draft& draft) -> std::optional<std::int64_t> {
        const std::string text = draft.text();
        const auto code = decode_mpm(text);
        EXPECT_TRUE(code) << text;
        const auto moment = expires(code->objects());
        return moment ? std::optional(moment->ms) : std::nullopt;
    };
    const std::string khqr = object("00", "shop@bank");
    const std::string paynow = object("00", "SG.PAYNOW");
    EXPECT_EQ(end(Draft().set("30", khqr)), std::nullopt);
    EXPECT_EQ(end(Draft()
                      .set("30", khqr)
                      .set("99", object("00", "1763800000000") + object("01", "1763800060000"))),
              1'763'800'060'000);
    EXPECT_EQ(
        end(Draft().set("30", khqr).set("99", object("00", "1") + object("01", "17638000600"))),
        std::nullopt);
    EXPECT_EQ(end(Draft().set("26", paynow + object("04", "20261231"))), 1'798'732'799'000);
    EXPECT_EQ(end(Draft().set("26", paynow + object("04", "20261331"))), std::nullopt);
}

TEST(VietQr, HasATemplateInItsTemplateWhereverItsIdStands) {
    const std::string beneficiary = object("00", "970436") + object("01", "0011001234567");
    const std::string id = object("00", "A000000727");
    for (const std::string& value :
         {id + object("01", beneficiary), object("01", beneficiary) + id}) {
        const std::string text = Draft().set("38", value).text();
        const auto code = decode_mpm(text);
        ASSERT_TRUE(code);
        const Objects& objects = code->objects();
        const Object* inner = objects.find(*objects.find(38), 1);
        ASSERT_NE(inner, nullptr);
        EXPECT_TRUE(inner->is_template);
        EXPECT_EQ(objects.value(*objects.find(*inner, 0)), "970436");
    }
    const std::string lao =
        Draft().set("38", object("00", "A005266284662577") + object("01", "00027710")).text();
    EXPECT_EQ(decode_mpm(lao)->objects().value(38, 1), "00027710");
}

}  // namespace
}  // namespace huitong::wire::emvqr
