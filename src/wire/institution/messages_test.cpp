// Every message: what is written is read as the same value, and each member's defects are named.
#include <gtest/gtest.h>

#include "wire/institution/ending.hpp"
#include "wire/institution/payment.hpp"
#include "wire/institution/positions.hpp"
#include "wire/institution/resolve.hpp"
#include "wire/institution/session.hpp"

namespace huitong::wire::institution {
namespace {

const Instant at{1'790'000'000'000};

const SignOn sign_on{.mac = Scheme::hmac_sha256, .key_serial = "0A1B", .encrypted_key = "sealed"};
const NextKey next_key{.serial = "0A1B",
                       .public_key_pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n",
                       .not_before = at,
                       .not_after = at + days(1)};
const Resolution resolution{
    .payee_name = "晨光咖啡",
    .payee_kind = PayeeKind::business,
    .code_kind = CodeKind::merchant_static,
    .amount = Money{28'00, cny},
    .subject = "拿铁",
    .resolve_token = "token",
    .expires_at = at
};
const Pay pay{
    .request_id = "k1",
    .resolve_token = "token",
    .code_kind = CodeKind::merchant_static,
    .amount = {28'00, cny},
    .subject = "拿铁"
};
const Authorise authorise{
    .request_id = "k1",
    .payer_code = "130000000000000001",
    .amount = {28'00, cny},
    .subject = "拿铁",
    .terminal = "T1"
};
const Refund refund{
    .request_id = "k2",
    .original = {RequestedBy::receiver, "k1"},
    .amount = {8'00,                  cny },
    .reason = "少送一份"
};
const PaymentView view{
    .request_id = "k1",
    .payment_id = "1000000000815730921234567168",
    .state = PaymentState::declined,
    .amount = Money{28'00, cny},
    .created_at = at,
    .ended_at = at + seconds(1),
    .decline = Decline{"NOT_ENOUGH", "funds_insufficient", "余额不足"}
};
const CommitResults commit_results{
    {{"k1", "", ""}, {"k2", "STATE_CONFLICT", "与交易当前状态冲突"}}
};
const PositionStatement statement{"20260921", {{cny, -5'00, 1'00, 100'00, 104'00}}};

TEST(InstitutionMessages, AreReadAsWritten) {
    EXPECT_EQ(parse_sign_on(to_json(sign_on)), sign_on);
    const SessionOpened opened{"0123456789abcdef", at};
    EXPECT_EQ(parse_session_opened(to_json(opened)), opened);
    EXPECT_EQ(parse_sessions_ended(to_json(SessionsEnded{3})), SessionsEnded{3});
    EXPECT_EQ(parse_next_key(to_json(next_key)), next_key);
    EXPECT_EQ(parse_resolve(to_json(Resolve{"000201"})), Resolve{"000201"});
    EXPECT_EQ(parse_resolution(to_json(resolution)), resolution);
    Resolution entered = resolution;
    entered.amount.reset();
    EXPECT_EQ(parse_resolution(to_json(entered)), entered);
    EXPECT_EQ(parse_pay(to_json(pay)), pay);
    Pay bare = pay;
    bare.code_kind.reset();
    EXPECT_EQ(parse_pay(to_json(bare)), bare);
    EXPECT_EQ(parse_authorise(to_json(authorise)), authorise);
    EXPECT_EQ(parse_refund(to_json(refund)), refund);
    EXPECT_EQ(parse_payment_view(to_json(view)), view);
    PaymentView open = view;
    open.state = PaymentState::userpaying;
    open.ended_at.reset();
    open.amount.reset();
    open.decline.reset();
    EXPECT_EQ(parse_payment_view(to_json(open)), open);
    const Commits commits{
        {"k1", "k2"}
    };
    EXPECT_EQ(parse_commits(to_json(commits)), commits);
    EXPECT_EQ(parse_commit_results(to_json(commit_results)), commit_results);
    EXPECT_EQ(parse_reversal(to_json(Reversal{"k1"})), Reversal{"k1"});
    EXPECT_EQ(parse_position_statement(to_json(statement)), statement);
}

TEST(InstitutionMessages, AreWrittenAsTheDocumentSays) {
    EXPECT_EQ(to_json(pay),
              R"({"request_id":"k1","resolve_token":"token","code_kind":"MERCHANT_STATIC",)"
              R"("amount":{"minor":2800,"currency":"CNY"},"subject":"拿铁"})");
    EXPECT_EQ(to_json(refund), R"({"request_id":"k2","original":{"requested_by":"receiver",)"
                               R"("request_id":"k1"},"amount":{"minor":800,"currency":"CNY"},)"
                               R"("reason":"少送一份"})");
    EXPECT_EQ(to_json(commit_results),
              R"({"results":[{"request_id":"k1","result":"ACKNOWLEDGED"},{"request_id":"k2",)"
              R"("result":"REFUSED","code":"STATE_CONFLICT","message":"与交易当前状态冲突"}]})");
    EXPECT_EQ(to_json(statement),
              R"({"window":"20260921","positions":[{"currency":"CNY","position":-500,)"
              R"("reserved":100,"cap":10000,"available":10400}]})");
}

struct Defect {
    const char* name;
    std::string from, to;
    Error want;
    const char* pointer;
};

// Each change of the good body is refused at the member that it broke.
template <class Parse, std::size_t count>
void expect_defects(const std::string& good, Parse parse, const Defect (&cases)[count]) {
    ASSERT_TRUE(parse(good).has_value()) << good;
    for (const Defect& c : cases) {
        SCOPED_TRACE(c.name);
        std::string body = good;
        const std::size_t found = body.find(c.from);
        ASSERT_NE(found, std::string::npos) << c.from;
        body.replace(found, c.from.size(), c.to);
        const auto parsed = parse(body);
        ASSERT_FALSE(parsed) << body;
        EXPECT_EQ(parsed.error().error, c.want);
        EXPECT_EQ(parsed.error().pointer, c.pointer);
    }
}

TEST(InstitutionMessages, NameTheDefectOfAPayment) {
    const std::string much = "1000000000000001";
    const Defect cases[] = {
        {"no object",        "{",                     "[",                  Error::body_malformed, ""                },
        {"no key",           R"("request_id":"k1",)", "",                   Error::field_missing,  "/request_id"     },
        {"an empty key",     R"("k1")",               R"("")",              Error::field_range,    "/request_id"     },
        {"a key's letters",  R"("k1")",               R"("k 1")",           Error::field_format,   "/request_id"     },
        {"a number as key",  R"("k1")",               "1",                  Error::field_format,   "/request_id"     },
        {"no token",         R"("token")",            "null",               Error::field_missing,  "/resolve_token"  },
        {"another kind",     "MERCHANT_STATIC",       "merchant",           Error::field_range,    "/code_kind"      },
        {"nothing",          "2800",                  "0",                  Error::field_range,    "/amount/minor"   },
        {"too much",         "2800",                  much,                 Error::field_range,    "/amount/minor"   },
        {"a fraction",       "2800",                  "28.00",              Error::field_format,   "/amount/minor"   },
        {"no currency",      R"("CNY")",              R"("XYZ")",           Error::field_range,    "/amount/currency"},
        {"an amount's more", R"("CNY")",              R"("CNY","x":1)",     Error::field_unknown,  "/amount/x"       },
        {"a member more",    R"("subject")",          R"("x":1,"subject")", Error::field_unknown,  "/x"              },
    };
    expect_defects(to_json(pay), parse_pay, cases);
}

TEST(InstitutionMessages, NameTheDefectOfEveryOtherRequest) {
    const Defect sign_ons[] = {
        {"a signature",   "HUITONG-HMAC-SHA256", "HUITONG-SM2-SM3", Error::field_range,
         "/mac_algorithm"                                                                                 },
        {"no hex",        "0A1B",                "0A1X",            Error::field_format,  "/key_serial"   },
        {"no base64",     "c2VhbGVk",            "c2VhbGV",         Error::field_format,  "/encrypted_key"},
        {"a member more", "{",                   R"({"x":1,)",      Error::field_unknown, "/x"            },
    };
    expect_defects(to_json(sign_on), parse_sign_on, sign_ons);
    const Defect keys[] = {
        {"no serial", R"("0A1B")", "null", Error::field_missing, "/serial"    },
        {"no time",   "T",         "t-",   Error::field_format,  "/not_before"},
        {"year 0",    "2026",      "0000", Error::field_range,   "/not_before"},
    };
    expect_defects(to_json(next_key), parse_next_key, keys);
    const Defect codes[] = {
        {"an empty code", "000201", "", Error::field_range, "/code"},
        {"a long code", "000201", std::string(1025, '0'), Error::field_range, "/code"},
    };
    expect_defects(to_json(Resolve{"000201"}), parse_resolve, codes);
    const Defect authorisations[] = {
        {"no code", R"("payer_code")", R"("code")", Error::field_missing, "/payer_code"},
        {"a long terminal", "T1", std::string(33, 'T'), Error::field_range, "/terminal"},
    };
    expect_defects(to_json(authorise), parse_authorise, authorisations);
    const Defect refunds[] = {
        {"no original", R"("original")", R"("of")",  Error::field_missing, "/original"             },
        {"a stranger",  "receiver",      "somebody", Error::field_range,   "/original/requested_by"},
        {"no key",      R"("k1")",       R"("")",    Error::field_range,   "/original/request_id"  },
    };
    expect_defects(to_json(refund), parse_refund, refunds);
    const Defect reversals[] = {
        {"a member more", "{", R"({"amount":1,)", Error::field_unknown, "/amount"},
    };
    expect_defects(to_json(Reversal{"k1"}), parse_reversal, reversals);
    EXPECT_TRUE(parse_empty("{}"));
    EXPECT_FALSE(parse_empty(R"({"x":1})"));
}

TEST(InstitutionMessages, TakeAtMostFiveHundredCommits) {
    Commits commits;
    EXPECT_FALSE(parse_commits(to_json(commits)));
    for (std::size_t i = 0; i < commits_max; ++i)
        commits.request_ids.push_back("k" + std::to_string(i));
    EXPECT_EQ(parse_commits(to_json(commits)), commits);
    commits.request_ids.emplace_back("one more");
    EXPECT_EQ(parse_commits(to_json(commits)).error().pointer, "/request_ids");
    EXPECT_EQ(parse_commits("{}").error().error, Error::field_missing);
}

TEST(InstitutionMessages, RefuseAnswersThatSayNothing) {
    const Defect views[] = {
        {"another state", "DECLINED", "MAYBE",   Error::field_range,   "/state"         },
        {"no reason",     "reason",   "why",     Error::field_missing, "/decline/reason"},
        {"a short id",    "10000000", "1000000", Error::field_range,   "/payment_id"    },
    };
    expect_defects(to_json(view), parse_payment_view, views);
    const Defect results[] = {
        {"another word", "ACKNOWLEDGED", "PERHAPS", Error::field_range,   "/results/0/result"},
        {"no code",      R"("code")",    R"("c")",  Error::field_missing, "/results/1/code"  },
    };
    expect_defects(to_json(commit_results), parse_commit_results, results);
}

}  // namespace
}  // namespace huitong::wire::institution
