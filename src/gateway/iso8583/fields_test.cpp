#include "gateway/iso8583/fields.hpp"

#include <gtest/gtest.h>

#include "gateway/iso8583/payments.hpp"

namespace huitong::gateway::iso8583 {
namespace {

Instant at(std::string_view text) {
    return *parse_rfc3339(text);
}

TEST(Moment, TakesTheYearThatLiesNearest) {
    const struct {
        std::string_view now, digits, want;
    } cases[] = {
        {"2026-06-15T12:00:00+08:00", "0615115930", "2026-06-15T11:59:30+08:00"},
        {"2027-01-01T00:00:05+08:00", "1231235959", "2026-12-31T23:59:59+08:00"},
        {"2026-12-31T23:59:58+08:00", "0101000001", "2027-01-01T00:00:01+08:00"},
        {"2028-03-01T00:00:00+08:00", "0229235959", "2028-02-29T23:59:59+08:00"},
    };
    for (const auto& c : cases) {
        const auto moment = moment_near(c.digits, at(c.now));
        ASSERT_TRUE(moment) << c.digits;
        EXPECT_EQ(to_rfc3339(*moment), c.want);
        EXPECT_EQ(month_to_second(*moment), c.digits);
    }
    for (const std::string_view bad : {"", "1301000000", "0101", "01010000AA"})
        EXPECT_FALSE(moment_near(bad, at(cases[0].now))) << bad;
}

TEST(OriginalKey, IsReadBackAndKnownAfterMonths) {
    const OriginalKey key{"0200", "000123", "0105103000", "44190440", "44190440"};
    EXPECT_EQ(key.field_90(), "020000012301051030000004419044000044190440");
    EXPECT_EQ(*parse_field_90(key.field_90()), key);
    const std::string id = "20260105103000000123/44190440/44190440";
    EXPECT_EQ(key.request_id(at("2026-01-05T10:30:00+08:00")), id);
    EXPECT_EQ(key.request_id(at("2026-11-30T00:00:00+08:00")), id);
    EXPECT_EQ(*parse_request_id(id, "0200"), key);
    for (const std::string_view bad : {"", "2026", "20260105103000000123/4419x440/1", "/", "a/b/c"})
        EXPECT_FALSE(parse_request_id(bad, "0200")) << bad;
    for (const std::string_view bad : {"", "0200000123010510300000044190440000441904"})
        EXPECT_FALSE(parse_field_90(bad)) << bad;
}

TEST(Reference, HoldsAnIdInTwelveCharacters) {
    for (const std::uint64_t value : {std::uint64_t{1}, std::uint64_t{890'000'000'000} << 20}) {
        const std::string text = reference_of({value});
        EXPECT_EQ(text.size(), 12U);
        EXPECT_EQ(*payment_of_reference(text), PaymentId{value});
    }
    for (const std::string_view bad :
         {"", "000000000000", "abc000000000", "ZZZZZZZZZZZZZ", "0 0000000000"})
        EXPECT_FALSE(payment_of_reference(bad)) << bad;
}

TEST(Usage, IsFoundAmongOthers) {
    const auto& dialect = *wire::iso8583::builtin_dialect("cups");
    Fields fields;
    fields[48] = usage_text("QM", "https://pay.example/1");
    EXPECT_EQ(*usage_in(dialect, fields, "QM"), "https://pay.example/1");
    EXPECT_FALSE(usage_in(dialect, fields, "QC"));
    fields[48] = "ASRA012000000000100QC00512345";
    EXPECT_EQ(*usage_in(dialect, fields, "QC"), "12345");
    EXPECT_FALSE(usage_in(dialect, {}, "QC"));
}

switching::Payment a_payment(switching::PaymentKind kind, std::string code) {
    switching::Payment payment;
    payment.terms.id = {(std::uint64_t{212'163'200'123} << 22) | 7};
    payment.terms.kind = kind;
    payment.terms.minor = 1234;
    payment.terms.code = std::move(code);
    payment.terms.subject = "咖啡 shop";
    return payment;
}

TEST(Purchase, IsTheSameForTheSamePayment) {
    const Sender sender{.own_code = "44190440", .merchant = "1900000001"};
    const auto payment = a_payment(switching::PaymentKind::cpm, "130000000000000001");
    const Fields fields = request(payment, sender);
    EXPECT_EQ(fields, request(payment, sender));
    const std::pair<unsigned, std::string_view> wants[] = {
        {2,  "130000000000000001"},
        {3,  "000000"            },
        {4,  "000000001234"      },
        {11, "123007"            },
        {22, "030"               },
        {25, "00"                },
        {32, "44190440"          },
        {33, "44190440"          },
        {41, "00000001"          },
        {42, "1900000001     "   },
        {49, "156"               },
    };
    for (const auto& [field, want] : wants) EXPECT_EQ(text_of(fields, field), want) << field;
    EXPECT_EQ(text_of(fields, 7), month_to_second(id_time(payment.id().value)));
    EXPECT_EQ(missing_field(MessageKind::purchase, fields), 0U);
    EXPECT_EQ(kind_of(*wire::iso8583::Mti::parse("0200"), fields), MessageKind::purchase);

    const Fields undo = reversal(payment, sender);
    EXPECT_EQ(text_of(undo, 11), "123992");
    EXPECT_EQ(text_of(undo, 90),
              "0200123007" + std::string(text_of(fields, 7)) + "0004419044000044190440");
    for (const auto& [field, text] : fields) {
        if (field == 11) continue;
        EXPECT_EQ(text_of(undo, field), text) << field;
    }
}

TEST(Purchase, PutsItsCodeWhereItFits) {
    using enum switching::PaymentKind;
    const auto& dialect = *wire::iso8583::builtin_dialect("cups");
    const Sender sender{.own_code = "44190440"};
    const Fields till = request(a_payment(cpm, "not a number"), sender);
    EXPECT_FALSE(till.contains(2));
    EXPECT_EQ(*usage_in(dialect, till, payer_code_usage), "not a number");
    const Fields scan = request(a_payment(mpm, "123456"), sender);
    EXPECT_FALSE(scan.contains(2));
    EXPECT_EQ(*usage_in(dialect, scan, merchant_code_usage), "123456");
}

TEST(Refund, NamesItsOriginalWhoeverAskedForIt) {
    using switching::PaymentKind;
    const Sender sender{.own_code = "44190440"};
    const PaymentId original{(std::uint64_t{212'163'100'007} << 22) | 3};
    const auto ours = refund(
        a_payment(PaymentKind::refund, "sender:" + switching::request_key(original)), sender, {});
    ASSERT_TRUE(ours);
    EXPECT_EQ(text_of(*ours, 90).substr(0, 10), "0200007003");
    const auto theirs = refund(
        a_payment(PaymentKind::refund, "receiver:20260105103000000123/1/00010344"), sender, "REF");
    ASSERT_TRUE(theirs);
    EXPECT_EQ(text_of(*theirs, 90), "010000012301051030000000000000100000010344");
    EXPECT_EQ(text_of(*theirs, 37), "REF         ");
    EXPECT_FALSE(refund(a_payment(PaymentKind::refund, "else"), sender, {}));
}

TEST(MissingField, IsTheFirstThatTheKindNeeds) {
    Fields fields = request(a_payment(switching::PaymentKind::cpm, "1"), {.own_code = "44190440"});
    for (const unsigned field :
         {3U, 4U, 7U, 11U, 12U, 13U, 18U, 22U, 25U, 32U, 33U, 37U, 41U, 42U, 49U}) {
        Fields less = fields;
        less.erase(field);
        EXPECT_EQ(missing_field(MessageKind::purchase, less), field);
    }
    fields.erase(2);
    EXPECT_EQ(missing_field(MessageKind::purchase, fields), 0U);
}

}  // namespace
}  // namespace huitong::gateway::iso8583
