#include "gateway/iso8583/lines/allow_list.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::iso8583 {
namespace {

http::Address at(const char* text) {
    return *http::Address::parse(text);
}

TEST(AllowList, PinsAnInstitutionToItsAddresses) {
    const auto list = AllowList::parse({"10.1.0.0/16", "44190440@10.2.0.1", "44190440@10.3.0.1"});
    ASSERT_TRUE(list.has_value());
    const struct {
        const char* address;
        bool line;
        bool pinned;
        bool other;
    } cases[] = {
        {"10.1.2.3", true,  false, true },
        {"10.2.0.1", true,  true,  false},
        {"10.3.0.1", true,  true,  false},
        {"10.4.0.1", false, false, false},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(list->admits(at(c.address)), c.line) << c.address;
        EXPECT_EQ(list->admits(at(c.address), "44190440"), c.pinned) << c.address;
        EXPECT_EQ(list->admits(at(c.address), "00010344"), c.other) << c.address;
    }
}

TEST(AllowList, AdmitsNobodyUnlessItSaysSo) {
    EXPECT_FALSE(AllowList().admits(at("127.0.0.1")));
    EXPECT_TRUE(AllowList::loopback().admits(at("127.0.0.9"), "44190440"));
    EXPECT_TRUE(AllowList::loopback().admits(at("::1")));
    EXPECT_FALSE(AllowList::loopback().admits(at("10.0.0.1")));
}

TEST(AllowList, RefusesWhatItCannotRead) {
    for (const char* entry : {"", "bank.example", "10.0.0.0/33", "@10.0.0.1", "1234567@10.0.0.1",
                              "123456789012@10.0.0.1", "4419044x@10.0.0.1", "44190440@"})
        EXPECT_EQ(AllowList::parse({"10.0.0.1", entry}).error(), Error::field_format) << entry;
}

}  // namespace
}  // namespace huitong::gateway::iso8583
