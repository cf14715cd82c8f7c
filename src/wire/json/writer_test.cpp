#include "wire/json/writer.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

#include "wire/json/reader.hpp"

namespace huitong::wire::json {
namespace {

std::string written(std::string_view value) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text("v", value);
    out.end_object();
    return body;
}

TEST(Writer, PutsCommasAndBracketsWhereTheyBelong) {
    std::string body;
    Writer out(body);
    out.begin_object();
    out.begin_object("empty");
    out.end_object();
    out.begin_array("list");
    out.integer(1);
    out.text("two");
    out.begin_object();
    out.boolean("three", true);
    out.end_object();
    out.begin_array();
    out.end_array();
    out.end_array();
    out.integer("least", std::numeric_limits<std::int64_t>::min());
    out.text_if("absent", "");
    out.raw("raw", "[null]");
    out.boolean("last", false);
    out.end_object();
    EXPECT_EQ(body, R"({"empty":{},"list":[1,"two",{"three":true},[]],)"
                    R"("least":-9223372036854775808,"raw":[null],"last":false})");
}

TEST(Writer, EscapesOnlyWhatMustBe) {
    struct {
        std::string_view value, want;
    } const cases[] = {
        {"", R"({"v":""})"},
        {"a/b<>&", R"({"v":"a/b<>&"})"},
        {"\"\\", R"({"v":"\"\\"})"},
        {"\n\r\t", R"({"v":"\n\r\t"})"},
        {std::string_view("\0\x1F", 2), R"({"v":"\u0000\u001f"})"},
        {"\b\f\x7F\xE2\x80\xA8", "{\"v\":\"\\b\\f\x7F\xE2\x80\xA8\"}"},
        {"\x7F", "{\"v\":\"\x7F\"}"},
        {"汉😀", R"({"v":"汉😀"})"},
        {"a\xFFz", "{\"v\":\"a\xEF\xBF\xBDz\"}"},
        {"\xE6\xB1", "{\"v\":\"\xEF\xBF\xBD\xEF\xBF\xBD\"}"},
    };
    for (const auto& c : cases) EXPECT_EQ(written(c.value), c.want);
}

RC_GTEST_PROP(Writer, WritesAnyBytesAsValidJson, (const std::string& value)) {
    const std::string body = written(value);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    RC_ASSERT(parser.parse(body).get(root) == simdjson::SUCCESS);
    std::string_view read;
    RC_ASSERT(root["v"].get(read) == simdjson::SUCCESS);
    if (simdjson::validate_utf8(value)) RC_ASSERT(read == value);
}

// Texts of the alphabet that text members take.
rc::Gen<std::string> texts() {
    const auto piece = rc::gen::element<std::string>("a", "\"", "\\", "/", "\n", "\t", "é", "汉",
                                                     "￥", "~", " ", "{", "<", "\u2028");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                        [](const std::vector<std::string>& pieces) {
                            std::string joined;
                            for (const std::string& p : pieces) joined += p;
                            return joined;
                        });
}

RC_GTEST_PROP(Writer, WritesWhatTheReaderReadsBack, (std::int64_t integer, bool boolean)) {
    const std::string text = *texts();
    const auto list = *rc::gen::container<std::vector<std::string>>(texts());
    RC_PRE(list.size() <= 1000);
    std::string body;
    Writer out(body);
    out.begin_object();
    out.text("text", text);
    out.integer("integer", integer);
    out.begin_object("inner");
    out.boolean("boolean", boolean);
    out.end_object();
    out.begin_array("list");
    for (const std::string& item : list) out.text(item);
    out.end_array();
    out.end_object();

    constexpr TextRule any{.min = 0, .max = 1'000'000, .alphabet = nullptr, .lines = true};
    Report report;
    ObjectReader root = read_object(body, report);
    std::string text_read;
    std::int64_t integer_read = 0;
    bool boolean_read = false;
    std::vector<std::string> list_read;
    root.required_string("text", any, text_read);
    root.required_integer("integer",
                          {.min = std::numeric_limits<std::int64_t>::min(),
                           .max = std::numeric_limits<std::int64_t>::max()},
                          integer_read);
    if (auto inner = root.required_object("inner")) {
        inner->required_boolean("boolean", boolean_read);
        inner->finish();
    }
    root.optional_strings("list", {.min = 0, .max = 1000}, any, list_read);
    root.finish();
    RC_ASSERT(report.clean());
    RC_ASSERT(text_read == text);
    RC_ASSERT(integer_read == integer);
    RC_ASSERT(boolean_read == boolean);
    RC_ASSERT(list_read == list);
}

}  // namespace
}  // namespace huitong::wire::json
