#include "gateway/links/channel_address.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::links {
namespace {

TEST(Channel, IsAHostAndAPort) {
    const struct {
        std::string_view text, host;
        int port;
    } cases[] = {
        {"10.1.2.3:9000",              "10.1.2.3",       9000 },
        {"tcp://switch.example:65535", "switch.example", 65535},
        {"[::1]:1",                    "::1",            1    },
        {"10.1.2.3",                   "",               0    },
        {"::1:9000",                   "",               0    },
        {":9000",                      "",               0    },
        {"a:0",                        "",               0    },
        {"a:65536",                    "",               0    },
        {"a:9x",                       "",               0    },
        {"[]:9",                       "",               0    },
    };
    for (const auto& c : cases) {
        const auto parsed = parse_channel(c.text);
        ASSERT_EQ(parsed.has_value(), c.port != 0) << c.text;
        if (!parsed) continue;
        EXPECT_EQ(parsed->host, c.host);
        EXPECT_EQ(parsed->port, c.port);
    }
}

}  // namespace
}  // namespace huitong::gateway::links
