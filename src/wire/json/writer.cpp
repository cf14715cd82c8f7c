#include "wire/json/writer.hpp"

#include <array>
#include <charconv>

#include "base/ensure.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::json {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// Characters that may stand for themselves inside quotes (RFC 8259 section 7).
constexpr bool plain(char c) {
    const auto code = static_cast<unsigned char>(c);
    return code >= 0x20 && code < 0x80 && c != '"' && c != '\\';
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 0xFU];
    }
}

}  // namespace

void Writer::separate() {
    if (!first_) out_ += ',';
    first_ = false;
}

void Writer::quoted(std::string_view value) {
    out_ += '"';
    while (!value.empty()) {
        std::size_t run = 0;
        while (run < value.size() && plain(value[run])) ++run;
        out_ += value.substr(0, run);
        value.remove_prefix(run);
        if (value.empty()) break;
        const Character next = first_character(value);
        if (next.bytes == 1) {
            append_escape(out_, value[0]);
        } else {
            out_ += next.bytes == 0 ? replacement_character : value.substr(0, next.bytes);
        }
        value.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
    }
    out_ += '"';
}

void Writer::key(std::string_view name) {
    ENSURE(depth_ > 0);
    separate();
    quoted(name);
    out_ += ':';
}

void Writer::open(char bracket) {
    out_ += bracket;
    first_ = true;
    ++depth_;
}

void Writer::close(char bracket) {
    ENSURE(depth_ > 0);
    out_ += bracket;
    first_ = false;
    --depth_;
}

void Writer::begin_object() {
    separate();
    open('{');
}

void Writer::begin_array() {
    separate();
    open('[');
}

void Writer::begin_object(std::string_view name) {
    key(name);
    open('{');
}

void Writer::begin_array(std::string_view name) {
    key(name);
    open('[');
}

void Writer::end_object() {
    close('}');
}

void Writer::end_array() {
    close(']');
}

void Writer::text(std::string_view value) {
    separate();
    quoted(value);
}

void Writer::integer(std::int64_t value) {
    separate();
    std::array<char, 24> digits{};
    const auto [end, status] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    ENSURE(status == std::errc{});
    out_.append(digits.data(), end);
}

void Writer::text(std::string_view name, std::string_view value) {
    key(name);
    quoted(value);
}

void Writer::integer(std::string_view name, std::int64_t value) {
    key(name);
    first_ = true;  // The name has brought its comma.
    integer(value);
}

void Writer::boolean(std::string_view name, bool value) {
    key(name);
    out_ += value ? "true" : "false";
}

void Writer::raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
}

void Writer::text_if(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
}

}  // namespace huitong::wire::json
