#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

#include "crypto/random.hpp"
#include "gateway/json_door/parameters.hpp"
#include "gateway/json_door/passwords.hpp"
#include "gateway/json_door/people.hpp"
#include "gateway/json_door/routes.hpp"
#include "gateway/json_door/session_tokens.hpp"
#include "gateway/json_door/values.hpp"

namespace huitong::gateway::json_door {
namespace {

constexpr Instant now{1'790'000'000'000};

http::Request with_header(std::string_view name, std::string_view value) {
    http::Request request;
    request.headers.add(name, value);
    return request;
}

TEST(LanguageOf, IsEnglishOnlyWhereItIsPreferred) {
    struct Case {
        const char* header;
        Language want;
    };
    const Case cases[] = {
        {"",                        Language::chinese},
        {"zh-CN,zh;q=0.9,en;q=0.8", Language::chinese},
        {"en",                      Language::english},
        {"en-US,en;q=0.9,zh;q=0.8", Language::english},
        {"EN-gb",                   Language::english},
        {"zh;q=0.1, en;q=0.2",      Language::english},
        {"en;q=0.5, zh;q=0.5",      Language::english},
        {"zh;q=0.5, en;q=0.5",      Language::chinese},
        {"en;q=0",                  Language::chinese},
        {"fr, de",                  Language::chinese},
        {"enx",                     Language::chinese},
        {"en;q=x",                  Language::chinese},
        {";;,,,;q=",                Language::chinese},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.header);
        EXPECT_EQ(language_of(with_header("Accept-Language", c.header)), c.want);
    }
}

TEST(Refusal, SaysCodeMessageAndWhichMember) {
    const auto plain = refusal(Error::order_locked, Language::english);
    EXPECT_EQ(plain.status, 409);
    EXPECT_TRUE(plain.body.starts_with(R"({"code":"ORDER_LOCKED","message":"another payment)"));
    const FieldError defect{Error::field_missing, "/amount/total", "secret", "is required",
                            Location::body};
    const auto detailed = refusal(defect, Language::chinese);
    EXPECT_EQ(detailed.status, 400);
    EXPECT_EQ(detailed.body,
              R"({"code":"PARAM_ERROR","message":"缺少必填参数","detail":)"
              R"({"location":"body","field":"/amount/total","issue":"is required"}})");
}

TEST(Refusal, EveryErrorHasACodeAndBothLanguages) {
    for (std::uint8_t i = 0; i < std::to_underlying(Error::count_); ++i) {
        const Error error{i};
        EXPECT_FALSE(code_of(error).empty());
        EXPECT_NE(message_of(error, Language::chinese), message_of(error, Language::english));
    }
}

TEST(SessionTokens, OpenOnlyWhatWasIssuedForThePurposeInTime) {
    const crypto::Secret key = crypto::random_secret(32);
    const SessionTokens tokens(key, "wallet");
    const SessionClaim claim{.id = 77, .epoch = 3, .expires_at = now + hours(1)};
    const std::string token = tokens.issue(claim);
    EXPECT_EQ(tokens.open(token, now), claim);
    EXPECT_EQ(tokens.open(token, now + hours(1)).error(), Error::session_invalid);
    EXPECT_EQ(SessionTokens(key, "operator").open(token, now).error(), Error::session_invalid);
    EXPECT_EQ(SessionTokens(crypto::random_secret(32), "wallet").open(token, now).error(),
              Error::session_invalid);
    EXPECT_EQ(SessionTokens(key, "wallet").open(token, now), claim);
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string forged = token;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(tokens.open(forged, now).error(), Error::session_invalid) << i;
    }
    for (const std::string& other : {std::string(), token + "A", token.substr(1), token + "="})
        EXPECT_EQ(tokens.open(other, now).error(), Error::session_invalid);
}

TEST(SessionTokens, AreFoundInTheHeader) {
    const SessionTokens tokens(crypto::random_secret(32), "wallet");
    const SessionClaim claim{.id = 1, .epoch = 0, .expires_at = now + hours(1)};
    const std::string token = tokens.issue(claim);
    EXPECT_EQ(tokens.of(with_header("Authorization", "Bearer " + token), now), claim);
    EXPECT_EQ(tokens.of(with_header("authorization", "bearer " + token), now), claim);
    for (const std::string& header : {token, "Basic " + token, std::string("Bearer"),
                                      std::string("Bearer "), "Bearer  " + token})
        EXPECT_FALSE(tokens.of(with_header("Authorization", header), now).has_value()) << header;
    EXPECT_FALSE(tokens.of(http::Request{}, now).has_value());
}

RC_GTEST_PROP(SessionTokens, SurviveTheRoundTrip, (std::uint64_t id, std::uint32_t epoch)) {
    static const SessionTokens tokens(crypto::random_secret(32), "wallet");
    const SessionClaim claim{.id = id, .epoch = epoch, .expires_at = now + days(1)};
    const bool same = tokens.open(tokens.issue(claim), now) == claim;
    RC_ASSERT(same);
}

struct VaultKit {
    std::map<std::uint64_t, std::string> keys;
    VaultPort port{.put = [this](std::uint64_t subject, std::string_view wrapped) -> Result<void> {
                       keys[subject] = wrapped;
                       return {};
                   },
                   .get = [this](std::uint64_t subject) -> Result<std::string> {
                       if (!keys.contains(subject)) return refuse(Error::subject_key_erased);
                       return keys[subject];
                   }};
};

TEST(People, AreReadableUntilTheirKeyIsErased) {
    const crypto::MasterKey master(crypto::SealingKey::generate());
    VaultKit vault;
    const People people(master, vault.port);
    const Person person{.login_name = "alice", .display_name = "爱丽丝", .phone = "+8613800000000"};
    const auto sealed = people.seal_new(person);
    ASSERT_TRUE(sealed.has_value());
    EXPECT_EQ(sealed->bytes.find("alice"), std::string::npos);
    EXPECT_EQ(people.open(*sealed), person);
    EXPECT_NE(people.seal_for(*sealed, "x", "text")->bytes, "text");
    const auto other = people.seal_new({.login_name = "bob", .display_name = "Bob", .phone = {}});
    EXPECT_EQ(vault.keys.size(), 2U);
    Sealed mixed{other->bytes.substr(0, 8) + sealed->bytes.substr(8)};
    EXPECT_FALSE(people.open(mixed).has_value());
    EXPECT_EQ(people.open(Sealed{"short"}).error(), Error::decryption_failed);
    vault.keys.clear();
    EXPECT_EQ(people.open(*sealed).error(), Error::subject_key_erased);
}

TEST(People, AreShownMasked) {
    EXPECT_EQ(masked_phone("+8613800001234"), "+86138****1234");
    EXPECT_EQ(masked_phone("13800001234"), "138****1234");
    EXPECT_EQ(masked_phone("123456"), "******");
    EXPECT_EQ(masked_phone(""), "");
    EXPECT_EQ(masked_number("6222020000004242"), "**** 4242");
}

TEST(PersonKeys, AreOneForNamesThatDifferInCaseOnly) {
    const PersonKeys keys(crypto::Secret("secret"));
    EXPECT_EQ(keys.login_key("Alice"), keys.login_key("aLICE"));
    EXPECT_NE(keys.login_key("alice"), keys.login_key("alicf"));
    EXPECT_EQ(keys.login_key("alice").size(), 16U);
    EXPECT_NE(keys.account_key("A", "1"), keys.account_key("B", "1"));
    EXPECT_NE(keys.login_key("alice"), PersonKeys(crypto::Secret("other")).login_key("alice"));
}

TEST(Passwords, AreBoundToTheirOwnerAndWaitWithinBounds) {
    const crypto::MasterKey master(crypto::SealingKey::generate());
    door::WorkPool pool({.name = "test", .threads = 1});
    Passwords passwords(master, pool, {.cost = crypto::scrypt_cost_for_tests, .waiting_max = 2});
    const auto record = passwords.record(crypto::Secret("right"), "user/1");
    ASSERT_TRUE(record.has_value());
    EXPECT_EQ(passwords.matches(crypto::Secret("right"), "user/1", *record), true);
    EXPECT_EQ(passwords.matches(crypto::Secret("wrong"), "user/1", *record), false);
    EXPECT_FALSE(passwords.matches(crypto::Secret("right"), "user/2", *record).has_value());
    EXPECT_FALSE(passwords.matches_nobody(crypto::Secret("right")));

    std::mutex gate;
    int done = 0;
    {
        const std::lock_guard closed(gate);
        const auto work = [&gate, &done] {
            const std::lock_guard open(gate);
            ++done;
        };
        EXPECT_TRUE(passwords.post(work).has_value());
        EXPECT_TRUE(passwords.post(work).has_value());
        EXPECT_EQ(passwords.post(work).error(), Error::overloaded);
    }
    pool.stop();
    EXPECT_EQ(done, 2);
}

TEST(Parameters, AreReadOnceAndOnlyWhenAskedFor) {
    struct Case {
        const char* query;
        std::optional<Error> want;
    };
    const Case cases[] = {
        {"",                            std::nullopt        },
        {"before=12&limit=100",         std::nullopt        },
        {"limit=0",                     Error::field_range  },
        {"limit=101",                   Error::field_range  },
        {"limit=-1",                    Error::field_format },
        {"limit=1&limit=2",             Error::field_format },
        {"before=0",                    Error::field_range  },
        {"before=9223372036854775808",  Error::field_range  },
        {"before=99999999999999999999", Error::field_range  },
        {"before=abc",                  Error::field_format },
        {"limit=%zz",                   Error::field_format },
        {"other=1",                     Error::field_unknown},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.query);
        wire::json::Report report;
        Parameters parameters(c.query, report);
        (void)parameters.page();
        parameters.finish();
        EXPECT_EQ(report.clean(), !c.want);
        if (c.want && !report.clean()) {
            EXPECT_EQ(report.first()->error, *c.want);
        }
    }
}

