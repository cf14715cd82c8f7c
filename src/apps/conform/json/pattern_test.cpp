// What a JSON pattern takes, and how it names what differs.
#include "apps/conform/json/pattern.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace huitong::apps::conform {
namespace {

std::string differences(std::string_view pattern, std::string_view body, Values& values) {
    std::string all;
    for (const Difference& each : compare_json(pattern, body, values))
        all += fmt::format("{}: {} / {}; ", each.where, each.expected, each.came);
    return all;
}

TEST(Pattern, TakesWhatItNamesAndNamesWhatDiffers) {
    const struct {
        const char* name;
        const char* pattern;
        const char* body;
        const char* want;
    } cases[] = {
        {"nothing named",  "{}",                               R"({"a":1})",                             ""                                      },
        {"equal",          R"({"a":{"b":[1,"x",true,null]}})", R"({"c":0,"a":{"b":[1,"x",true,null]}})", ""                                      },
        {"another value",  R"({"a":"x"})",                     R"({"a":"y"})",                           R"(/a: "x" / "y"; )"                    },
        {"another type",   R"({"a":1})",                       R"({"a":"1"})",                           R"(/a: 1 / "1"; )"                      },
        {"missing",        R"({"a":1})",                       "{}",                                     "/a: 1 / nothing; "                     },
        {"absent",         R"({"a":"{{absent}}"})",            R"({"a":null})",                          "/a: nothing / null; "                  },
        {"rightly absent", R"({"a":"{{absent}}"})",            "{}",                                     ""                                      },
        {"any",            R"({"a":"{{any}}"})",               R"({"a":[1]})",                           ""                                      },
        {"not any",        R"({"a":"{{any}}"})",               "{}",                                     "/a: {{any}} / nothing; "               },
        {"a longer list",  R"({"a":[1]})",                     R"({"a":[1,2]})",                         "/a: a list of 1 / a list of 2; "       },
        {"no object",      R"({"a":{"b":1}})",                 R"({"a":2})",                             "/a: an object / 2; /a/b: 1 / nothing; "},
        {"no JSON",        "{}",                               "<html>",                                 "body: JSON / no JSON; "                },
        {"spoilt",         R"({"a":x})",                       "{}",                                     "what is expected: JSON / {\"a\":x}; "  },
    };
    for (const auto& c : cases) {
        Values values([](const std::string&) { return ""; });
        EXPECT_EQ(differences(c.pattern, c.body, values), c.want) << c.name;
    }
}

TEST(Pattern, CapturesTextsAndNumbers) {
    Values values([](const std::string&) { return ""; });
    EXPECT_EQ(differences(R"({"a":"{{capture t}}","b":["{{capture n}}"]})",
                          R"({"a":"say \"yes\"","b":[12]})", values),
              "");
    EXPECT_EQ(values.text("t"), "say \"yes\"");
    EXPECT_EQ(values.text("n"), "12");
    EXPECT_EQ(values.expand(R"({"x":"{{t}}","y":{{n}}})", json_escaped),
              R"({"x":"say \"yes\"","y":12})");
}

TEST(Pattern, IsJsonWhateverItsPlaceholdersStandFor) {
    EXPECT_FALSE(find_pattern_defect(R"({"a":{{n}},"b":"{{any}}"})").has_value());
    EXPECT_TRUE(find_pattern_defect(R"({"a":{{n}})").has_value());
    EXPECT_TRUE(find_pattern_defect(R"({"a":"{{any"})").has_value());
}

TEST(Values, MakesAndPads) {
    int count = 0;
    Values values([&](const std::string& name) { return name + std::to_string(++count); });
    values.set("amount", "2800");
    EXPECT_EQ(values.expand("{{new key}} {{key}} {{new key}}"), "key1 key1 key2");
    EXPECT_EQ(values.expand("{{zeros 12 amount}}|{{length 3 amount}}"), "000000002800|0042800");
    EXPECT_EQ(values.expand("{{capture x}} {{any}}"), "{{capture x}} {{any}}");
}

}  // namespace
}  // namespace huitong::apps::conform
