#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <simdjson.h>

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "wire/iso8583/builder.hpp"
#include "wire/iso8583/frame.hpp"
#include "wire/iso8583/gbk.hpp"
#include "wire/iso8583/json_form.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::wire::iso8583 {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

template <class T>
using Read = std::expected<T, JsonRefusal>;

// Longer than any frame's JSON.
constexpr std::size_t json_bytes_max = 524'288;

std::unexpected<JsonRefusal> because(std::string reason) {
    return std::unexpected(JsonRefusal{.fault = std::nullopt, .reason = std::move(reason)});
}

std::unexpected<JsonRefusal> wrong(const Fault& fault) {
    return std::unexpected(JsonRefusal{.fault = fault, .reason = {}});
}

// Hands on the fault of a Checked<> as a refusal.
template <class T>
Read<T> told(Checked<T> checked) {
    if (!checked) return wrong(checked.error());
    if constexpr (std::is_void_v<T>) {
        return {};
    } else {
        return *checked;
    }
}

// Refuses members that are not in the list.
Read<void> only(object members, std::initializer_list<std::string_view> known) {
    for (const auto member : members) {
        if (std::ranges::find(known, member.key) == known.end())
            return because(fmt::format("what is \"{}\"?", json::printable(member.key)));
    }
    return {};
}

// The text of a member; nothing when there is none.
Read<std::optional<std::string_view>> text_of(object members, std::string_view name) {
    element value;
    if (members[name].get(value) != simdjson::SUCCESS) return std::nullopt;
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS)
        return because(fmt::format("\"{}\" is not a string", name));
    return text;
}

Read<std::string> hex_of(object members, std::string_view name, std::string_view otherwise,
                         std::size_t bytes) {
    TRY(text, text_of(members, name));
    const auto read = crypto::from_hex(text.value_or(otherwise));
    if (!read || read->size() != bytes)
        return because(fmt::format("\"{}\" is not {} bytes in hexadecimal", name, bytes));
    return *read;
}

Read<char> byte_of(object members, std::string_view name) {
    element value;
    if (members[name].get(value) != simdjson::SUCCESS) return '\0';
    std::uint64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS || number > 255)
        return because(fmt::format("\"{}\" is not a number up to 255", name));
    return static_cast<char>(number);
}

// A text filled up with spaces.
Read<std::string> padded(object members, std::string_view name, std::string_view otherwise,
                         std::size_t size) {
    TRY(text, text_of(members, name));
    auto bytes = gbk_of_utf8(text.value_or(otherwise));
    if (!bytes || bytes->size() > size)
        return because(fmt::format("\"{}\" is longer than {} characters", name, size));
    bytes->resize(size, ' ');
    return std::move(*bytes);
}

Read<Header> header_of(object parent, std::string_view name) {
    object members;
    if (parent[name].get(members) != simdjson::SUCCESS)
        return because(fmt::format("\"{}\" is missing or no object", name));
    CHECK(only(members,
               {"header_length", "flag_version", "total_length", "destination_id", "source_id",
                "reserved", "batch_number", "transaction_info", "user_info", "reject_code"}));
    TRY(version, hex_of(members, "flag_version", "82", 1));
    TRY(total, padded(members, "total_length", "0047", 4));
    TRY(destination, padded(members, "destination_id", "", 11));
    TRY(source, padded(members, "source_id", "", 11));
    TRY(reserved, hex_of(members, "reserved", "000000", 3));
    TRY(batch, byte_of(members, "batch_number"));
    TRY(info, padded(members, "transaction_info", "00000000", 8));
    TRY(user, byte_of(members, "user_info"));
    TRY(code, padded(members, "reject_code", "00000", 5));
    std::string bytes(1, static_cast<char>(Header::size));
    bytes += version + total + destination + source + reserved + batch + info + user + code;
    return told(Header::parse(bytes, std::nullopt));
}

struct FieldText {
    unsigned field = 0;
    std::string_view text;
};

// In ascending order, as a builder wants them.
Read<std::vector<FieldText>> fields_of(object message) {
    object members;
    if (message["fields"].get(members) != simdjson::SUCCESS)
        return because("\"fields\" is missing or no object");
    std::vector<FieldText> fields;
    for (const auto [key, value] : members) {
        FieldText field;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), field.field);
        if (error != std::errc{} || end != key.data() + key.size() || field.field < 2 ||
            field.field > field_max)
            return because(fmt::format("\"{}\" is no field", json::printable(key)));
        object opened;
        const bool raw = value.get(opened) == simdjson::SUCCESS;
        if ((raw ? opened["raw"].get(field.text) : value.get(field.text)) != simdjson::SUCCESS)
            return because(fmt::format("field {} is neither a string nor has \"raw\"", key));
        fields.push_back(field);
    }
    std::ranges::sort(fields, {}, &FieldText::field);
    const auto twice = std::ranges::adjacent_find(fields, {}, &FieldText::field);
    if (twice != fields.end()) return because(fmt::format("field {} stands twice", twice->field));
    return fields;
}