TEST(ParseId, TakesWhatAnIdPrintsAndNothingElse) {
    EXPECT_EQ(parse_id("815730921234567168"), 815730921234567168U);
    for (const char* text : {"", "0", "-1", " 1", "1 ", "abc", "9223372036854775808",
                             "99999999999999999999", "000000000000000000001"})
        EXPECT_FALSE(parse_id(text).has_value()) << text;
}

TEST(MatchPath, GivesWhatStandsForTheStars) {
    using Steps = std::optional<std::vector<std::string>>;
    EXPECT_EQ(match_path("/users", "/users"), Steps(std::in_place));
    EXPECT_EQ(match_path("/users/*/freeze", "/users/7/freeze"), Steps({"7"}));
    EXPECT_EQ(match_path("/a/*/b/*", "/a/x%2Fy/b/%E4%B8%AD"), Steps({"x/y", "中"}));
    for (const char* path : {"", "/", "/users/", "/users/7", "/users//freeze", "/users/7/freeze/",
                             "/users/%zz/freeze", "/users/7/unfreeze", "users/7/freeze"})
        EXPECT_EQ(match_path("/users/*/freeze", path), std::nullopt) << path;
}

TEST(FindRoute, FindsTheOperationOrSaysWhyNot) {
    struct Route {
        std::string_view method;
        std::string_view path;
    };
    constexpr Route routes[] = {
        {"GET",    "/things"  },
        {"POST",   "/things"  },
        {"DELETE", "/things/*"}
    };
    const auto find = [&routes](std::string_view method, std::string_view target) {
        http::Request request;
        request.method = method;
        request.target = target;
        return find_route(routes, request, "/door/v1");
    };
    const auto found = find("DELETE", "/door/v1/things/4?x=1");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->route, &routes[2]);
    EXPECT_EQ(found->parameters, std::vector<std::string>{"4"});
    for (const char* target : {"/door/v1", "/door/v1/thing", "/door/v10/things", "/things"})
        EXPECT_EQ(find("GET", target).error().status, 404) << target;
    const auto wrong = find("PUT", "/door/v1/things");
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().status, 405);
    EXPECT_EQ(wrong.error().headers.back(),
              (std::pair<std::string, std::string>("Allow", "GET, POST")));
}

