#include "gateway/http/message.hpp"

#include <gtest/gtest.h>

namespace huitong::gateway::http {
namespace {

TEST(Headers, FindInAnyCaseAndCount) {
    Headers headers{
        {"Host",  "a"},
        {"X-Two", "1"},
        {"x-two", "2"}
    };
    EXPECT_EQ(headers.find("hOST"), "a");
    EXPECT_EQ(headers.find("X-TWO"), "1");
    EXPECT_EQ(headers.count("x-Two"), 2U);
    EXPECT_EQ(headers.find("Hos"), std::nullopt);
    const Headers moved = std::move(headers);
    EXPECT_EQ(moved.at(2), (std::pair<std::string_view, std::string_view>{"x-two", "2"}));
}

TEST(Request, SplitsTheTargetWithoutTouchingEscapes) {
    struct Case {
        const char* target;
        const char* path;
        const char* query;
    };
    const Case cases[] = {
        {"/v3/pay/%2F?a=%20b?c", "/v3/pay/%2F", "a=%20b?c"    },
        {"/",                    "/",           ""            },
        {"/x?",                  "/x",          ""            },
        {"http://h:1/p?q",       "/p",          "q"           },
        {"http://h?q",           "/",           "q"           },
        {"http://h",             "/",           ""            },
        {"/a?u=http://h/b",      "/a",          "u=http://h/b"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.target);
        const Request request{.target = c.target};
        EXPECT_EQ(request.path(), c.path);
        EXPECT_EQ(request.query(), c.query);
    }
}

TEST(AppendResponse, KeepsTheSpellingOfNamesAndAddsTheLength) {
    std::string out;
    append_response(out, {.status = 200, .headers = {{"wEiRd-Name", "v"}}, .body = "abc"}, {});
    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nwEiRd-Name: v\r\nContent-Length: 3\r\n\r\nabc");
}

TEST(AppendResponse, Writes204WithoutBodyTypeAndLength) {
    std::string out;
    append_response(out,
                    {
                        .status = 204, .headers = {{"Content-Type", "x"}, {"A", "b"}},
                             .body = "z"
    },
                    {});
    EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n");
}

TEST(AppendResponse, TellsAHeadTheLengthOfTheBodyItOmits) {
    std::string out;
    append_response(out, {.status = 200, .headers = {}, .body = "abc"},
                    {.body_omitted = true, .connection_close = true});
    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\n");
}

TEST(AppendResponse, LetsNobodyForgeAHeader) {
    std::string out;
    const std::string evil("a\r\nSet-Cookie: b\0c", 18);
    append_response(out, {.status = 200, .headers = {{"X", evil}}, .body = ""}, {});
    EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nX: a  Set-Cookie: b c\r\nContent-Length: 0\r\n\r\n");
}

TEST(AppendRequest, AddsHostAndLength) {
    std::string out;
    append_request(out, {
                            .method = "POST",
                            .target = "/n",
                            .host = "h:1",
                            .headers = {{"Content-Length", "9"}, {"A", "b\nc"}},
                            .body_bytes = 0
    });
    EXPECT_EQ(out, "POST /n HTTP/1.1\r\nHost: h:1\r\nA: b c\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace huitong::gateway::http
