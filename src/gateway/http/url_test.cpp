#include "gateway/http/url.hpp"

#include <gtest/gtest.h>
#include <string>

#include "gateway/http/address.hpp"
#include "gateway/http/query.hpp"

namespace huitong::gateway::http {
namespace {

TEST(ParseUrl, ReadsWhatIsClear) {
    struct Case {
        const char* text;
        Url want;
        const char* authority;
    };
    const Case cases[] = {
        {"https://Example.COM/n?a=%20", {true, "example.com", 443, "/n?a=%20"}, "example.com"  },
        {"http://h",                    {false, "h", 80, "/"},                  "h"            },
        {"HTTP://h:8080",               {false, "h", 8080, "/"},                "h:8080"       },
        {"https://h?x=1",               {true, "h", 443, "/?x=1"},              "h"            },
        {"https://h:443/",              {true, "h", 443, "/"},                  "h"            },
        {"http://127.0.0.1:1/a//b",     {false, "127.0.0.1", 1, "/a//b"},       "127.0.0.1:1"  },
        {"http://[::1]:65535/",         {false, "::1", 65535, "/"},             "[::1]:65535"  },
        {"https://[2001:db8::1]",       {true, "2001:db8::1", 443, "/"},        "[2001:db8::1]"},
        {"https://a_b.x-y.cn/~;,@:!$",  {true, "a_b.x-y.cn", 443, "/~;,@:!$"},  "a_b.x-y.cn"   },
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto url = parse_url(c.text);
        ASSERT_TRUE(url);
        EXPECT_EQ(*url, c.want);
        EXPECT_EQ(url->authority(), c.authority);
    }
}

TEST(ParseUrl, RefusesWhatTwoReadersMayReadDifferently) {
    const std::string cases[] = {
        "",
        "h",
        "//h/",
        "ftp://h/",
        "https:/h/",
        "https:///",
        "https://:1/",
        "https://h:/",
        "https://h:0/",
        "https://h:65536/",
        "https://h:080/",
        "https://h:-1/",
        "https://h:1x/",
        "https://user@h/",
        "https://u:p@h/",
        "https://h@evil/",
        "https://h#f",
        "https://h/#f",
        "https://h/a b",
        "https://h/\n",
        "https://h/\\evil",
        "https://h\\@evil/",
        "https://h/%",
        "https://h/%4",
        "https://h/%zz",
        "https://h/\xe6\xb1\x87",
        "https://\xe6\xb1\x87/",
        "https://h..x/",
        "https://.h/",
        "https://h./",
        "https://-h/",
        "https://h-/",
        "https://h%41/",
        "https://2130706433/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://1.2.3.4.5/",
        "https://256.0.0.1/",
        "https://[::1/",
        "https://[::1]x/",
        "https://[::1%25lo]/",
        "https://[127.0.0.1]/",
        "https://::1/",
        std::string("https://h/\0", 11),
        "https://h/\"",
        "https://h/<a>",
        "https://h/{a}",
        "https://h/|",
        "https://h/^",
        "https://h/`",
        " https://h/",
        "https://h/ ",
        "https://" + std::string(64, 'a') + "/",
        "https://h/" + std::string(2048, 'a'),
    };
    for (const auto& text : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_url(text), refuse(Error::url_malformed));
    }
}

TEST(Address, KnowsWhatThePublicInternetRoutes) {
    const char* const forbidden[] = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    };
    for (const char* const text : forbidden) {
        SCOPED_TRACE(text);
        ASSERT_TRUE(Address::parse(text));
        EXPECT_FALSE(Address::parse(text)->is_public());
        EXPECT_EQ(Address::parse(text)->to_string(), text);
    }
    const char* const open[] = {"1.1.1.1",        "9.255.255.255",  "11.0.0.1",
                                "100.63.255.255", "100.128.0.1",    "172.15.0.1",
                                "172.32.0.1",     "192.0.1.1",      "223.255.255.255",
                                "2400:3200::1",   "2606:4700::1111"};
    for (const char* const text : open) {
        SCOPED_TRACE(text);
        EXPECT_TRUE(Address::parse(text)->is_public());
    }
    EXPECT_FALSE(Address::parse("1.2.3"));
    EXPECT_FALSE(Address::parse("fe80::1%lo"));
}

TEST(Query, DecodesNamesAndValues) {
    using Fields = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(parse_query("a=1&b=%E6%B1%87+x&&c&=d&e=f=g"),
              (Fields{
                  {"a", "1"   },
                  {"b", "汇 x"},
                  {"c", ""    },
                  {"",  "d"   },
                  {"e", "f=g" }
    }));
    EXPECT_EQ(parse_query(""), Fields{});
    EXPECT_EQ(decode_percent("a+b%2B"), "a+b+");
    for (const char* const bad : {"a=%", "a=%4", "a=%4g", "%00", "a=%0"}) {
        SCOPED_TRACE(bad);
        EXPECT_EQ(parse_query(bad), refuse(Error::field_format));
    }
    std::string many;
    for (std::size_t i = 0; i <= query_fields_max; ++i) many += "a=b&";
    EXPECT_EQ(parse_query(many), refuse(Error::field_format));
}

}  // namespace
}  // namespace huitong::gateway::http
