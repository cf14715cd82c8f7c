#include "wire/json/reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace huitong::wire::json {
namespace {

constexpr TextRule short_text{.max = 4};

// One member of each kind, all optional, so that a case shows one defect only.
std::optional<FieldError> defect_of(std::string_view body) {
    Report report;
    ObjectReader root = read_object(body, report);
    std::string text, lines;
    std::optional<std::int64_t> integer;
    std::optional<bool> boolean;
    std::vector<std::string> strings;
    root.optional_string("text", short_text, text);
    root.optional_string("lines", {.max = 9, .lines = true}, lines);
    root.optional_string("digits", {.max = 9, .alphabet = &decimal_digits}, text);
    root.optional_integer("integer", {.min = 1, .max = 100}, integer);
    root.optional_boolean("boolean", boolean);
    root.optional_strings("strings", {.min = 1, .max = 2}, short_text, strings);
    if (auto inner = root.optional_object("object")) {
        inner->required_string("id", short_text, text);
        inner->finish();
    }
    for (ObjectReader& element : root.optional_objects("objects", {.min = 1, .max = 2})) {
        element.required_string("id", short_text, text);
        element.finish();
    }
    root.finish();
    return report.first();
}

struct Case {
    std::string body;
    Error error;
    const char* pointer;
    const char* value;
};

void expect(const Case& c) {
    SCOPED_TRACE(c.body);
    const auto defect = defect_of(c.body);
    ASSERT_TRUE(defect);
    EXPECT_EQ(defect->error, c.error) << defect->issue;
    EXPECT_EQ(defect->pointer, c.pointer);
    EXPECT_EQ(defect->value, c.value);
    EXPECT_EQ(defect->location, Location::body);
    EXPECT_FALSE(defect->issue.empty());
}

TEST(ObjectReader, RefusesWhatIsNoJsonObject) {
    const Case cases[] = {
        {"",                                               Error::body_malformed, "", ""},
        {" ",                                              Error::body_malformed, "", ""},
        {"[]",                                             Error::body_malformed, "", ""},
        {"null",                                           Error::body_malformed, "", ""},
        {"\"text\"",                                       Error::body_malformed, "", ""},
        {"{",                                              Error::body_malformed, "", ""},
        {"{}{}",                                           Error::body_malformed, "", ""},
        {"{} x",                                           Error::body_malformed, "", ""},
        {"{,}",                                            Error::body_malformed, "", ""},
        {R"({"text":"a",})",                               Error::body_malformed, "", ""},
        {R"({'text':'a'})",                                Error::body_malformed, "", ""},
        {R"({"text":"a" /* */})",                          Error::body_malformed, "", ""},
        {R"({"integer":01})",                              Error::body_malformed, "", ""},
        {R"({"integer":+1})",                              Error::body_malformed, "", ""},
        {R"({"integer":NaN})",                             Error::body_malformed, "", ""},
        {R"({"integer":1.})",                              Error::body_malformed, "", ""},
        {"\xEF\xBB\xBF{}",                                 Error::body_malformed, "", ""},
        {"{\"text\":\"\xC3\"}",                            Error::body_malformed, "", ""},
        {"{\"text\":\"\xED\xA0\x80\"}",                    Error::body_malformed, "", ""},
        {"{\"text\":\"a\nb\"}",                            Error::body_malformed, "", ""},
        {R"({"text":"\ud800"})",                           Error::body_malformed, "", ""},
        {R"({"a":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]})", Error::body_malformed, "", ""},
    };
    for (const Case& c : cases) expect(c);
}

TEST(ObjectReader, RefusesEachDefectWithItsPointerAndValue) {
    const Case cases[] = {
        {R"({"text":1})",                                     Error::field_format,  "/text",         "1"         },
        {R"({"text":true})",                                  Error::field_format,  "/text",         "true"      },
        {R"({"text":{"a":1}})",                               Error::field_format,  "/text",         "{...}"     },
        {R"({"text":["a"]})",                                 Error::field_format,  "/text",         "[...]"     },
        {R"({"text":"abcde"})",                               Error::field_range,   "/text",         "abcde"     },
        {R"({"text":"一二三四五"})",                          Error::field_range,   "/text",         "一二三四五"},
        {R"({"text":""})",                                    Error::field_range,   "/text",         ""          },
        {R"({"text":"a\u0000"})",                             Error::field_format,  "/text",         "a?"        },
        {R"({"text":"a\nb"})",                                Error::field_format,  "/text",         "a?b"       },
        {R"({"text":"\u007f"})",                              Error::field_format,  "/text",         "?"         },
        {R"({"text":"\u0085"})",                              Error::field_format,  "/text",         "?"         },
        {R"({"text":"😀"})",                                  Error::field_format,  "/text",         "😀"        },
        {R"({"text":"\ud83d\ude00"})",                        Error::field_format,  "/text",         "😀"        },
        {R"({"lines":"a\u0001"})",                            Error::field_format,  "/lines",        "a?"        },
        {R"({"digits":"12a"})",                               Error::field_format,  "/digits",       "12a"       },
        {R"({"digits":"１２"})",                              Error::field_format,  "/digits",       "１２"      },
        {R"({"integer":"1"})",                                Error::field_format,  "/integer",      "1"         },
        {R"({"integer":1.0})",                                Error::field_format,  "/integer",      "1.0"       },
        {R"({"integer":1.5})",                                Error::field_format,  "/integer",      "1.5"       },
        {R"({"integer":1e2})",                                Error::field_format,  "/integer",      "100.0"     },
        {R"({"integer":true})",                               Error::field_format,  "/integer",      "true"      },
        {R"({"integer":[1]})",                                Error::field_format,  "/integer",      "[...]"     },
        {R"({"integer":0})",                                  Error::field_range,   "/integer",      "0"         },
        {R"({"integer":-1})",                                 Error::field_range,   "/integer",      "-1"        },
        {R"({"integer":-0})",                                 Error::field_range,   "/integer",      "0"         },
        {R"({"integer":101})",                                Error::field_range,   "/integer",      "101"       },
        {R"({"integer":9223372036854775808})",                Error::field_range,   "/integer",
         "9223372036854775808"                                                                                   },
        {R"({"boolean":1})",                                  Error::field_format,  "/boolean",      "1"         },
        {R"({"boolean":"true"})",                             Error::field_format,  "/boolean",      "true"      },
        {R"({"strings":"a"})",                                Error::field_format,  "/strings",      "a"         },
        {R"({"strings":[]})",                                 Error::field_range,   "/strings",      "[...]"     },
        {R"({"strings":["a","b","c"]})",                      Error::field_range,   "/strings",      "[...]"     },
        {R"({"strings":["a",2]})",                            Error::field_format,  "/strings/1",    "2"         },
        {R"({"strings":["a",null]})",                         Error::field_format,  "/strings/1",    "null"      },
        {R"({"strings":["abcde"]})",                          Error::field_range,   "/strings/0",    "abcde"     },
        {R"({"object":[]})",                                  Error::field_format,  "/object",       "[...]"     },
        {R"({"object":{}})",                                  Error::field_missing, "/object/id",    ""          },
        {R"({"object":{"id":null}})",                         Error::field_missing, "/object/id",    ""          },
        {R"({"object":{"id":"a","x":7}})",                    Error::field_unknown, "/object/x",     ""          },
        {R"({"objects":{}})",                                 Error::field_format,  "/objects",      "{...}"     },
        {R"({"objects":[]})",                                 Error::field_range,   "/objects",      "[...]"     },
        {R"({"objects":[{"id":"a"},{"id":"b"},{"id":"c"}]})", Error::field_range,   "/objects",
         "[...]"                                                                                                 },
        {R"({"objects":[{"id":"a"},5]})",                     Error::field_format,  "/objects/1",    "5"         },
        {R"({"objects":[{"id":"a"},{"id":5}]})",              Error::field_format,  "/objects/1/id", "5"         },
        {R"({"objects":[{"id":"a","y":[]}]})",                Error::field_unknown, "/objects/0/y",  ""          },
        {R"({"x":null})",                                     Error::field_unknown, "/x",            ""          },
        {R"({"":1})",                                         Error::field_unknown, "/",             ""          },
        {R"({"a/b~c":1})",                                    Error::field_unknown, "/a~1b~0c",      ""          },
        {R"({"te\u0000xt":1})",                               Error::field_unknown, "/te?xt",        ""          },
        {R"({"Text":"a"})",                                   Error::field_unknown, "/Text",         ""          },
        {R"({"text":"a","text":"a"})",                        Error::field_format,  "/text",         ""          },
        {R"({"text":null,"text":"a"})",                       Error::field_format,  "/text",         ""          },
        {R"({"text":"a","te\u0078t":"b"})",                   Error::field_format,  "/text",         ""          },
        {R"({"object":{"id":"a","id":"a"}})",                 Error::field_format,  "/object/id",    ""          },
    };
    for (const Case& c : cases) expect(c);
}

TEST(ObjectReader, NamesTheMemberWhoseNumberNoMachineHolds) {
    const std::string digits(400, '9');
    const Case cases[] = {
        {R"({"integer":18446744073709551616})",                 Error::field_range,    "/integer",      ""},
        {R"({"integer":-9223372036854775809})",                 Error::field_range,    "/integer",      ""},
        {R"({"integer":1e400})",                                Error::field_range,    "/integer",      ""},
        {R"({"text":"1e400","object":{"id":[1,1e999]}})",       Error::field_range,    "/object/id/1",  ""},
        {R"({"a\"b/c":[{},[2,{"x\\":99999999999999999999}]]})", Error::field_range,
         R"(/a\"b~1c/1/1/x\\)",                                                                         ""},
        {R"({"objects":[{"id":"a"},{"id":-1E+309}]})",          Error::field_range,    "/objects/1/id", ""},
        {R"({"boolean":[true,false,null,)" + digits + "]}",     Error::field_range,    "/boolean/3",    ""},
        {R"({"integer":099999999999999999999})",                Error::body_malformed, "",              ""},
        {R"({"integer":1e400.5})",                              Error::body_malformed, "",              ""},
        {R"({"integer":-})",                                    Error::body_malformed, "",              ""},
    };
    for (const Case& c : cases) expect(c);
}