TEST(Unasked, IsABodyOrAQueryThatNobodyReads) {
    http::Request request;
    request.target = "/things?x=1";
    request.body = "{}";
    EXPECT_EQ(unasked(request, {.query = true, .body = true}), std::nullopt);
    EXPECT_EQ(unasked(request, {.query = true, .body = false})->location, Location::body);
    EXPECT_EQ(unasked(request, {.query = false, .body = true})->location, Location::query);
    request.target = "/things";
    request.body = "";
    EXPECT_EQ(unasked(request, {}), std::nullopt);
}

TEST(PathBelow, EndsAPrefixAtASlash) {
    EXPECT_EQ(path_below("/wallet/v1/me", "/wallet/v1"), "/me");
    EXPECT_EQ(path_below("/wallet/v1", "/wallet/v1"), "");
    EXPECT_EQ(path_below("/anything", ""), "/anything");
    for (const char* path : {"/wallet/v10", "/wallet", "", "/wallet%2fv1/me", "//wallet/v1"})
        EXPECT_EQ(path_below(path, "/wallet/v1"), std::nullopt) << path;
}

TEST(Values, AreWrittenAsTheDocumentsSay) {
    std::string body;
    wire::json::Writer json(body);
    json.begin_object();
    write_id(json, "id", 18446744073709551615U);
    write_time(json, "at", Instant{1'772'337'600'000});
    write_amount(json, "amount", {2800, cny});
    write_decline(json, "funds_insufficient", Language::english);
    json.end_object();
    EXPECT_EQ(body, R"({"id":"18446744073709551615","at":"2026-03-01T12:00:00+08:00",)"
                    R"("amount":{"total":2800,"currency":"CNY"},"decline":{"code":"NOT_ENOUGH",)"
                    R"("message":"the balance does not cover the amount"}})");
}

}  // namespace
}  // namespace huitong::gateway::json_door
