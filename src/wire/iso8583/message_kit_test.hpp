// For tests: any message of a dialect, with contents that its rules allow.
#pragma once

#include <map>
#include <rapidcheck.h>
#include <string>

#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/envelope.hpp"

namespace huitong::wire::iso8583 {

inline std::string some_bytes(std::size_t count, std::string_view alphabet = {}) {
    if (alphabet.empty())
        return *rc::gen::container<std::string>(count, rc::gen::arbitrary<char>());
    return *rc::gen::container<std::string>(count, rc::gen::elementOf(std::string(alphabet)));
}

// Lengths up to `max` that the inside allows.
inline std::size_t some_length(const InnerRule& inner, std::size_t max) {
    std::vector<std::size_t> lengths = {0};
    std::size_t sum = 0;
    for (const Part& part : inner.parts) lengths.push_back(sum += part.width);
    if (inner.shape == Shape::parts && sum < max) lengths.push_back(max);
    for (std::size_t at = inner.block; inner.block > 0 && at <= max; at += inner.block)
        lengths.push_back(at);
    std::erase_if(lengths, [&](std::size_t length) { return length > max; });
    return *rc::gen::elementOf(lengths);
}

// "0102235959": always a month, a day and a time.
inline std::string some_moment(ValueRule rule) {
    const auto two = [](int min, int max) {
        const int value = *rc::gen::inRange(min, max + 1);
        return std::string{static_cast<char>('0' + value / 10),
                           static_cast<char>('0' + value % 10)};
    };
    const auto time = [&] { return two(0, 23) + two(0, 59) + two(0, 59); };
    switch (rule) {
        case ValueRule::any:
            break;
        case ValueRule::mmddhhmmss:
            return two(1, 12) + two(1, 29) + time();
        case ValueRule::hhmmss:
            return time();
        case ValueRule::mmdd:
            return two(1, 12) + two(1, 29);
        case ValueRule::yymm:
            return *rc::gen::arbitrary<bool>() ? "0000" : two(0, 99) + two(1, 12);
        case ValueRule::yymmdd:
            return two(0, 99) + two(1, 12) + two(1, 29);
    }
    return {};
}

// An inside that the rule does not know, which it must let pass.
inline std::string some_inside(Shape shape, std::size_t max) {
    const std::string content = some_bytes(*rc::gen::inRange<std::size_t>(0, max > 60 ? 50 : 0));
    if (shape != Shape::ber) return "!?" + content;
    return "\xDF\x7E" + std::string(1, static_cast<char>(content.size())) + content;
}

inline std::string some_content(const Dialect& dialect, unsigned field) {
    const FieldRule& rule = dialect.fields[field];
    const InnerRule& inner = dialect.inner_of(field);
    if (rule.value != ValueRule::any) return some_moment(rule.value);
    std::size_t length = rule.units;
    if (inner.shape == Shape::ber || inner.shape == Shape::usage || inner.shape == Shape::usages)
        return some_inside(inner.shape, rule.units);
    if (rule.length_digits != 0) {
        length = inner.shape == Shape::none ? *rc::gen::inRange<std::size_t>(0, rule.units + 1U)
                                            : some_length(inner, rule.units);
    }
    constexpr std::string_view digits = "0123456789";
    switch (rule.content) {
        case Content::n:
            return some_bytes(length, digits);
        case Content::z: {
            const char separator = rule.coding == Coding::plain ? '=' : dialect.separator;
            return some_bytes(length, std::string(digits) + separator);
        }
        case Content::xn:
            return some_bytes(1, "CD") + some_bytes(length - 1, digits);
        case Content::a:
            return some_bytes(length, "azAZ ");
        case Content::an:
            return some_bytes(length, "azAZ 09");
        case Content::ns:
            return some_bytes(length, "09 /-=");
        case Content::ans:
            return rule.opaque ? some_bytes(length) : some_bytes(length, "azAZ 09 ~!'\"\\");
        case Content::b:
            return some_bytes(length);
    }
    return {};
}

struct SomeMessage {
    std::string frame;
    std::map<unsigned, std::string> contents;
};

// Few fields, mostly: the frame's limit is one for sums too.
inline SomeMessage some_message(const Dialect& dialect) {
    static const char* const types[] = {"0100", "0210", "0421", "0522", "0800"};
    Builder builder(dialect);
    SomeMessage message;
    const std::string type =
        *rc::gen::elementOf(std::vector<std::string>(std::begin(types), std::end(types)));
    const Mti mti = Mti::parse(type).value_or(Mti{});
    builder.start(mti);
    for (unsigned field = 2; field <= field_max; ++field) {
        if (!dialect.fields[field].is_in(mti.message_class()) || *rc::gen::inRange(0, 6) != 0)
            continue;
        const std::string content = some_content(dialect, field);
        const auto added = builder.add(field, content);
        if (!added && added.error().code == FaultCode::frame_too_long) break;
        RC_ASSERT(added.has_value());
        message.contents[field] = content;
    }
    if (dialect.second_bitmap && *rc::gen::arbitrary<bool>()) builder.keep_second_bitmap();
    const auto header =
        Header::make({.test = true, .destination = "00010344", .source = "44190440"});
    RC_ASSERT(header.has_value());
    const auto frame = builder.finish(
        {.header = &*header,
         .tpdu = std::string_view("\x60\0\3\0\0", tpdu_bytes),
         .terminal_header = std::string_view("\x60\x31\0\x31\7\x30", terminal_header_bytes)});
    RC_PRE(frame.has_value());  // Too long with its header: another try.
    message.frame = *frame;
    return message;
}

}  // namespace huitong::wire::iso8583
