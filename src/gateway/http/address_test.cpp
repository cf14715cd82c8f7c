#include "gateway/http/address.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::http {
namespace {

TEST(Network, HoldsTheAddressesWithItsBeginning) {
    const struct {
        const char* network;
        const char* address;
        bool want;
    } cases[] = {
        {"10.1.0.0/16",   "10.1.255.3",       true },
        {"10.1.0.0/16",   "10.2.0.1",         false},
        {"10.1.128.0/17", "10.1.127.1",       false},
        {"10.1.128.0/17", "10.1.129.1",       true },
        {"192.0.2.7",     "192.0.2.7",        true },
        {"192.0.2.7",     "192.0.2.6",        false},
        {"0.0.0.0/0",     "203.0.113.1",      true },
        {"0.0.0.0/0",     "::1",              false},
        {"2001:db8::/33", "2001:db8:7fff::1", true },
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::1",           "::1",              true },
        {"::ffff:0:0/96", "::ffff:10.1.2.3",  true },
    };
    for (const auto& c : cases) {
        const auto network = Network::parse(c.network);
        ASSERT_TRUE(network.has_value()) << c.network;
        EXPECT_EQ(network->contains(*Address::parse(c.address)), c.want)
            << c.network << ' ' << c.address;
    }
}

TEST(Network, IsReadWholeOrNotAtAll) {
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                             "10.0.0/8", "::/129", "bank.example", "10.0.0.0/8/8"})
        EXPECT_FALSE(Network::parse(text).has_value()) << text;
}

TEST(Address, OfEitherFamilyIsTheSameHost) {
    EXPECT_EQ(Address::parse("::ffff:127.0.0.1")->unmapped(), *Address::parse("127.0.0.1"));
    for (const char* text : {"::1", "2001:db8::1", "10.0.0.1", "::7f00:1"})
        EXPECT_EQ(Address::parse(text)->unmapped(), *Address::parse(text)) << text;
}

}  // namespace
}  // namespace huitong::gateway::http
