// Headers and what stands around a message.
#include "wire/iso8583/envelope.hpp"

#include <gtest/gtest.h>

#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/json_form.hpp"

namespace huitong::wire::iso8583 {
namespace {

const Dialect& cups() {
    return *builtin_dialect("cups");
}

Header header() {
    const auto made = Header::make({.test = true, .destination = "00010344", .source = "44190440"});
    EXPECT_TRUE(made);
    return *made;
}

// A line test, with these header bytes changed.
std::string frame_with(std::size_t offset, std::string_view bytes) {
    Builder builder(cups());
    builder.start(Mti::parse("0820").value_or(Mti{}));
    EXPECT_TRUE(builder.add(7, "0515111631"));
    EXPECT_TRUE(builder.add(11, "106753"));
    EXPECT_TRUE(builder.add(70, "301"));
    const Header ours = header();
    std::string frame(*builder.finish({.header = &ours}));
    return frame.replace(4 + offset, bytes.size(), bytes);
}

TEST(Header, IsRefusedForItsFirstFieldThatIsWrong) {
    const struct {
        std::string_view name;
        std::size_t offset;
        std::string bytes;
        FaultCode code;
        std::string_view reject_code;
    } cases[] = {
        {"length 2D", 0, "\x2D", FaultCode::header_length, "00015"},
        {"version 0", 1, std::string(1, '\0'), FaultCode::header_version, "00025"},
        {"version 3, test", 1, "\x83", FaultCode::header_version, "00025"},
        {"total of letters", 2, "00x9", FaultCode::header_total_length, "00035"},
        {"another total", 2, "0090", FaultCode::header_total_length, "00035"},
        {"destination empty", 6, "           ", FaultCode::header_destination, "00045"},
        {"destination in spaces", 6, " 0010344   ", FaultCode::header_destination, "00045"},
        {"destination of letters", 6, "0001034A   ", FaultCode::header_destination, "00045"},
        {"source of letters", 17, "441904X0   ", FaultCode::header_source, "00055"},
        {"reject code letters", 41, "0000A", FaultCode::header_reject_code, ""},
        {"total before source", 2, "00x91          x", FaultCode::header_total_length, "00035"},
    };
    Envelope envelope;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto verdict = decode_frame(cups(), frame_with(c.offset, c.bytes), envelope);
        ASSERT_FALSE(verdict);
        EXPECT_EQ(to_text(verdict.error().code), to_text(c.code));
        EXPECT_EQ(reject_code_of(verdict.error().code), c.reject_code);
    }
}

TEST(Header, ThatDoesNotFitItsFrameIsRefused) {
    Envelope envelope;
    const std::string whole = frame_with(0, "");
    EXPECT_EQ(decode_frame(cups(), "0001x", envelope).error().code, FaultCode::header_length);
    EXPECT_EQ(decode_frame(cups(), "0002\x2E\x07", envelope).error().code,
              FaultCode::header_version);
    const std::string alone = "0046" + whole.substr(4, 2) + "0046" + whole.substr(10, 40);
    EXPECT_EQ(decode_frame(cups(), alone, envelope).error().code, FaultCode::header_total_length);
}

TEST(Header, TakesWhatMustBeEchoedAndSwapsTheIds) {
    std::string bytes(header().bytes());
    bytes.replace(28, 13,
                  "\x01\xFF\x03\x07"
                  "1234567"
                  "\x80"
                  "\x09");
    const auto parsed = Header::parse(bytes, std::nullopt);
    ASSERT_TRUE(parsed);
    const Header answer = parsed->answer();
    EXPECT_EQ(answer.destination(), "44190440");
    EXPECT_EQ(answer.source(), "00010344");
    EXPECT_EQ(answer.reserved(), "\x01\xFF\x03");
    EXPECT_EQ(answer.batch(), 7);
    EXPECT_EQ(answer.transaction_info(), "1234567\x80");
    EXPECT_EQ(answer.user_info(), 9);
    EXPECT_TRUE(answer.test());
    EXPECT_EQ(answer.version(), 2);
    EXPECT_EQ(answer.answer(), *parsed);
}

TEST(Header, IsMadeOfIdsOnly) {
    EXPECT_EQ(Header::make({.destination = "1234567890123", .source = "1"}).error().code,
              FaultCode::header_destination);
    EXPECT_EQ(Header::make({.destination = "1", .source = ""}).error().code,
              FaultCode::header_source);
    EXPECT_EQ(Header::make({.version = 3, .destination = "1", .source = "1"}).error().code,
              FaultCode::header_version);
}

TEST(Envelope, BeatsStandAlone) {
    Envelope envelope;
    ASSERT_TRUE(decode_frame(cups(), "0000", envelope));
    EXPECT_EQ(envelope.kind, Envelope::Kind::beat);
    EXPECT_EQ(decode_frame(cups(), "0000x", envelope).error().code, FaultCode::trailing_data);
}

TEST(Envelope, EndsWithItsFrame) {
    Envelope envelope;
    const std::string frame = frame_with(0, "");
    EXPECT_TRUE(decode_frame(cups(), frame, envelope));
    EXPECT_EQ(decode_frame(cups(), frame + "x", envelope).error().code, FaultCode::trailing_data);
}

std::string reject_of(std::string_view code, std::string_view original) {
    Header reject = header();
    reject.set_total(Header::size + original.size());
    std::string frame(reject.bytes());
    frame.replace(41, 5, code).append(original);
    return frame.substr(2, 4) + frame;
}

// What the switch could not read comes back as it was, and is shown and written again so.
TEST(Envelope, HoldsARejectWhateverTheOriginalIs) {
    const struct {
        std::string_view code;
        std::string original;
        bool readable;
    } cases[] = {
        {"00096", frame_with(0, "").substr(4), true},
        {"00045", frame_with(6, "A").substr(4), false},
        {"00035", "\x2E", false},
        {"00015", frame_with(0, "\x2D").substr(4), false},
        {"00015", std::string(60, 'x'), false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.code);
        const std::string frame = reject_of(c.code, c.original);
        Envelope envelope;
        ASSERT_TRUE(decode_frame(cups(), frame, envelope));
        EXPECT_EQ(envelope.kind, Envelope::Kind::reject);
        EXPECT_EQ(envelope.header->reject_code(), c.code);
        EXPECT_EQ(envelope.original, c.original);
        EXPECT_EQ(envelope.original_fault.has_value(), !c.readable);

        std::string json;
        append_json(cups(), envelope, {}, json);
        const auto again = frame_of_json(cups(), json);
        ASSERT_TRUE(again) << again.error().reason;
        EXPECT_EQ(*again, frame);
    }
}

TEST(Envelope, WithARejectCodeAndNothingThatCameBackIsRefused) {
    Envelope envelope;
    const auto verdict = decode_frame(cups(), reject_of("00045", "0820no header"), envelope);
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, FaultCode::header_reject_code);
    EXPECT_EQ(verdict.error().offset, 4 + 41);
}

TEST(Envelope, OfATerminalHasAHeaderOrIsRefused) {
    const Dialect& terminal = *builtin_dialect("cup-pos");
    Envelope envelope;
    const std::string_view short_frame("\0\x0A\x60\0\3\0\0\x60\x31\0\x31\7", 12);
    EXPECT_EQ(decode_frame(terminal, short_frame, envelope).error().code, FaultCode::header_length);
    EXPECT_EQ(decode_frame(terminal, std::string_view("\0\0", 2), envelope).error().code,
              FaultCode::header_length);
    const auto swapped = answer_tpdu(std::string_view("\x60\1\2\3\4", 5));
    EXPECT_EQ(std::string_view(swapped.data(), swapped.size()), "\x60\3\4\1\2");
}

}  // namespace
}  // namespace huitong::wire::iso8583
