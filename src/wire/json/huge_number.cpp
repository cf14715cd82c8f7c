#include "wire/json/huge_number.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <vector>

#include "wire/json/field_error.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::json {
namespace {

constexpr CharacterSet number_characters = decimal_digits.with("+-.eE");

// A container that is open around the place of the scanner.
struct Level {
    bool object = false;
    std::size_t index = 0;     // of an array's element
    std::string_view key;      // of an object's member, escapes untouched
    bool key_awaited = false;  // the next text is a key
};

// JSON's grammar of numbers (RFC 8259 section 6), which std::from_chars is more lenient about.
bool is_number(std::string_view token) {
    const auto digits = [&token] {
        std::size_t count = 0;
        while (count < token.size() && decimal_digits.holds(token[count])) ++count;
        token.remove_prefix(count);
        return count;
    };
    if (token.starts_with('-')) token.remove_prefix(1);
    const bool zero = token.starts_with('0');
    if (const std::size_t count = digits(); count == 0 || (zero && count > 1)) return false;
    if (token.starts_with('.')) {
        token.remove_prefix(1);
        if (digits() == 0) return false;
    }
    if (token.starts_with('e') || token.starts_with('E')) {
        token.remove_prefix(1);
        if (token.starts_with('+') || token.starts_with('-')) token.remove_prefix(1);
        if (digits() == 0) return false;
    }
    return token.empty();
}

template <class T>
bool overflows(std::string_view token) {
    T value{};
    const auto status = std::from_chars(token.data(), token.data() + token.size(), value).ec;
    return status == std::errc::result_out_of_range;
}

bool is_huge(std::string_view token) {
    if (!is_number(token)) return false;
    if (token.find_first_of(".eE") != std::string_view::npos) return overflows<double>(token);
    return overflows<std::int64_t>(token) && (token[0] == '-' || overflows<std::uint64_t>(token));
}

class Scanner {
public:
    explicit Scanner(std::string_view rest) : rest_(rest) {}

    std::optional<std::string> find() {
        while (!rest_.empty()) {
            const char c = rest_[0];
            if (c == '"') {
                if (!take_text()) return std::nullopt;
            } else if (c == '-' || decimal_digits.holds(c)) {
                if (is_huge(take_number())) return pointer();
            } else {
                rest_.remove_prefix(1);
                if (!take_structure(c)) return std::nullopt;
            }
        }
        return std::nullopt;
    }

private:
    bool take_text() {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        if (end >= rest_.size()) return false;
        if (!levels_.empty() && levels_.back().key_awaited) {
            levels_.back().key = rest_.substr(1, end - 1);
            levels_.back().key_awaited = false;
        }
        rest_.remove_prefix(end + 1);
        return true;
    }

    std::string_view take_number() {
        std::size_t end = 0;
        while (end < rest_.size() && number_characters.holds(rest_[end])) ++end;
        const std::string_view token = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return token;
    }

    bool take_structure(char c) {
        if (c == '{' || c == '[') {
            if (levels_.size() == depth_max) return false;
            levels_.push_back({.object = c == '{', .index = 0, .key = {}, .key_awaited = c == '{'});
        } else if (c == '}' || c == ']') {
            if (levels_.empty()) return false;
            levels_.pop_back();
        } else if (c == ',') {
            if (levels_.empty()) return false;
            levels_.back().key_awaited = levels_.back().object;
            ++levels_.back().index;
        }
        return true;  // White space, colons, and the letters of true, false and null.
    }

    [[nodiscard]] std::string pointer() const {
        std::string text;
        for (const Level& level : levels_)
            text += level.object ? pointer_step(printable(level.key))
                                 : pointer_step(std::to_string(level.index));
        return text;
    }

    std::string_view rest_;
    std::vector<Level> levels_;
};

}  // namespace

std::optional<std::string> pointer_of_huge_number(std::string_view body) {
    return Scanner(body).find();
}

}  // namespace huitong::wire::json
