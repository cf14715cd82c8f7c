#include "apps/conform/words.hpp"

#include <charconv>

namespace huitong::apps::conform {

std::optional<std::int64_t> number_of(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [at, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || status != std::errc{} || at != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<Duration> duration_of(std::span<const std::string> words) {
    if (words.size() != 2 || (words[1] != "s" && words[1] != "ms")) return std::nullopt;
    const auto number = number_of(words[0]);
    if (!number || *number < 0 || *number > wait_max.ms) return std::nullopt;
    const Duration duration = words[1] == "s" ? seconds(*number) : milliseconds(*number);
    if (duration > wait_max) return std::nullopt;
    return duration;
}

std::optional<std::string_view> value_of(std::string_view word, std::string_view name) {
    if (!word.starts_with(name) || word.substr(name.size(), 1) != "=") return std::nullopt;
    return word.substr(name.size() + 1);
}

Read<void> check_placeholders(const Statement& statement, Side side, std::set<std::string>& known) {
    for (const std::string& word : statement.words) {
        if (const auto defect = find_defect(word, side, known)) return statement.defect(*defect);
    }
    for (const BodyLine& line : statement.body) {
        if (const auto defect = find_defect(line.text, side, known))
            return statement.defect(line, *defect);
    }
    return {};
}

}  // namespace huitong::apps::conform
