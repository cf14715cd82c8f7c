#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "crypto/bytes.hpp"
#include "wire/iso8583/gbk.hpp"
#include "wire/iso8583/inner.hpp"
#include "wire/iso8583/json_form.hpp"
#include "wire/json/writer.hpp"

namespace huitong::wire::iso8583 {
namespace {

using crypto::to_hex_upper;

std::string hex_of(const Bitmap& bitmap) {
    std::string text = fmt::format("{:016X}", bitmap.word(0));
    if (bitmap.has_second()) text += fmt::format("{:016X}", bitmap.word(1));
    return text;
}

// Nothing when there is none.
void write_header(json::Writer& json, std::string_view name, const std::optional<Header>& given) {
    if (!given) return;
    const Header& header = *given;
    json.begin_object(name);
    json.integer("header_length", Header::size);
    json.text("flag_version", to_hex_upper(header.bytes().substr(1, 1)));
    json.text("total_length", fmt::format("{:04}", header.total()));
    json.text("destination_id", header.destination());
    json.text("source_id", header.source());
    json.text("reserved", to_hex_upper(header.reserved()));
    json.integer("batch_number", header.batch());
    json.text("transaction_info", utf8_of_gbk(header.transaction_info()));
    json.integer("user_info", header.user_info());
    json.text("reject_code", header.reject_code());
    json.end_object();
}

bool is_text(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char c) { return c >= ' ' && c < 0x7F; });
}

// The names inside a field, each made unlike those before it: TK, TK_2, TK_3.
class Names {
public:
    std::string unlike_others(std::string name) {
        const auto same = std::ranges::count(seen_, name);
        seen_.push_back(name);
        return same == 0 ? name : fmt::format("{}_{}", name, same + 1);
    }

private:
    std::vector<std::string> seen_;
};

void write_element(json::Writer& json, Names& names, bool ber, const Element& element) {
    const std::string name =
        names.unlike_others(ber ? to_hex_upper(element.name) : utf8_of_gbk(element.name));
    if (element.shape == Shape::none) {
        const bool text = !ber && is_text(element.content);
        json.text(name, text ? std::string(element.content) : to_hex_upper(element.content));
        return;
    }
    json.begin_object(name);
    Names inside;
    walk_element(element, [&](const Element& part) { write_element(json, inside, false, part); });
    json.end_object();
}

void write_field(json::Writer& json, const Message& message, unsigned field, bool open) {
    const Dialect& dialect = message.dialect();
    TextBuffer buffer;
    const std::string_view content = message.text(field, buffer);
    const bool bytes = dialect.fields[field].content == Content::b;
    const std::string shown = bytes ? to_hex_upper(content) : utf8_of_gbk(content);
    const std::string name = std::to_string(field);
    const InnerRule& inner = dialect.inner_of(field);
    if (!open || inner.shape == Shape::none) return json.text(name, shown);
    json.begin_object(name);
    json.text("raw", shown);
    Names names;
    walk_inner(inner, content, [&](const Element& element) {
        write_element(json, names, inner.shape == Shape::ber, element);
    });
    json.end_object();
}

void write_message(json::Writer& json, const Message& message, bool open) {
    json.text("mti", message.mti().text());
    json.text("bitmap_hex", hex_of(message.bitmap()));
    json.begin_object("fields");
    for (unsigned field = message.bitmap().next(1); field != 0;
         field = message.bitmap().next(field))
        write_field(json, message, field, open);
    json.end_object();
}

void write_fault(json::Writer& json, const Fault& fault) {
    json.text("error", to_text(fault.code));
    if (fault.field != 0) json.integer("field", fault.field);
    json.integer("offset", fault.offset);
    json.text_if("header_reject_code", reject_code_of(fault.code));
}

void write_reject(json::Writer& json, const Envelope& envelope, bool open) {
    json.boolean("reject", true);
    write_header(json, "reject_header", envelope.header);
    if (const auto fault = envelope.original_fault) {
        json.begin_object("original_error");
        write_fault(json, *fault);
        json.end_object();
        json.text("original_hex", to_hex_upper(envelope.original));
        return;
    }
    write_header(json, "original_header", envelope.original_header);
    write_message(json, envelope.message, open);
}

}  // namespace

void append_json(const Dialect& dialect, const Envelope& envelope, JsonOptions options,
                 std::string& out) {
    json::Writer json(out);
    json.begin_object();
    switch (envelope.kind) {
        case Envelope::Kind::beat:
            json.boolean("heartbeat", true);
            break;
        case Envelope::Kind::header_only:
            write_header(json, "header", envelope.header);
            break;
        case Envelope::Kind::reject:
            write_reject(json, envelope, options.open);
            break;
        case Envelope::Kind::message:
            if (dialect.header == HeaderKind::network)
                write_header(json, "header", envelope.header);
            if (dialect.header == HeaderKind::terminal) {
                json.text("tpdu", to_hex_upper(envelope.tpdu));
                json.text("header", to_hex_upper(envelope.terminal_header));
            }
            write_message(json, envelope.message, options.open);
    }
    json.end_object();
}

void append_json(const Fault& fault, std::string& out) {
    json::Writer json(out);
    json.begin_object();
    write_fault(json, fault);
    json.end_object();
}

void append_json(const JsonRefusal& refusal, std::string& out) {
    json::Writer json(out);
    json.begin_object();
    if (refusal.fault) {
        write_fault(json, *refusal.fault);
    } else {
        json.text("error", "JSON");
        json.text("reason", refusal.reason);
    }
    json.end_object();
}

}  // namespace huitong::wire::iso8583
