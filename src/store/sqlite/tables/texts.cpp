#include "store/sqlite/tables/texts.hpp"

#include <fmt/format.h>

namespace huitong::store::sqlite {
namespace {

void append(std::string& json, std::string_view text) {
    json += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            json += c;
        }
    }
    json += '"';
}

// Takes one character off the front if it is the expected one.
bool take(std::string_view& json, char expected) {
    if (json.empty() || json.front() != expected) return false;
    json.remove_prefix(1);
    return true;
}

// The control character of \u00XX, the only form that append() writes.
Result<char> control(std::string_view& json) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (json.size() < 4 || json.substr(0, 2) != "00") return refuse(Error::store_failed);
    const auto high = digits.find(json[2]);
    const auto low = digits.find(json[3]);
    if (high > 1 || low > 15) return refuse(Error::store_failed);
    json.remove_prefix(4);
    return static_cast<char>(high * 16 + low);
}

Result<char> escaped(std::string_view& json) {
    if (take(json, '"')) return '"';
    if (take(json, '\\')) return '\\';
    if (take(json, 'u')) return control(json);
    return refuse(Error::store_failed);
}

Result<std::string> text(std::string_view& json) {
    if (!take(json, '"')) return refuse(Error::store_failed);
    std::string out;
    while (!json.empty()) {
        if (take(json, '"')) return out;
        if (take(json, '\\')) {
            TRY(c, escaped(json));
            out += c;
            continue;
        }
        if (static_cast<unsigned char>(json.front()) < 0x20) break;
        out += json.front();
        json.remove_prefix(1);
    }
    return refuse(Error::store_failed);
}

}  // namespace

std::string to_json(std::span<const std::string> texts) {
    std::string json = "[";
    for (const std::string& each : texts) {
        if (json.size() > 1) json += ',';
        append(json, each);
    }
    return json + "]";
}

Result<std::vector<std::string>> texts_from_json(std::string_view json) {
    std::vector<std::string> texts;
    if (!take(json, '[')) return refuse(Error::store_failed);
    while (!take(json, ']')) {
        if (!texts.empty() && !take(json, ',')) return refuse(Error::store_failed);
        TRY(each, text(json));
        texts.push_back(std::move(each));
    }
    if (!json.empty()) return refuse(Error::store_failed);
    return texts;
}

}  // namespace huitong::store::sqlite
