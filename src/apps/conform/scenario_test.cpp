// Scenario files: what they say, and each way in which one can be wrong.
#include "apps/conform/scenario.hpp"

#include <gtest/gtest.h>

#include "apps/conform/iso8583/script.hpp"
#include "apps/conform/json/script.hpp"
#include "apps/conform/report.hpp"
#include "apps/conform/scenarios.hpp"

namespace huitong::apps::conform {
namespace {

const std::string head = "title: T\nclause: C\n";

TEST(Scenario, ReadsHeadStatementsAndBodies) {
    const auto read = parse_scenario("json/pay.txt",
                                     "# A note.\n"
                                     "title: A payment\n"
                                     "clause: institution.yaml\n"
                                     "needs: mpm_code  amount\n"
                                     "\n"
                                     "send POST /payments/{{new key}} mac\n"
                                     "  {\n"
                                     "\n"
                                     "    \"a\": 1}\n"
                                     "expect 200\r\n");
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    EXPECT_EQ(read->name, "pay");
    EXPECT_EQ(read->title, "A payment");
    EXPECT_EQ(read->needs, (std::vector<std::string>{"mpm_code", "amount"}));
    ASSERT_EQ(read->statements.size(), 2U);
    const Statement& send = read->statements[0];
    EXPECT_EQ(send.words,
              (std::vector<std::string>{"send", "POST", "/payments/{{new key}}", "mac"}));
    EXPECT_EQ(send.body_text(), "{\n  \"a\": 1}");
    EXPECT_EQ(send.body[1].line, 9U);
    EXPECT_EQ(read->statements[1].place(), "json/pay.txt:10");
}

TEST(Scenario, NamesTheLineThatIsWrong) {
    const struct {
        std::string text;
        const char* want;
    } cases[] = {
        {"", "f.txt:1: a line `title: ..` is missing"},
        {"title: T\n", "f.txt:1: a line `clause: ..` is missing"},
        {head, "f.txt:2: a statement is missing"},
        {"title: T\ntitle: T\n", "f.txt:2: `title` is said twice"},
        {"titel: T\n", "f.txt:1: a head has no `titel`"},
        {"  {}\n", "f.txt:1: an indented line belongs to a statement"},
        {head + "wait 1 s\nneeds: x\n", "f.txt:4: the head ends where the statements begin"},
        {std::string(scenario_bytes_max + 1, ' '), "f.txt:1: is longer than 65536 bytes"},
    };
    for (const auto& c : cases) {
        const auto read = parse_scenario("f.txt", c.text);
        EXPECT_EQ(read ? "" : to_text(read.error()), c.want);
    }
}

TEST(Scenario, NamesTheJsonStatementThatIsNone) {
    const std::string sent = "send GET /positions\n";
    const struct {
        std::string text;
        const char* want;
    } cases[] = {
        {"sned GET /x\n",                                 "f.txt:3: there is no statement `sned GET /x`"                            },
        {"send GET\n",                                    "f.txt:3: `send` needs a method and a path"                               },
        {"send PUT /x\n",                                 "f.txt:3: `PUT` is neither GET nor POST"                                  },
        {"send GET x\n",                                  "f.txt:3: a path begins with `/`"                                         },
        {"send GET /x loudly\n",                          "f.txt:3: `send` has no word `loudly`"                                    },
        {"send GET /x clock=soon\n",                      "f.txt:3: `send` has no word `clock=soon`"                                },
        {"send GET /x spaces=0\n",                        "f.txt:3: `send` has no word `spaces=0`"                                  },
        {"send GET /x mac\n",                             "f.txt:3: a MAC needs a session: sign on, and capture `session`"          },
        {"send GET /{{key}}\n",
         "f.txt:3: `key` is not known here: `needs:` names a parameter of the profile"                                              },
        {"send GET /{{any}}\n",                           "f.txt:3: `{{any}}` can only be expected"                                 },
        {"send GET /{{new}\n",                            "f.txt:3: a placeholder is not closed with `}}`"                          },
        {"send GET /{{zeros 0 us}}\n",                    "f.txt:3: `{{zeros 0 us}}` is no placeholder"                             },
        {"send POST /x\n  {\n  {{tokn}}\n",
         "f.txt:5: `tokn` is not known here: `needs:` names a parameter of the profile"                                             },
        {"expect 200\n",                                  "f.txt:3: nothing was sent yet"                                           },
        {"repeat\n",                                      "f.txt:3: nothing was sent yet"                                           },
        {sent + "expect yes\n",                           "f.txt:4: `expect` needs a status from 200 to 599"                        },
        {sent + "expect 200 soon\n",
         "f.txt:4: behind the status stand `unproven` and `within N s`"                                                             },
        {sent + "expect 200\n  {\"a\": }\n",              "f.txt:5: what is expected is not JSON"                                   },
        {sent + "expect 200\n  {\"a\": \"{{new b}}\"}\n", "f.txt:5: `{{new b}}` can only be sent"                                   },
        {sent + "repeat\n  {}\n",                         "f.txt:5: this statement has no body"                                     },
        {"wait 11 h\n",                                   "f.txt:3: `wait` needs a time such as `2 s` or `500 ms`, up to 10 minutes"},
        {"wait 601 s\n",
         "f.txt:3: `wait` needs a time such as `2 s` or `500 ms`, up to 10 minutes"                                                 },
    };
    for (const auto& c : cases) {
        const auto scenario = parse_scenario("f.txt", head + c.text);
        ASSERT_TRUE(scenario.has_value()) << to_text(scenario.error());
        const auto script = json_script(*scenario);
        EXPECT_EQ(script ? "" : to_text(script.error()), c.want);
    }
}

TEST(Scenario, NamesTheCardStatementThatIsNone) {
    const struct {
        std::string text;
        const char* want;
    } cases[] = {
        {"send\n",                      "f.txt:3: `send` needs a message type"                        },
        {"send 9999\n",                 "f.txt:3: `send` needs a message type"                        },
        {"send 0200 mac=right\n",       "f.txt:3: `send` has no word `mac=right`"                     },
        {"send 0200 cut=0\n",           "f.txt:3: `send` has no word `cut=0`"                         },
        {"send 0200 like purchase\n",   "f.txt:3: no message was sent as purchase"                    },
        {"send 0200\n  four 1\n",
         "f.txt:4: is neither `FIELD TEXT`, `spoil FIELD HEX` nor `byte OFFSET HEX`"                  },
        {"send 0200\n  1 1\n",
         "f.txt:4: is neither `FIELD TEXT`, `spoil FIELD HEX` nor `byte OFFSET HEX`"                  },
        {"send 0200\n  spoil 129 00\n",
         "f.txt:4: is neither `FIELD TEXT`, `spoil FIELD HEX` nor `byte OFFSET HEX`"                  },
        {"send 0200\n  byte 4 0\n",
         "f.txt:4: is neither `FIELD TEXT`, `spoil FIELD HEX` nor `byte OFFSET HEX`"                  },
        {"send 0200\n  4 {{amount}}\n",
         "f.txt:4: `amount` is not known here: `needs:` names a parameter of the profile"             },
        {"expect 0210 proven\n",        "f.txt:3: behind the message type stands `unmaced` or nothing"},
        {"expect 0210\n  39\n",         "f.txt:4: is not `FIELD TEXT`"                                },
        {"expect reject 15\n",
         "f.txt:3: `expect` needs a message type, `reject CODE`, `closed` or `nothing N s`"           },
        {"expect nothing\n",
         "f.txt:3: `expect` needs a message type, `reject CODE`, `closed` or `nothing N s`"           },
        {"expect closed\n  39 00\n",    "f.txt:4: this statement has no body"                         },
        {"raw 0\n",                     "f.txt:3: `raw` needs bytes in hexadecimal"                   },
        {"repeat\n",                    "f.txt:3: nothing was sent yet"                               },
        {"take it\n",                   "f.txt:3: there is no statement `take it`"                    },
    };
    for (const auto& c : cases) {
        const auto scenario = parse_scenario("f.txt", head + c.text);
        ASSERT_TRUE(scenario.has_value()) << to_text(scenario.error());
        const auto script = iso8583_script(*scenario);
        EXPECT_EQ(script ? "" : to_text(script.error()), c.want);
    }
}

TEST(Scenario, ComesAfterAnother) {
    const std::vector<ScenarioText> texts{
        {"a.txt", head + "needs: x y\nwait 1 s\n"          },
        {"b.txt", head + "needs: y z\nafter: a\nwait 2 s\n"},
    };
    const auto read = read_scenarios(texts);
    ASSERT_TRUE(read.has_value());
    const Scenario& second = (*read)[1];
    EXPECT_EQ(second.needs, (std::vector<std::string>{"y", "z", "x"}));
    ASSERT_EQ(second.statements.size(), 2U);
    EXPECT_EQ(second.statements[0].place(), "a.txt:4");
    EXPECT_EQ(second.statements[1].place(), "b.txt:5");

    const std::vector<ScenarioText> lost{
        {"b.txt", head + "after: a\nwait 2 s\n"}
    };
    EXPECT_EQ(to_text(read_scenarios(lost).error()),
              "b.txt:1: `after: a` names no scenario that comes after nothing");
}

TEST(Scenario, AreChosenByName) {
    const std::vector<ScenarioText> texts{
        {"a.txt", head + "wait 1 s\n"},
        {"b.txt", head + "wait 2 s\n"},
    };
    const auto all = read_scenarios(texts);
    ASSERT_TRUE(all.has_value());
    EXPECT_EQ(chosen(*all, {})->size(), 2U);
    const std::vector<std::string> names{"b"};
    const auto one = chosen(*all, names);
    ASSERT_TRUE(one.has_value());
    EXPECT_EQ(one->front().name, "b");
    const std::vector<std::string> strange{"b", "c"};
    EXPECT_EQ(to_text(chosen(*all, strange).error()), "--scenario: there is no c");
}

TEST(Scenario, AreReadFromAFolder) {
    const auto texts = texts_of(HUITONG_SOURCE_DIR "/conformance/json");
    ASSERT_TRUE(texts.has_value());
    EXPECT_EQ(texts->size(), builtin_texts("json").size());
    EXPECT_EQ(texts->front().text, builtin_texts("json").front().text);
    EXPECT_TRUE(texts_of(HUITONG_SOURCE_DIR "/conformance").error().what.contains("no *.txt"));
    EXPECT_FALSE(texts_of("/no/such/folder").has_value());
}

TEST(Scenario, AreToldAsJson) {
    const auto scenario = parse_scenario("t.txt", head + "needs: amount\nwait 1 s\n");
    ASSERT_TRUE(scenario.has_value());
    const std::string common = R"("name":"t","title":"T","clause":"C","needs":["amount"])";
    EXPECT_EQ(json_of(*scenario), "{" + common + "}\n");
    Outcome outcome{.scenario = &*scenario};
    EXPECT_EQ(json_of(outcome), R"({"verdict":"ok",)" + common + "}\n");
    outcome.verdict = Verdict::skipped;
    outcome.why_skipped = "why";
    EXPECT_EQ(json_of(outcome),
              R"({"verdict":"skipped",)" + common + R"(,"because":"why"})" + "\n");
    outcome = {
        .scenario = &*scenario,
        .verdict = Verdict::failed,
        .failure = Failure{"t.txt:4", "expect 200", "GET /x", "404", "{}", {{"a", "1", "2"}}}
    };
    EXPECT_EQ(json_of(outcome),
              R"({"verdict":"FAIL",)" + common +
                  R"(,"failure":{"at":"t.txt:4","step":"expect 200","sent":"GET /x",)"
                  R"("came":"404","expected":"{}",)"
                  R"("differences":[{"where":"a","expected":"1","came":"2"}]}})"
                  "\n");
    EXPECT_EQ(json_of(Counts{1, 2, 3}), "{\"ok\":1,\"failed\":2,\"skipped\":3}\n");
}

TEST(Scenario, ReadsAllThatTheProgramBrings) {
    const auto json = read_scenarios(builtin_texts("json"));
    ASSERT_TRUE(json.has_value()) << to_text(json.error());
    EXPECT_GE(json->size(), 20U);
    for (const Scenario& each : *json) {
        const auto script = json_script(each);
        EXPECT_TRUE(script.has_value()) << to_text(script.error());
    }
    const auto iso8583 = read_scenarios(builtin_texts("iso8583"));
    ASSERT_TRUE(iso8583.has_value()) << to_text(iso8583.error());
    EXPECT_GE(iso8583->size(), 15U);
    for (const Scenario& each : *iso8583) {
        const auto script = iso8583_script(each);
        EXPECT_TRUE(script.has_value()) << to_text(script.error());
    }
    EXPECT_TRUE(builtin_texts("fax").empty());
}

}  // namespace
}  // namespace huitong::apps::conform
