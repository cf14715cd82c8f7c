#include "apps/conform/values.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <vector>

#include "base/ensure.hpp"

namespace huitong::apps::conform {
namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";
constexpr std::size_t width_max = 99;

enum class Verb : std::uint8_t { value, fresh, zeros, length, any, absent, capture };

struct Placeholder {
    Verb verb = Verb::value;
    std::string name;
    std::size_t width = 0;  // of zeros and length
};

// The words between braces; at most three count.
std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::optional<std::size_t> width_of(std::string_view digits) {
    std::size_t width = 0;
    const auto [at, status] = std::from_chars(digits.data(), digits.data() + digits.size(), width);
    const bool whole = status == std::errc{} && at == digits.data() + digits.size();
    if (!whole || width == 0 || width > width_max) return std::nullopt;
    return width;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::optional<Placeholder> parse(std::string_view inside) {
    const auto words = split(inside);
    const auto is = [&](std::string_view verb, std::size_t count) {
        return words.size() == count && words.front() == verb && is_name(words.back());
    };
    const auto made = [&](Verb verb) {
        return Placeholder{.verb = verb, .name = std::string(words.back())};
    };
    if (is("any", 1)) return made(Verb::any);
    if (is("absent", 1)) return made(Verb::absent);
    if (is("new", 2)) return made(Verb::fresh);
    if (is("capture", 2)) return made(Verb::capture);
    if (words.size() == 1 && is_name(words[0])) return made(Verb::value);
    if (!is("zeros", 3) && !is("length", 3)) return std::nullopt;
    const auto width = width_of(words[1]);
    if (!width) return std::nullopt;
    Placeholder padded = made(words[0] == "zeros" ? Verb::zeros : Verb::length);
    padded.width = *width;
    return padded;
}

bool is_expectation(Verb verb) {
    return verb == Verb::any || verb == Verb::absent || verb == Verb::capture;
}

// Calls `see` with each literal piece and the inside of each placeholder; false: one is not closed.
template <class Literal, class Inside>
bool walk(std::string_view text, Literal literal, Inside inside) {
    for (;;) {
        const std::size_t begin = text.find(opening);
        literal(text.substr(0, begin));
        if (begin == std::string_view::npos) return true;
        text.remove_prefix(begin + opening.size());
        const std::size_t end = text.find(closing);
        if (end == std::string_view::npos) return false;
        inside(text.substr(0, end));
        text.remove_prefix(end + closing.size());
    }
}

std::string defect_of(std::string_view inside, Side side, std::set<std::string>& known) {
    const auto placeholder = parse(inside);
    if (!placeholder) return fmt::format("`{{{{{}}}}}` is no placeholder", inside);
    const Verb verb = placeholder->verb;
    if (side == Side::sent && is_expectation(verb))
        return fmt::format("`{{{{{}}}}}` can only be expected", inside);
    if (side == Side::expected && verb == Verb::fresh)
        return fmt::format("`{{{{{}}}}}` can only be sent", inside);
    if (verb == Verb::any || verb == Verb::absent) return {};
    if (verb == Verb::fresh || verb == Verb::capture) {
        known.insert(placeholder->name);
        return {};
    }
    if (known.contains(placeholder->name)) return {};
    return fmt::format("`{}` is not known here: `needs:` names a parameter of the profile",
                       placeholder->name);
}

}  // namespace

std::optional<std::string> find_defect(std::string_view text, Side side,
                                       std::set<std::string>& known) {
    std::string defect;
    const bool closed = walk(
        text, [](std::string_view) {},
        [&](std::string_view inside) {
            if (defect.empty()) defect = defect_of(inside, side, known);
        });
    if (!closed) return "a placeholder is not closed with `}}`";
    if (defect.empty()) return std::nullopt;
    return defect;
}

std::string plain(std::string_view value) {
    return std::string(value);
}

std::string Values::text(const std::string& name) const {
    const auto found = texts_.find(name);
    return found == texts_.end() ? std::string{} : found->second;
}

std::string Values::expand(std::string_view with, Escape escape) {
    std::string out;
    const auto value = [&](std::string_view inside) -> std::string {
        const auto placeholder = parse(inside);
        ENSURE(placeholder.has_value());
        if (is_expectation(placeholder->verb))
            return fmt::format("{}{}{}", opening, inside, closing);
        if (placeholder->verb == Verb::fresh) set(placeholder->name, fresh_(placeholder->name));
        const std::string known = text(placeholder->name);
        if (placeholder->verb == Verb::zeros)
            return fmt::format("{:0>{}}", known, placeholder->width);
        const std::string escaped = escape(known);
        if (placeholder->verb != Verb::length) return escaped;
        return fmt::format("{:0{}}{}", known.size(), placeholder->width, escaped);
    };
    const bool closed = walk(
        with, [&](std::string_view literal) { out += literal; },
        [&](std::string_view inside) { out += value(inside); });
    ENSURE(closed);
    return out;
}

std::optional<Difference> compare(const std::string& where, const std::string& expected,
                                  const std::optional<std::string>& came, Values& values) {
    constexpr std::string_view capture = "{{capture ";
    if (expected == "{{absent}}") {
        if (!came) return std::nullopt;
        return Difference{where, "nothing", *came};
    }
    if (!came) return Difference{where, expected, "nothing"};
    if (expected == "{{any}}") return std::nullopt;
    if (expected.starts_with(capture) && expected.ends_with(closing)) {
        const std::size_t length = expected.size() - capture.size() - closing.size();
        values.set(expected.substr(capture.size(), length), *came);
        return std::nullopt;
    }
    if (expected == *came) return std::nullopt;
    return Difference{where, expected, *came};
}

}  // namespace huitong::apps::conform
