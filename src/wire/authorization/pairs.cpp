#include "wire/authorization/pairs.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace huitong::wire::authorization {
namespace {

constexpr std::size_t timestamp_digits_max = 12;

// A place without data has not been filled; an empty value has data.
bool store(Pairs& pairs, const Names& names, std::string_view name, std::string_view value) {
    const auto* const found = std::ranges::find(names, name);
    if (found == names.end()) return false;
    auto& place = pairs[static_cast<std::size_t>(std::distance(names.begin(), found))];
    if (place.data() != nullptr) return false;
    place = value;
    return true;
}

}  // namespace

bool within(std::string_view text, std::size_t max, const json::CharacterSet& characters) {
    return !text.empty() && text.size() <= max && characters.holds_all(text);
}

std::optional<std::string_view> take_until(std::string_view& rest, char delimiter) {
    const std::size_t end = rest.find(delimiter);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return taken;
}

std::optional<Pairs> split_pairs(std::string_view rest, const Names& names) {
    Pairs pairs;
    for (std::size_t count = 0; count < names.size(); ++count) {
        if (count != 0) {
            if (!rest.starts_with(',')) return std::nullopt;
            rest.remove_prefix(1);
            while (rest.starts_with(' ')) rest.remove_prefix(1);
        }
        const auto name = take_until(rest, '=');
        if (!name || !rest.starts_with('"')) return std::nullopt;
        rest.remove_prefix(1);
        const auto value = take_until(rest, '"');
        if (!value || !store(pairs, names, *name, *value)) return std::nullopt;
    }
    if (!rest.empty()) return std::nullopt;
    return pairs;
}

Result<std::int64_t> parse_timestamp(std::string_view text) {
    if (!within(text, timestamp_digits_max, json::decimal_digits) ||
        (text.size() > 1 && text.front() == '0'))
        return refuse(Error::authorization_malformed);
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);  // 12 digits always fit.
    return seconds;
}

}  // namespace huitong::wire::authorization
