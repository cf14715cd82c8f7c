#include "crypto/password.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::crypto {
namespace {

const Secret horse("correct horse");
// Hashes by another implementation of scrypt.
constexpr std::string_view default_cost_record =
    "scrypt$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$XGYmKKxOsQaKKH4qoqICriSOmNsE1h0zJ-c0LbbscJc";
constexpr std::string_view low_cost_record =
    "scrypt$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$GImgYqZBp-6CyTBan5R5E2D0OV9K8vsB41xdKb8-3xQ";

TEST(Password, AgreesWithASecondTool) {
    for (const std::string_view record : {default_cost_record, low_cost_record}) {
        EXPECT_EQ(password_matches(horse, record), true);
        EXPECT_EQ(password_matches(Secret("correct horsf"), record), false);
        EXPECT_EQ(password_matches(Secret(), record), false);
    }
}

TEST(Password, RecordsItsCostAndAFreshSalt) {
    const auto first = record_password(horse, scrypt_cost_for_tests);
    const auto second = record_password(horse, scrypt_cost_for_tests);
    ASSERT_TRUE(first && second);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(parse_password_record(*first)->cost, scrypt_cost_for_tests);
    EXPECT_EQ(parse_password_record(default_cost_record)->cost, ScryptCost{});
    EXPECT_EQ(password_matches(Secret(), *record_password(Secret(), scrypt_cost_for_tests)), true);
}

TEST(Password, RefusesMalformedRecordsAndRuinousCosts) {
    const std::string tail = "$AAECAwQFBgcICQoLDA0ODw$GImgYqZBp-6CyTBan5R5E2D0OV9K8vsB41xdKb8-3xQ";
    const struct {
        std::string record;
        Error want;
    } cases[] = {
        {"", Error::field_format},
        {"scrypt", Error::field_format},
        {"bcrypt$ln=4,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=4,r=1" + tail, Error::field_format},
        {"scrypt$ln=4,r=1,p=1,x=1" + tail, Error::field_format},
        {"scrypt$ln=04,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=-4,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=4 ,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=4294967300,r=1,p=1" + tail, Error::field_format},
        {"scrypt$r=1,ln=4,p=1" + tail, Error::field_format},
        {"scrypt$ln=4,r=1,p=1" + tail + "$", Error::field_format},
        {"scrypt$ln=4,r=1,p=1" + tail + "=", Error::field_format},
        {"scrypt$ln=4,r=1,p=1$AAAA" + tail.substr(23), Error::field_format},
        {"scrypt$ln=4,r=1,p=1" + tail.substr(0, 24), Error::field_format},
        {"scrypt$ln=0,r=1,p=1" + tail, Error::field_format},
        {"scrypt$ln=63,r=8,p=1" + tail, Error::field_range},
        {"scrypt$ln=19,r=8,p=1" + tail, Error::field_range},
        {"scrypt$ln=16,r=1,p=1" + tail, Error::field_range},
        {"scrypt$ln=15,r=8,p=17" + tail, Error::field_range},
        {"scrypt$ln=15,r=4294967295,p=1" + tail, Error::field_range},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(password_matches(horse, c.record), refuse(c.want)) << c.record;
    }
    EXPECT_EQ(record_password(horse, {.log2_n = 40, .r = 8, .p = 1}), refuse(Error::field_range));
    EXPECT_EQ(record_password(horse, {.log2_n = 4, .r = 0, .p = 1}), refuse(Error::field_range));
}

RC_GTEST_PROP(Password, MatchesItselfOnly, (const std::string& one, const std::string& other)) {
    const auto record = record_password(Secret(one), scrypt_cost_for_tests);
    RC_ASSERT((password_matches(Secret(one), *record) == true));
    RC_ASSERT((password_matches(Secret(other), *record) == (one == other)));
}

}  // namespace
}  // namespace huitong::crypto