Read<void> add_field(Builder& builder, const Dialect& dialect, const FieldText& field) {
    const bool bytes = dialect.fields[field.field].content == Content::b;
    std::optional<std::string> content;
    if (bytes) {
        if (auto read = crypto::from_hex(field.text)) content = std::move(*read);
    } else {
        content = gbk_of_utf8(field.text);
    }
    // A field that the dialect lacks is told so, whatever it holds.
    if (!content && dialect.fields[field.field].defined)
        return wrong(
            {.code = FaultCode::field_content, .field = static_cast<std::uint8_t>(field.field)});
    return told(builder.add(field.field, content.value_or("")));
}

// A bitmap that is given must be that of the fields; it decides whether there is a second.
Read<void> apply_bitmap(Builder& builder, const Dialect& dialect, object message) {
    TRY(given, text_of(message, "bitmap_hex"));
    if (!given) return {};
    constexpr std::size_t both_bitmaps = 32;
    Bitmap fields = builder.message().bitmap();
    std::string wanted = fmt::format("{:016X}", fields.word(0));
    if (given->size() == both_bitmaps && dialect.second_bitmap) {
        builder.keep_second_bitmap();
        fields.set(1);
        wanted = fmt::format("{:016X}{:016X}", fields.word(0), fields.word(1));
    }
    if (*given != wanted) return because("\"bitmap_hex\" is not that of the fields");
    return {};
}

Read<void> build_message(Builder& builder, const Dialect& dialect, object message) {
    TRY(text, text_of(message, "mti"));
    const auto mti = Mti::parse(text.value_or(""));
    if (!mti) return wrong({.code = FaultCode::mti});
    builder.start(*mti);
    TRY(fields, fields_of(message));
    for (const FieldText& field : fields) CHECK(add_field(builder, dialect, field));
    return apply_bitmap(builder, dialect, message);
}

Read<std::string> message_of(const Dialect& dialect, object message, const Head& head) {
    Builder builder(dialect);
    CHECK(build_message(builder, dialect, message));
    TRY(frame, told(builder.finish(head)));
    return std::string(frame);
}

// A reject whose original could not be read: its bytes go back as they came.
Read<std::string> unread_reject(const Dialect& dialect, object members, Header header) {
    TRY(text, text_of(members, "original_hex"));
    const auto original = crypto::from_hex(text.value_or(""));
    if (!original) return because("\"original_hex\" is not hexadecimal");
    const std::size_t length = Header::size + original->size();
    if (length > dialect.frame_limit) return wrong({.code = FaultCode::frame_too_long});
    if (original->empty()) return wrong({.code = FaultCode::header_total_length});
    header.set_total(length);
    std::string frame(prefix_bytes(dialect.framing), '\0');
    write_prefix(dialect, length, frame.data());
    frame.append(header.bytes()).append(*original);
    Envelope envelope;
    CHECK(told(decode_frame(dialect, frame, envelope)));
    return frame;
}

Read<std::string> reject_of(const Dialect& dialect, object members) {
    CHECK(only(members, {"reject", "reject_header", "original_header", "original_error",
                         "original_hex", "mti", "bitmap_hex", "fields"}));
    TRY(header, header_of(members, "reject_header"));
    if (!header.rejects()) return wrong({.code = FaultCode::header_reject_code});
    if (members["original_hex"].error() == simdjson::SUCCESS)
        return unread_reject(dialect, members, header);
    TRY(original, header_of(members, "original_header"));
    return message_of(dialect, members, {.header = &header, .original = &original});
}

Read<std::string> network_frame(const Dialect& dialect, object members) {
    if (members["heartbeat"].error() == simdjson::SUCCESS) {
        CHECK(only(members, {"heartbeat"}));
        std::string frame(prefix_bytes(dialect.framing), '\0');
        write_prefix(dialect, 0, frame.data());
        return frame;
    }
    if (members["reject"].error() == simdjson::SUCCESS) return reject_of(dialect, members);
    CHECK(only(members, {"header", "mti", "bitmap_hex", "fields"}));
    TRY(header, header_of(members, "header"));
    // Behind such a header a reader looks for another one, not for a message.
    if (header.rejects()) return wrong({.code = FaultCode::header_reject_code});
    return message_of(dialect, members, {.header = &header});
}

Read<std::string> terminal_frame(const Dialect& dialect, object members) {
    CHECK(only(members, {"tpdu", "header", "mti", "bitmap_hex", "fields"}));
    TRY(tpdu, hex_of(members, "tpdu", "", tpdu_bytes));
    TRY(header, hex_of(members, "header", "", terminal_header_bytes));
    return message_of(dialect, members, {.tpdu = tpdu, .terminal_header = header});
}

}  // namespace

std::expected<std::string, JsonRefusal> frame_of_json(const Dialect& dialect,
                                                      std::string_view json) {
    thread_local simdjson::dom::parser parser(json_bytes_max);
    if (json.size() > json_bytes_max) return because("the text is too long");
    object members;
    if (parser.parse(json.data(), json.size()).get(members) != simdjson::SUCCESS)
        return because("this is no JSON object");
    if (dialect.header_only) {
        CHECK(only(members, {"header"}));
        TRY(header, header_of(members, "header"));
        return std::string(header.bytes());
    }
    switch (dialect.header) {
        case HeaderKind::network:
            return network_frame(dialect, members);
        case HeaderKind::terminal:
            return terminal_frame(dialect, members);
        case HeaderKind::none:
            break;
    }
    CHECK(only(members, {"mti", "bitmap_hex", "fields"}));
    return message_of(dialect, members, {});
}

}  // namespace huitong::wire::iso8583
