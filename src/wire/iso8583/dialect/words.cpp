#include "wire/iso8583/dialect/words.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/result.hpp"

namespace huitong::wire::iso8583 {
namespace {

constexpr std::size_t length_max = 999;

}  // namespace

std::string quoted(std::string_view word) {
    return fmt::format("'{}'", word.substr(0, word_bytes_shown));
}

std::vector<std::string_view> words_of(std::string_view line) {
    constexpr std::string_view spaces = " \t\r";
    std::vector<std::string_view> words;
    line = line.substr(0, line.find('#'));
    while (true) {
        const std::size_t start = line.find_first_not_of(spaces);
        if (start == std::string_view::npos) return words;
        line.remove_prefix(start);
        const std::size_t end = std::min(line.find_first_of(spaces), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

Read<std::uint16_t> number(std::string_view word, std::size_t min, std::size_t max) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc{} || end != word.data() + word.size())
        return because(quoted(word) + " is not a number");
    if (value < min || value > max)
        return because(fmt::format("{} is not between {} and {}", value, min, max));
    return static_cast<std::uint16_t>(value);
}

Read<LengthRange> length_range(std::string_view word) {
    const std::size_t dots = word.find("..");
    if (dots == std::string_view::npos) {
        TRY(length, number(word, 0, length_max));
        return LengthRange{length, length};
    }
    LengthRange range;
    if (dots > 0) {
        TRY(min, number(word.substr(0, dots), 0, length_max));
        range.min = min;
    }
    TRY(max, number(word.substr(dots + 2), range.min, length_max));
    range.max = max;
    return range;
}

Read<std::uint16_t> classes_of(std::string_view word) {
    if (word == "all") return std::uint16_t{0xFFFF};
    std::uint16_t classes = 0;
    while (true) {
        const std::size_t comma = word.find(',');
        TRY(digit, number(word.substr(0, comma), 0, 9));
        classes = static_cast<std::uint16_t>(classes | 1U << digit);
        if (comma == std::string_view::npos) return classes;
        word.remove_prefix(comma + 1);
    }
}

Read<void> no_more(Words words, std::size_t most) {
    if (words.size() <= most) return {};
    return because(fmt::format("what is {}?", quoted(words[most])));
}

}  // namespace huitong::wire::iso8583
