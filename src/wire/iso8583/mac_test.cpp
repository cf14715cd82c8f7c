#include "wire/iso8583/mac.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/bytes.hpp"
#include "wire/iso8583/message_kit_test.hpp"

namespace huitong::wire::iso8583 {
namespace {

using crypto::BlockMac;
using crypto::MacAlgorithm;
using crypto::Secret;

BlockMac mac_under(MacAlgorithm algorithm, std::string_view key_hex) {
    auto made = BlockMac::make(algorithm, Secret(*crypto::from_hex(key_hex)));
    EXPECT_TRUE(made);
    return std::move(*made);
}

constexpr std::string_view double_key = "0123456789ABCDEFFEDCBA9876543210";

using Fields = std::vector<std::pair<unsigned, std::string>>;

std::string data_of(std::string_view mti, const Fields& fields) {
    Builder builder(*builtin_dialect("cups"));
    builder.start(Mti::parse(mti).value_or(Mti{}));
    for (const auto& [field, text] : fields) EXPECT_TRUE(builder.add(field, text)) << field;
    std::string buffer;
    return std::string(mac_data(builder.message(), buffer));
}

TEST(MacData, IsTheFieldsOfItsKindOfMessageCleaned) {
    const std::string original = "020000010111221030150004419044000044190440";
    const struct {
        std::string_view name, mti;
        Fields fields;
        std::string_view want;
    } cases[] = {
        {"no fields",            "0200", {},                                                                         "0200"                     },
        {"length digits count",  "0200", {{2, "12345"}, {102, "ab"}},                                                "0200 0512345 02AB"        },
        {"not all fields do",    "0200", {{3, "000000"}, {12, "010203"}, {49, "156"}},                               "0200 000000"              },
        {"original, cut short",  "0420", {{90, original}},                                                           "0420 02000001011122103015"},
        {"cleaned",              "0200", {{41, "t.R,m#1 "}, {42, "  a   b  c*d   "}},                                "0200 T.R,M1 A B CD"       },
        {"dropped, then spaces", "0200", {{42, "A # B          "}},                                                  "0200 A B"                 },
        {"nothing stays",        "0200", {{41, "########"}, {42, "               "}},                                "0200"                     },
        {"key message",
         "0800",                         {{7, "0517160726"}, {12, "010203"}, {53, "2000000000000000"}, {70, "101"}},
         "0800 0517160726 2000000000000000 101"                                                                                                 },
        {"reconciliation",
         "0522",                         {{3, "000000"}, {66, "1"}, {97, "C0000000000000001"}},
         "0522 1 C0000000000000001"                                                                                                             },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(data_of(c.mti, c.fields), c.want);
    }
}

TEST(Mac, IsCheckedToTheLastBit) {
    Builder builder(*builtin_dialect("cups"));
    std::string buffer;
    auto mac = mac_under(MacAlgorithm::x9_19, double_key);
    builder.start(Mti::parse("0200").value_or(Mti{}));
    ASSERT_TRUE(builder.add(2, "6250947000000014"));
    ASSERT_TRUE(builder.add(4, "000000000100"));
    EXPECT_EQ(verify_mac(builder.message(), mac, buffer).error().code, FaultCode::mac_mismatch);
    ASSERT_TRUE(add_mac(builder, mac, buffer));
    EXPECT_TRUE(verify_mac(builder.message(), mac, buffer));
    EXPECT_EQ(mac_field_of(builder.message()), 128U);

    auto other = mac_under(MacAlgorithm::x9_19, "0123456789ABCDEFFEDCBA9876543212");
    const auto verdict = verify_mac(builder.message(), other, buffer);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, FaultCode::mac_mismatch);
    EXPECT_EQ(verdict.error().field, 128);
    EXPECT_EQ(verdict.error().offset, builder.message().offset(128));

    std::string body(builder.body());
    body[body.size() - 9] ^= 1;  // The last digit of field 4.
    Message changed;
    ASSERT_TRUE(decode_message(*builtin_dialect("cups"), body, 0, changed));
    EXPECT_FALSE(verify_mac(changed, mac, buffer));
}

// Section 11: the switch's key delivery proves the new key twice.
TEST(Mac, OfAKeyMessageIsFourBytesAndTheCheckValue) {
    Builder builder(*builtin_dialect("cups"));
    std::string buffer;
    const std::string_view new_key = "51490E75F192EF91";
    auto mac = mac_under(MacAlgorithm::x9_9, new_key);
    builder.start(Mti::parse("0810").value_or(Mti{}));
    for (const auto& [field, text] : Fields{
             {7,   "0517160726"      },
             {11,  "000535"          },
             {39,  "00"              },
             {53,  "2000000000000000"},
             {70,  "101"             },
             {100, "44190440"        }
    })
        ASSERT_TRUE(builder.add(field, text));
    ASSERT_TRUE(add_mac(builder, mac, buffer, *crypto::from_hex("8945EAB7")));
    EXPECT_EQ(crypto::to_hex_upper(builder.message().wire(128)), "9E54EEAA8945EAB7");
    EXPECT_TRUE(verify_mac(builder.message(), mac, buffer));
}

// Of every kind, what was made is found right, and wrong under another key.
RC_GTEST_PROP(Mac, IsRightUnderItsKeyOnly, ()) {
    const bool network = *rc::gen::arbitrary<bool>();
    const Dialect& dialect = *builtin_dialect(network ? "cups" : "cup-pos");
    const auto algorithm =
        network ? *rc::gen::element(MacAlgorithm::x9_19, MacAlgorithm::sm4_cbc)
                : *rc::gen::element(MacAlgorithm::pos_ecb_triple_des, MacAlgorithm::pos_ecb_sm4);
    auto mac = mac_under(algorithm, double_key);
    auto other = mac_under(algorithm, "0123456789ABCDEFFEDCBA9876543212");
    Builder builder(dialect);
    builder.start(Mti::parse("0200").value_or(Mti{}));
    for (const unsigned field : {2U, 3U, 4U, 11U, 41U, 42U}) {
        if (*rc::gen::arbitrary<bool>())
            RC_ASSERT(builder.add(field, some_content(dialect, field)).has_value());
    }
    std::string buffer;
    RC_ASSERT(add_mac(builder, mac, buffer).has_value());
    const std::string body(builder.body());
    Message read;
    RC_ASSERT(decode_message(dialect, body, 0, read).has_value());
    RC_ASSERT(verify_mac(read, mac, buffer).has_value());
    RC_ASSERT(!verify_mac(read, other, buffer).has_value());
}

}  // namespace
}  // namespace huitong::wire::iso8583
