#include "wire/emvqr/compose.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/draft_test.hpp"

namespace huitong::wire::emvqr {
namespace {

using testing::object;

std::vector<Node> merchant_nodes() {
    return {
        {0,  "01"                             },
        {58, "HK"                             },
        {15, "2031034400010344MERCHANT0000001"},
        {52, "5411"                           },
        {53, "344"                            },
        {59, "TEST MART"                      },
        {60, "HONG KONG"                      }
    };
}

std::vector<Node> consumer_nodes() {
    return {
        {0x85, "CPV01"},
        {0x61, "", {{0x4F, std::string("\xA0\x00\x00\x03\x33\x01\x01\x02", 8)}}}
    };
}

TEST(EncodeMpm, WritesInAscendingOrderWithTheCrcLast) {
    std::vector<Node> nodes = merchant_nodes();
    nodes.push_back({
        62, "", {{7, "T1"}, {5, "R1"}}
    });
    nodes.insert(nodes.begin(), {63, "FFFF"});
    EXPECT_EQ(encode_mpm(nodes),
              testing::sealed("00020115312031034400010344MERCHANT0000001520454115303344"
                              "5802HK5909TEST MART6009HONG KONG62120502R10702T1"));
    const auto given = encode_mpm(nodes, Order::as_given);
    ASSERT_TRUE(given);
    EXPECT_TRUE(given->starts_with("0002015802HK1531")) << *given;
    EXPECT_TRUE(given->contains("62120702T10502R16304")) << *given;
}

TEST(EncodeMpm, TellsWhatNoCodeCanHold) {
    const auto with = [](const Node& node) {
        std::vector<Node> nodes = merchant_nodes();
        nodes.push_back(node);
        const auto text = encode_mpm(nodes);
        return text ? "none" : to_text(text.error());
    };
    EXPECT_EQ(with({100, "x"}), "BAD_TAG");
    EXPECT_EQ(with({62, "", {{100, "x"}}}), "BAD_TAG:62");
    EXPECT_EQ(with({62, "", {{50, "", {{0, "", {{1, "x"}}}}}}}), "BAD_TAG:62.50.00");
    EXPECT_EQ(with({65, std::string(100, 'x')}), "LENGTH:65");
    EXPECT_EQ(with({62, "", {{1, std::string(96, 'x')}}}), "LENGTH:62");
    EXPECT_EQ(with({62, "", {{1, std::string(100, 'x')}}}), "LENGTH:62.01");
    EXPECT_EQ(with({61, ""}), "EMPTY_VALUE:61");
    EXPECT_EQ(with({53, "344"}), "DUPLICATE_TAG:53");
    EXPECT_EQ(with({54, "0"}), "AMOUNT:54");
    EXPECT_EQ(to_text(encode_mpm({}).error()), "FORMAT_INDICATOR_NOT_FIRST");
}

TEST(EncodeMpm, CountsCharactersAndNotBytes) {
    std::vector<Node> nodes = merchant_nodes();
    nodes.push_back({
        64, "", {{0, "ZH"}, {1, "测试店铺"}}
    });
    const auto text = encode_mpm(nodes);
    ASSERT_TRUE(text) << to_text(text.error());
    EXPECT_TRUE(text->contains("64140002ZH0104测试店铺6304")) << *text;
}

TEST(EncodeCpm, WritesWhatIsReadBack) {
    std::vector<Node> nodes = consumer_nodes();
    nodes.push_back({
        0x62, "", {{0x9F10, std::string(32, '\0')}, {0xDF01, std::string(200, 'x')}}
    });
    const auto text = encode_cpm(nodes);
    ASSERT_TRUE(text) << to_text(text.error());
    const auto code = decode_cpm(*text);
    ASSERT_TRUE(code);
    EXPECT_EQ(nodes_of(code->objects()), nodes);
}

TEST(EncodeCpm, TellsWhatNoCodeCanHold) {
    const auto with = [](const Node& node) {
        std::vector<Node> nodes = consumer_nodes();
        nodes.push_back(node);
        const auto text = encode_cpm(nodes);
        return text ? "none" : to_text(text.error());
    };
    EXPECT_EQ(with({0, "x"}), "BAD_TAG");
    EXPECT_EQ(with({0x1000000, "x"}), "BAD_TAG");
    EXPECT_EQ(with({0x62, "", {{0, "x"}}}), "BAD_TAG:62");
    EXPECT_EQ(with({0xDF01, std::string(70'000, 'x')}), "LENGTH:DF01");
    EXPECT_EQ(with({0xDF01, std::string(400, 'x')}), "TOO_LONG");
    EXPECT_EQ(with({0x62, "", {{0x4F, "xxxxx"}}}), "DUPLICATE_TAG:62.4F");
    EXPECT_EQ(to_text(encode_cpm({}).error()), "FORMAT_INDICATOR_NOT_FIRST:85");
}

// Any text of so many characters at most, some of them of more than one byte.
rc::Gen<std::string> some_text(std::size_t max) {
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, max + 1), [](std::size_t size) {
        return rc::gen::map(
            rc::gen::container<std::vector<std::string>>(
                size, rc::gen::element<std::string>("A", "z", "0", " ", "~", "é", "汉", "𠮷")),
            [](const std::vector<std::string>& characters) {
                std::string text;
                for (const std::string& one : characters) text += one;
                return text;
            });
    });
}

RC_GTEST_PROP(EncodeMpm, IsReadBackAsTheSameObjects, ()) {
    std::vector<Node> nodes = merchant_nodes();
    const auto maybe = [&nodes](Node node) {
        if (*rc::gen::arbitrary<bool>()) nodes.push_back(std::move(node));
    };
    maybe({
        62, "", {{3, *some_text(25)}, {5, *some_text(25)}}
    });
    maybe({
        64, "", {{0, "ZH"}, {1, *some_text(25)}, {2, *some_text(15)}}
    });
    maybe({
        26, "", {{0, "com.example"}, {1, *some_text(60)}}
    });
    maybe({
        91, "", {{0, "com.example"}, {1, *some_text(60)}}
    });
    maybe({82, "#" + *some_text(90)});
    maybe({65, *some_text(99)});
    const auto text = encode_mpm(nodes, Order::as_given);
    RC_PRE(text || text.error().code != DefectCode::too_long);
    RC_ASSERT(text.has_value());
    const auto code = decode_mpm(*text);
    std::vector<Node> read = nodes_of(code->objects());
    RC_ASSERT(read.back().tag == 63U);
    read.pop_back();
    RC_ASSERT(read == nodes);
}

RC_GTEST_PROP(EncodeCpm, IsReadBackAsTheSameObjects, (const std::string& value)) {
    RC_PRE(value.size() < 250);
    std::vector<Node> nodes = consumer_nodes();
    nodes.push_back({
        0x62, "", {{0xDF7F, value}, {0x64, "", {{0xC1, value.substr(0, 50)}}}}
    });
    const auto text = encode_cpm(nodes);
    RC_ASSERT(text.has_value());
    RC_ASSERT(nodes_of(decode_cpm(*text)->objects()) == nodes);
}

}  // namespace
}  // namespace huitong::wire::emvqr
