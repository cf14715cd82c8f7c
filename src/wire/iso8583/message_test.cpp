#include "wire/iso8583/message.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/iso8583/json_form.hpp"
#include "wire/iso8583/message_kit_test.hpp"

namespace huitong::wire::iso8583 {
namespace {

// One field of each kind, in characters with a hexadecimal bitmap, so that rows can be read.
const Dialect& plain() {
    static const Dialect dialect = *load_dialect(R"(
dialect plain
bitmap hex
texts gbk
field  2 n    LL19
field  3 n    6
field  7 n    10 mmddhhmmss
field 28 x+n  8
field 35 z    LL37
field 38 an   6
field 43 ans  8
field 44 ans  LL25 opaque
field 52 b    8 hex
field 55 b    LLL255
field 58 n    1 class=5
field 60 n    LLL20
field 70 n    3
inner 55 ber
tag   55 9F26 8
inner 60 parts
part  60 kind=2 batch=6
)");
    return dialect;
}

const Dialect& packed() {
    static const Dialect dialect = *load_dialect(R"(
dialect packed
mti packed
bitmap raw first-only
lengths packed
separator D
field  2 n    LL19    packed-left
field 12 n    6       packed-left hhmmss
field 22 n    3       packed-left
field 23 n    3       packed-right
field 28 x+n  8       packed-right
field 35 z    LL37    packed-left
field 60 n    LLL20   packed-left
inner 60 parts
part  60 kind=2 batch=6
)");
    return dialect;
}

Checked<void> decode(const Dialect& dialect, std::string_view bytes, Message& out) {
    return decode_message(dialect, bytes, 0, out);
}

struct Case {
    std::string_view name;
    std::string bytes;
    FaultCode code;
    unsigned field = 0;
};

void expect_refused(const Dialect& dialect, const std::vector<Case>& cases) {
    Message message;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const auto verdict = decode(dialect, c.bytes, message);
        ASSERT_FALSE(verdict);
        EXPECT_EQ(to_text(verdict.error().code), to_text(c.code));
        EXPECT_EQ(verdict.error().field, c.field);
    }
}

TEST(Message, RefusesTheFirstThingThatIsWrong) {
    const std::string two =
        "0200"
        "4000000000000000";  // field 2
    expect_refused(
        plain(),
        {
            {"nothing at all", "", FaultCode::mti},
            {"MTI cut off", "020", FaultCode::mti},
            {"MTI of a letter",
             "02A0"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"version 1",
             "1200"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"class 7",
             "0700"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"class 0",
             "0000"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"function 4",
             "0240"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"origin 6",
             "0206"
             "4000000000000000"
             "0212", FaultCode::mti},
            {"bitmap cut off",
             "0200"
             "40000000", FaultCode::bitmap},
            {"bitmap in small letters",
             "0200"
             "000000000000000a", FaultCode::bitmap},
            {"second bitmap cut off",
             "0200"
             "8000000000000000"
             "0000", FaultCode::bitmap},
            {"third bitmap",
             "0200"
             "8000000000000000"
             "8000000000000000", FaultCode::field_undefined, 65},
            {"field 4 is not known",
             "0200"
             "1000000000000000"
             "000000000001", FaultCode::field_undefined, 4},
            {"only in class 5",
             "0200"
             "0000000000000040"
             "1", FaultCode::field_undefined, 58},
            {"length cut off", two + "1", FaultCode::field_truncated, 2},
            {"length of letters", two + "1x62", FaultCode::field_length, 2},
            {"length over the most", two + "20" + std::string(20, '1'), FaultCode::field_length, 2},
            {"content cut off", two + "0412", FaultCode::field_truncated, 2},
            {"letter among digits", two + "0412a4", FaultCode::field_content, 2},
            {"month 13",
             "0200"
             "0200000000000000"
             "1301000000", FaultCode::field_value, 7},
            {"letter before value",
             "0200"
             "0200000000000000"
             "130100000x", FaultCode::field_content, 7},
            {"no sign",
             "0200"
             "0000001000000000"
             "012345678", FaultCode::field_content, 28},
            {"letter in the track",
             "0200"
             "0000000020000000"
             "051234E", FaultCode::field_content, 35},
            {"point in an an",
             "0200"
             "0000000004000000"
             "12345.", FaultCode::field_content, 38},
            {"control in a text",
             "0200"
             "0000000000200000"
             "NAME\x01   ", FaultCode::field_content, 43},
            {"half a GBK character",
             "0200"
             "0000000000200000"
             "NAME   \xB2", FaultCode::field_content, 43},
            {"small hexadecimal",
             "0200"
             "0000000000001000"
             "00000000000000ff", FaultCode::field_content, 52},
            {"BER runs past the end",
             "0200"
             "0000000000000200"
             "003\x9F\x26\x01", FaultCode::tlv_truncated, 55},
            {"known tag too short",
             "0200"
             "0000000000000200"
             "004\x9F\x26\x01Z", FaultCode::subfield_length, 55},
            {"cut within a part",
             "0200"
             "0000000000000010"
             "00522123", FaultCode::subfield_length, 60},
            {"lower field first",
             "0200"
             "4200000000000000"
             "02x2"
             "1301000000", FaultCode::field_content, 2},
            {"bytes left over", two + "021200", FaultCode::trailing_data},
    });
}

TEST(Message, RefusesTheFirstThingThatIsWrongInPackedForm) {
    const auto bytes = [](std::initializer_list<int> values) {
        std::string text;
        for (const int value : values) text += static_cast<char>(value);
        return text;
    };
    expect_refused(
        packed(),
        {
            {"MTI nibble A", bytes({2, 0xA0, 0x40, 0, 0, 0, 0, 0, 0, 0, 2, 0x12}), FaultCode::mti},
            {"second bitmap", bytes({2, 0, 0x80, 0, 0, 0, 0, 0, 0, 0}), FaultCode::field_undefined,
             1},
            {"length nibble A", bytes({2, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0x12}),
             FaultCode::field_length, 2},
            {"length over the most", bytes({2, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x20, 0x12}),
             FaultCode::field_length, 2},
            {"LLL over 999", bytes({2, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10, 0x02, 1}),
             FaultCode::field_length, 60},
            {"content cut off", bytes({2, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 4, 0x12}),
             FaultCode::field_truncated, 2},
            {"nibble A", bytes({2, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 2, 0x1A}),
             FaultCode::field_content, 2},
            {"filler behind is not 0", bytes({2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0x02, 0x1F}),
             FaultCode::field_content, 22},
            {"filler before is not 0", bytes({2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0x10, 0x21}),
             FaultCode::field_content, 23},
            {"hour 24", bytes({2, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0x24, 0, 0}),
             FaultCode::field_value, 12},
            {"sign is no letter", bytes({2, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, '+', 1, 2, 3, 4}),
             FaultCode::field_content, 28},
            {"track nibble E", bytes({2, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 2, 0x1E}),
             FaultCode::field_content, 35},
            {"cut within a part", bytes({2, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 3, 0x22, 0x10}),
             FaultCode::subfield_length, 60},
    });
}

TEST(Message, ShowsFieldsAsPeopleReadThem) {
    Message message;
    TextBuffer buffer;
    const std::string bytes(
        "\x02\x00\x40\x00\x06\x10\x20\x00\x00\x00\x05\x12\x34\x50\x02\x10\x00"
        "\x01\x43\x00\x00\x01\x05\x04\x12\xD3",
        26);
    ASSERT_TRUE(decode(packed(), bytes, message));
    EXPECT_EQ(message.mti().text(), "0200");
    EXPECT_EQ(message.text(2, buffer), "12345");
    EXPECT_EQ(message.text(22, buffer), "021");
    EXPECT_EQ(message.text(23, buffer), "001");
    EXPECT_EQ(message.text(28, buffer), "C00000105");
    EXPECT_EQ(message.text(35, buffer), "12D3");
    EXPECT_EQ(message.text(60, buffer), "");
    EXPECT_EQ(message.wire(2), "\x12\x34\x50");
    EXPECT_EQ(message.sent(2), "\x05\x12\x34\x50");
    EXPECT_FALSE(message.has(60));
    EXPECT_EQ(message.body(), bytes);
}

TEST(Message, TakesAnEmptyVariableField) {
    Message message;
    TextBuffer buffer;
    ASSERT_TRUE(decode(plain(),
                       "0200"
                       "4000000000000000"
                       "00",
                       message));
    EXPECT_TRUE(message.has(2));
    EXPECT_EQ(message.text(2, buffer), "");
    EXPECT_EQ(message.sent(2), "00");
}

TEST(Message, IsKnownByFourFields) {
    const Dialect& cups = *builtin_dialect("cups");
    Builder builder(cups);
    builder.start(Mti::parse("0200").value_or(Mti{}));
    ASSERT_TRUE(builder.add(7, "1122103015"));
    ASSERT_TRUE(builder.add_number(11, 101));
    ASSERT_TRUE(builder.add(32, "44190440"));
    ASSERT_TRUE(builder.add(33, "44190441"));
    const MessageKey wanted{.transmitted_at = "1122103015",
                            .stan = "000101",
                            .acquirer = "44190440",
                            .forwarder = "44190441"};
    EXPECT_EQ(builder.message().key(), wanted);
}

TEST(Mti, IsAnsweredByTheNextFunction) {
    EXPECT_EQ(Mti::parse("0200").value_or(Mti{}).answer().text(), "0210");
    EXPECT_EQ(Mti::parse("0421").value_or(Mti{}).answer().text(), "0431");
    EXPECT_FALSE(Mti::parse("0810").value_or(Mti{}).asks());
}

TEST(Builder, RefusesWhatAReaderWouldRefuse) {
    const struct {
        unsigned field;
        std::string_view text;
        FaultCode code;
    } cases[] = {
        {2,  "12345678901234567890", FaultCode::field_length   },
        {3,  "12345",                FaultCode::field_length   },
        {3,  "12345x",               FaultCode::field_content  },
        {4,  "000000000001",         FaultCode::field_undefined},
        {7,  "0230000000",           FaultCode::field_value    },
        {55, "\x9F\x26",             FaultCode::tlv_truncated  },
        {58, "1",                    FaultCode::field_undefined},
        {60, "123",                  FaultCode::subfield_length},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        Builder builder(plain());
        builder.start(Mti::parse("0200").value_or(Mti{}));
        const auto verdict = builder.add(c.field, c.text);
        ASSERT_FALSE(verdict);
        EXPECT_EQ(to_text(verdict.error().code), to_text(c.code));
        EXPECT_EQ(verdict.error().field, c.field);
        EXPECT_EQ(builder.body(),
                  "0200"
                  "0000000000000000");
    }
}

TEST(Builder, FillsNumbersWithZeros) {
    Builder builder(plain());
    builder.start(Mti::parse("0200").value_or(Mti{}));
    ASSERT_TRUE(builder.add_number(3, 42));
    EXPECT_EQ(builder.add_number(70, 1000).error().code, FaultCode::field_length);
    ASSERT_TRUE(builder.add_number(70, 999));
    EXPECT_EQ(builder.body(),
              "0200"
              "A000000000000000"
              "0400000000000000"
              "000042"
              "999");
}

TEST(Builder, KeepsTheLimitOfAFrame) {
    const Dialect small = *load_dialect(
        "dialect small\nframing ascii4 60\nfield 2 n LL19\n"
        "field 3 ans LL99\nfield 4 ans LL20\n");
    Builder builder(small);
    builder.start(Mti::parse("0200").value_or(Mti{}));
    EXPECT_EQ(builder.add(3, std::string(60, 'x')).error().code, FaultCode::frame_too_long);
    ASSERT_TRUE(builder.add(3, std::string(46, 'x')));
    ASSERT_TRUE(builder.finish({}));
    EXPECT_EQ(builder.finish({})->size(), 4U + 4 + 8 + 48);
    builder.start(Mti::parse("0200").value_or(Mti{}));
    ASSERT_TRUE(builder.add(3, std::string(47, 'x')));
    EXPECT_EQ(builder.finish({}).error().code, FaultCode::frame_too_long);
}

TEST(Builder, CopiesWhatWasReceived) {
    Message received;
    const std::string bytes("\x02\x00\x40\x00\x04\x00\x00\x00\x00\x00\x05\x12\x34\x50\x02\x10", 16);
    ASSERT_TRUE(decode(packed(), bytes, received));
    Builder builder(packed());
    builder.start(received.mti());
    ASSERT_TRUE(builder.copy(received, 2));
    ASSERT_TRUE(builder.copy(received, 22));
    EXPECT_EQ(builder.body(), bytes);
}

const Dialect& any_dialect() {
    const Dialect* dialect = *rc::gen::elementOf([] {
        std::vector<const Dialect*> all;
        for (const Dialect& one : builtin_dialects())
            if (!one.header_only) all.push_back(&one);
        return all;
    }());
    return *dialect;
}

RC_GTEST_PROP(Message, ReadsWhatWasWritten, ()) {
    const Dialect& dialect = any_dialect();
    const SomeMessage written = some_message(dialect);
    Envelope read;
    RC_ASSERT(decode_frame(dialect, written.frame, read).has_value());
    TextBuffer buffer;
    for (unsigned field = 2; field <= field_max; ++field) {
        const auto wanted = written.contents.find(field);
        RC_ASSERT(read.message.has(field) == (wanted != written.contents.end()));
        if (read.message.has(field)) RC_ASSERT(read.message.text(field, buffer) == wanted->second);
    }
}

// Also of messages that somebody has tampered with and that can still be read.
RC_GTEST_PROP(Message, ComesBackFromJsonAsTheSameBytes, ()) {
    const Dialect& dialect = any_dialect();
    std::string frame = some_message(dialect).frame;
    const int changes = *rc::gen::inRange(0, 3);
    for (int i = 0; i < changes; ++i)
        frame[*rc::gen::inRange<std::size_t>(0, frame.size())] = *rc::gen::arbitrary<char>();
    Envelope read;
    if (!decode_frame(dialect, frame, read)) return;
    std::string json;
    append_json(dialect, read, {.open = *rc::gen::arbitrary<bool>()}, json);
    const auto again = frame_of_json(dialect, json);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == frame);
}

RC_GTEST_PROP(Message, IsRefusedWhenItsEndIsCutOff, ()) {
    const Dialect& dialect = any_dialect();
    const std::string frame = some_message(dialect).frame;
    Envelope read;
    const std::size_t kept = *rc::gen::inRange<std::size_t>(0, frame.size());
    const auto verdict = decode_frame(dialect, frame.substr(0, kept), read);
    RC_ASSERT(!verdict);
    if (dialect.framing != Framing::none)
        RC_ASSERT(verdict.error().code == FaultCode::frame_truncated);
}

}  // namespace
}  // namespace huitong::wire::iso8583
