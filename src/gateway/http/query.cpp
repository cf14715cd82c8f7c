#include "gateway/http/query.hpp"

#include <algorithm>

namespace huitong::gateway::http {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decode_form(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return decode_percent(spaced);
}

}  // namespace

Result<std::string> decode_percent(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain.push_back(text[i]);
            continue;
        }
        if (text.size() - i < 3) return refuse(Error::field_format);
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        // A NUL would end the text for some readers and not for others.
        if (high < 0 || low < 0 || high + low == 0) return refuse(Error::field_format);
        plain.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return plain;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> fields;
    while (!query.empty()) {
        const auto piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), piece.size() + 1));
        if (piece.empty()) continue;
        if (fields.size() == query_fields_max) return refuse(Error::field_format);
        const auto equals = std::min(piece.find('='), piece.size());
        TRY(name, decode_form(piece.substr(0, equals)));
        TRY(value, decode_form(piece.substr(std::min(piece.size(), equals + 1))));
        fields.emplace_back(std::move(name), std::move(value));
    }
    return fields;
}

}  // namespace huitong::gateway::http
