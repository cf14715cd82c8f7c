#include "wire/iso8583/frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace huitong::wire::iso8583 {
namespace {

using Kind = FrameFront::Kind;

const Dialect& cups() {
    return *builtin_dialect("cups");
}
const Dialect& terminal() {
    return *builtin_dialect("cup-pos");
}

TEST(Frame, IsFoundAtTheFrontOfWhatWasReceived) {
    const struct {
        std::string_view name;
        const Dialect& dialect;
        std::string received;
        Kind kind;
        std::size_t bytes;
    } cases[] = {
        {"nothing yet", cups(), "", Kind::partial, 4},
        {"prefix cut off", cups(), "003", Kind::partial, 4},
        {"content cut off", cups(), "0003ab", Kind::partial, 7},
        {"just one", cups(), "0003abc", Kind::complete, 7},
        {"one and more", cups(), "0003abc0004", Kind::complete, 7},
        {"beat", cups(), "0000", Kind::beat, 4},
        {"beat and more", cups(), "00000003abc", Kind::beat, 4},
        {"the longest", cups(), "1938", Kind::partial, 1942},
        {"binary, nothing yet", terminal(), "", Kind::partial, 2},
        {"binary, cut off", terminal(), std::string("\0", 1), Kind::partial, 2},
        {"binary", terminal(), std::string("\0\3abcd", 6), Kind::complete, 5},
        {"binary, high byte", terminal(), std::string("\1\2abcd", 6), Kind::partial, 260},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto front = look_at_front(c.dialect, c.received);
        ASSERT_TRUE(front);
        EXPECT_EQ(front->kind, c.kind);
        EXPECT_EQ(front->bytes, c.bytes);
    }
}

TEST(Frame, IsRefusedBeforeItIsRead) {
    const struct {
        std::string_view name;
        const Dialect& dialect;
        std::string received;
        FaultCode code;
    } cases[] = {
        {"letter",             cups(),     "003x",                  FaultCode::frame_length  },
        {"letter, at once",    cups(),     "x",                     FaultCode::frame_length  },
        {"sign",               cups(),     "+100",                  FaultCode::frame_length  },
        {"one over the limit", cups(),     "1939",                  FaultCode::frame_too_long},
        {"binary over limit",  terminal(), std::string("\x20\x01"), FaultCode::frame_too_long},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto front = look_at_front(c.dialect, c.received);
        ASSERT_FALSE(front);
        EXPECT_EQ(front.error().code, c.code);
    }
}

// However a stream is cut, the same frames come out of it.
RC_GTEST_PROP(Frame, DoesNotDependOnHowAStreamIsCut, (const std::vector<std::string>& contents)) {
    const Dialect& dialect = *rc::gen::arbitrary<bool>() ? cups() : terminal();
    std::string stream;
    std::vector<std::string> wanted;
    for (const std::string& content : contents) {
        if (content.empty() && dialect.framing == Framing::binary2) continue;
        std::string frame(prefix_bytes(dialect.framing), '\0');
        write_prefix(dialect, content.size(), frame.data());
        wanted.push_back(frame + content);
        stream += wanted.back();
    }
    std::string buffer;
    std::vector<std::string> found;
    while (!stream.empty() || !buffer.empty()) {
        const auto front = look_at_front(dialect, buffer);
        RC_ASSERT(front.has_value());
        if (front->kind != Kind::partial) {
            found.push_back(buffer.substr(0, front->bytes));
            buffer.erase(0, front->bytes);
            continue;
        }
        RC_ASSERT(!stream.empty());
        const std::size_t more = *rc::gen::inRange<std::size_t>(1, stream.size() + 1);
        buffer += stream.substr(0, more);
        stream.erase(0, more);
    }
    RC_ASSERT(found == wanted);
}

}  // namespace
}  // namespace huitong::wire::iso8583
