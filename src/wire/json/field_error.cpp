#include "wire/json/field_error.hpp"

#include <utility>

#include "wire/json/text.hpp"

namespace huitong::wire::json {

std::string_view to_text(Location location) {
    switch (location) {
        case Location::body:
            return "body";
        case Location::query:
            return "query";
        case Location::path:
            return "path";
        case Location::header:
            return "header";
    }
    std::unreachable();
}

std::string printable(std::string_view text) {
    constexpr std::size_t characters_max = 64;
    std::string shown;
    for (std::size_t count = 0; !text.empty() && count < characters_max; ++count) {
        const Character next = first_character(text);
        if (next.bytes == 0 || is_control(next.code)) {
            shown += '?';
        } else {
            shown += text.substr(0, next.bytes);
        }
        text.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
    }
    return shown;
}

std::string pointer_step(std::string_view name) {
    std::string step = "/";
    for (const char c : name) {
        if (c == '~') {
            step += "~0";
        } else if (c == '/') {
            step += "~1";
        } else {
            step += c;
        }
    }
    return step;
}

}  // namespace huitong::wire::json