TEST(ObjectReader, TakesEveryGoodValueAndNullAsAbsent) {
    const char* const bodies[] = {
        "{}",
        " {\t} \r\n",
        R"({"text":null,"integer":null,"boolean":null,"strings":null,"object":null,"objects":null})",
        R"({"text":"一二三四","lines":"a\r\n\tb"})",
        R"({"te\u0078t":"\u4e00\/"})",
        R"({"integer":1,"boolean":false,"strings":["a","bc"]})",
        R"({"integer":100,"object":{"id":"x"},"objects":[{"id":"y"},{"id":"z"}]})",
        "{\"text\":\"\\u20ac\xEF\xBF\xBD\"}",
    };
    for (const char* body : bodies) {
        const auto defect = defect_of(body);
        EXPECT_FALSE(defect) << body << ": " << (defect ? defect->issue : "");
    }
}

TEST(ObjectReader, KeepsTheFirstDefectInTheOrderOfReading) {
    expect({R"({"x":1,"integer":0,"text":5})", Error::field_format, "/text", "5"});
    expect({R"({"x":1,"integer":0})", Error::field_range, "/integer", "0"});
    expect({R"({"y":1,"x":2})", Error::field_unknown, "/y", ""});
}

TEST(ObjectReader, LimitsBytesMembersAndDepth) {
    std::string spaces = "{}" + std::string(body_bytes_max - 2, ' ');
    EXPECT_FALSE(defect_of(spaces));
    EXPECT_EQ(defect_of(spaces + " ")->error, Error::body_too_large);

    const auto object_with = [](std::size_t members) {
        std::string body = R"({"object":{"id":"a")";
        for (std::size_t i = 1; i < members; ++i) body += fmt::format(R"(,"m{}":0)", i);
        return body + "}}";
    };
    EXPECT_EQ(defect_of(object_with(members_max))->error, Error::field_unknown);
    EXPECT_EQ(defect_of(object_with(members_max + 1))->error, Error::body_malformed);

    const auto nested = [](std::size_t depth) {
        return R"({"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    EXPECT_EQ(defect_of(nested(depth_max - 1))->error, Error::field_unknown);
    EXPECT_EQ(defect_of(nested(depth_max + 1))->error, Error::body_malformed);
}

TEST(ObjectReader, ReadsAfterABodyThatWasRefused) {
    EXPECT_TRUE(defect_of("{"));
    EXPECT_FALSE(defect_of(R"({"text":"a"})"));
    EXPECT_TRUE(defect_of(std::string(body_bytes_max + 1, ' ')));
    EXPECT_FALSE(defect_of(R"({"object":{"id":"a"}})"));
}

TEST(ObjectReader, NeverShowsASecret) {
    for (const char* body :
         {R"({"password":"a long secret"})", R"({"password":1234567})", R"({"passwrod":"secret"})",
          R"({"password":"ok","password":"secret"})"}) {
        Report report;
        ObjectReader root = read_object(body, report);
        std::string password;
        root.optional_string("password", {.max = 4, .secret = true}, password);
        root.finish();
        ASSERT_TRUE(report.first()) << body;
        EXPECT_EQ(report.first()->value, "") << body;
    }
}

TEST(ObjectReader, NamesARequiredMemberThatIsAbsent) {
    Report report;
    ObjectReader root = read_object("{}", report);
    bool flag = false;
    root.required_boolean("flag", flag);
    ASSERT_TRUE(report.first());
    EXPECT_EQ(report.first()->error, Error::field_missing);
    EXPECT_EQ(report.first()->pointer, "/flag");
    EXPECT_FALSE(report.into(1));
}

TEST(Printable, IsShortAndHoldsNoControlCharacter) {
    EXPECT_EQ(printable("a\tb\xC3(\x7F"), "a?b?(?");
    EXPECT_EQ(printable(std::string(65, 'x')), std::string(64, 'x'));
    std::string chinese;
    for (int i = 0; i < 65; ++i) chinese += "汉";
    EXPECT_EQ(printable(chinese), chinese.substr(3));
}

TEST(FirstCharacter, FollowsRfc3629) {
    struct {
        std::string_view text;
        std::size_t bytes;
        std::uint32_t code;
    } const cases[] = {
        {"",                     0, 0       },
        {"a",                    1, 'a'     },
        {"\x80",                 0, 0       },
        {"\xC0\x80",             0, 0       },
        {"\xC1\xBF",             0, 0       },
        {"\xC2\x80",             2, 0x80    },
        {"\xC2",                 0, 0       },
        {"\xC2x",                0, 0       },
        {"\xE0\x9F\xBF",         0, 0       },
        {"\xE0\xA0\x80",         3, 0x800   },
        {"\xED\x9F\xBF",         3, 0xD7FF  },
        {"\xED\xA0\x80",         0, 0       },
        {"\xED\xBF\xBF",         0, 0       },
        {"\xEE\x80\x80",         3, 0xE000  },
        {"\xF0\x8F\xBF\xBF",     0, 0       },
        {"\xF0\x90\x80\x80",     4, 0x10000 },
        {"\xF4\x8F\xBF\xBF",     4, 0x10FFFF},
        {"\xF4\x90\x80\x80",     0, 0       },
        {"\xF8\x88\x80\x80\x80", 0, 0       },
        {"\xFF",                 0, 0       },
    };
    for (const auto& c : cases) {
        const Character got = first_character(c.text);
        EXPECT_EQ(got.bytes, c.bytes) << printable(c.text);
        EXPECT_EQ(got.code, c.code) << printable(c.text);
    }
}

}  // namespace
}  // namespace huitong::wire::json
