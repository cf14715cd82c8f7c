#include "gateway/http/connection/request_parser.hpp"

#include <gtest/gtest.h>
#include <string>

namespace huitong::gateway::http {
namespace {

constexpr MessageLimits limits{.header_bytes_max = 1024, .body_bytes_max = 100};

// Feeds as a connection does: what was not used comes again. Returns what is left over.
std::string feed_by(std::size_t piece, std::string_view bytes, RequestParser& parser) {
    std::string waiting;
    while (!bytes.empty()) {
        waiting.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        waiting.erase(0, parser.feed(waiting));
        if (parser.complete() || parser.error()) break;
    }
    return waiting.append(bytes);
}

const std::string host = "Host: h\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";

struct Refusal {
    const char* name;
    std::string bytes;
    Error error;
};

const Refusal refusals[] = {
    {"no method", " / HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"no target", "GET HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"two spaces", "GET  / HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"space in target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"relative target", "GET a HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"other scheme", "GET ftp://h/ HTTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"not HTTP", "GET / FTP/1.1\r\n" + host + "\r\n", Error::request_malformed},
    {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
     Error::request_malformed},
    {"HTTP/0.9", "GET /\r\n\r\n", Error::request_malformed},
    {"HTTP/1.0", "GET / HTTP/1.0\r\n" + host + "\r\n", Error::http_version_unknown},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Error::http_version_unknown},
    {"NUL in method", std::string("G\0T / HTTP/1.1\r\n\r\n", 18), Error::request_malformed},
    {"NUL in target", std::string("GET /\0 HTTP/1.1\r\n\r\n", 19), Error::request_malformed},
    {"NUL in name", std::string("GET / HTTP/1.1\r\nA\0: b\r\n\r\n", 26), Error::request_malformed},
    {"NUL in value", std::string("GET / HTTP/1.1\r\nHost: h\r\nA: \0b\r\n\r\n", 35),
     Error::request_malformed},
    {"no host", "GET / HTTP/1.1\r\n\r\n", Error::request_malformed},
    {"two hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", Error::request_malformed},
    {"space before colon", "GET / HTTP/1.1\r\n" + host + "A : b\r\n\r\n", Error::request_malformed},
    {"no colon", "GET / HTTP/1.1\r\n" + host + "A\r\n\r\n", Error::request_malformed},
    {"empty name", "GET / HTTP/1.1\r\n" + host + ": b\r\n\r\n", Error::request_malformed},
    {"bare line feeds", "GET / HTTP/1.1\nHost: h\n\n\r\n\r\n", Error::request_malformed},
    {"length and chunked",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n" + chunked + "\r\n0\r\n\r\n",
     Error::request_malformed},
    {"chunked and length",
     "POST / HTTP/1.1\r\n" + host + chunked + "Content-Length: 3\r\n\r\n0\r\n\r\n",
     Error::request_malformed},
    {"two lengths, different",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
     Error::request_malformed},
    {"two lengths, equal",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
     Error::request_malformed},
    {"a list of lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3, 3\r\n\r\nabc",
     Error::request_malformed},
    {"signed length", "POST / HTTP/1.1\r\n" + host + "Content-Length: +3\r\n\r\nabc",
     Error::request_malformed},
    {"negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
     Error::request_malformed},
    {"empty length", "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n",
     Error::request_malformed},
    {"length past 64 bits",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551616\r\n\r\n",
     Error::request_malformed},
    {"identity coding", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n",
     Error::request_malformed},
    {"gzip, chunked",
     "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
     Error::request_malformed},
    {"chunked, gzip", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n",
     Error::request_malformed},
    {"two codings", "POST / HTTP/1.1\r\n" + host + chunked + chunked + "\r\n0\r\n\r\n",
     Error::request_malformed},
    {"xchunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n",
     Error::request_malformed},
    {"bad chunk size", "POST / HTTP/1.1\r\n" + host + chunked + "\r\nxyz\r\n",
     Error::request_malformed},
    {"chunk without its end", "POST / HTTP/1.1\r\n" + host + chunked + "\r\n3\r\nabcd\r\n0\r\n\r\n",
     Error::request_malformed},
    {"length over the limit", "POST / HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n",
     Error::body_too_large},
    {"chunk over the limit", "POST / HTTP/1.1\r\n" + host + chunked + "\r\n65\r\n",
     Error::body_too_large},
    {"chunks over the limit",
     "POST / HTTP/1.1\r\n" + host + chunked + "\r\n40\r\n" + std::string(64, 'a') + "\r\n40\r\n",
     Error::body_too_large},
    {"long target", "GET /" + std::string(2000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
     Error::header_too_large},
    {"long value", "GET / HTTP/1.1\r\n" + host + "A: " + std::string(2000, 'a') + "\r\n\r\n",
     Error::header_too_large},
    {"endless name", "GET / HTTP/1.1\r\n" + host + std::string(2000, 'a'), Error::header_too_large},
    {"endless empty lines",
     [] {
         std::string s;
         for (int i = 0; i < 1000; ++i) s += "\r\n";
         return s;
     }(),
     Error::header_too_large},
    {"endless extension",
     "POST / HTTP/1.1\r\n" + host + chunked + "\r\n1;a=" + std::string(2000, 'b'),
     Error::request_malformed},
    {"endless trailer",
     "POST / HTTP/1.1\r\n" + host + chunked + "\r\n0\r\nA: " + std::string(2000, 'b'),
     Error::request_malformed},
};

TEST(RequestParser, RefusesWhatIsNotOneClearMessageHoweverItIsCut) {
    for (const auto& c : refusals) {
        for (const std::size_t piece : {1UL, 7UL, 100'000UL}) {
            SCOPED_TRACE(std::string(c.name) + " by " + std::to_string(piece));
            RequestParser parser(limits);
            feed_by(piece, c.bytes, parser);
            EXPECT_FALSE(parser.complete());
            ASSERT_TRUE(parser.error());
            EXPECT_EQ(describe(*parser.error()).name, describe(c.error).name);
        }
    }
}

struct Acceptance {
    const char* name;
    std::string bytes;
    const char* method;
    const char* target;
    std::string body;
};

const Acceptance acceptances[] = {
    {"plain", "GET /a?b=%2f HTTP/1.1\r\n" + host + "\r\n", "GET", "/a?b=%2f", ""},
    {"unknown method", "FROB / HTTP/1.1\r\n" + host + "\r\n", "FROB", "/", ""},
    {"asterisk", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "OPTIONS", "*", ""},
    {"absolute form", "GET http://h/a HTTP/1.1\r\n" + host + "\r\n", "GET", "http://h/a", ""},
    {"empty line first", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n", "GET", "/", ""},
    {"raw body",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\n" + std::string("\0\r\n", 3), "POST",
     "/", std::string("\0\r\n", 3)},
    {"no body", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", "POST", "/", ""},
    {"chunked",
     "POST / HTTP/1.1\r\n" + host +
         "Transfer-Encoding: Chunked\r\n\r\n"
         "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: r\r\n\r\n", "POST", "/", "abc0123456789"},
    {"header at limit", "GET / HTTP/1.1\r\n" + host + "A: " + std::string(980, 'a') + "\r\n\r\n",
     "GET", "/", ""},
    {"body at limit",
     "POST / HTTP/1.1\r\n" + host + "Content-Length: 100\r\n\r\n" + std::string(100, 'x'), "POST",
     "/", std::string(100, 'x')},
};

TEST(RequestParser, ReadsTheSameHoweverItIsCutAndLeavesWhatFollows) {
    for (const auto& c : acceptances) {
        for (const std::size_t piece : {1UL, 2UL, 3UL, 50UL, 100'000UL}) {
            SCOPED_TRACE(std::string(c.name) + " by " + std::to_string(piece));
            RequestParser parser(limits);
            const auto left = feed_by(piece, c.bytes + "NEXT", parser);
            ASSERT_TRUE(parser.complete());
            EXPECT_EQ(left, "NEXT");
            const Request request = parser.take();
            EXPECT_EQ(request.method, c.method);
            EXPECT_EQ(request.target, c.target);
            EXPECT_EQ(request.body, c.body);
            EXPECT_EQ(request.header("Host"), "h");
            EXPECT_FALSE(parser.started());
        }
    }
}

TEST(RequestParser, KeepsTrailersOutOfTheHeader) {
    RequestParser parser(limits);
    feed_by(5, "POST / HTTP/1.1\r\n" + host + chunked + "\r\n0\r\nAuthorization: x\r\n\r\n",
            parser);
    ASSERT_TRUE(parser.complete());
    EXPECT_EQ(parser.take().headers.count("Authorization"), 0U);
}

TEST(RequestParser, TellsOfHeadContinueAndClose) {
    RequestParser parser(limits);
    feed_by(99, "HEAD / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", parser);
    ASSERT_TRUE(parser.complete());
    EXPECT_FALSE(parser.keep_alive());
    const Request head = parser.take();
    EXPECT_EQ(head.method, "GET");
    EXPECT_TRUE(head.head);

    feed_by(999, "POST / HTTP/1.1\r\n" + host + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
            parser);
    EXPECT_TRUE(parser.wants_continue());
    EXPECT_TRUE(parser.keep_alive());
    feed_by(1, "x", parser);
    EXPECT_TRUE(parser.complete());
    EXPECT_FALSE(parser.wants_continue());
}

}  // namespace
}  // namespace huitong::gateway::http
