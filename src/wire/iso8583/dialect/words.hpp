// Reading a dialect's text, for this folder's sources only: a line is words, a word is a number, a
// range, a set of classes or one of a list. Whatever is wrong is said in words, for a person.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/iso8583/dialect/rules.hpp"

namespace huitong::wire::iso8583 {

inline constexpr std::size_t word_bytes_shown = 40;

// A value, or the reason why there is none.
template <class T>
using Read = std::expected<T, std::string>;
using Words = std::span<const std::string_view>;

inline std::unexpected<std::string> because(std::string reason) {
    return std::unexpected(std::move(reason));
}

// The word in quotes, cut short.
std::string quoted(std::string_view word);
// What stands before a # between spaces and tabs.
std::vector<std::string_view> words_of(std::string_view line);

Read<std::uint16_t> number(std::string_view word, std::size_t min, std::size_t max);
// "6", "..20" or "5..16", at most 999.
Read<LengthRange> length_range(std::string_view word);
// "5", "1,2" or "all".
Read<std::uint16_t> classes_of(std::string_view word);
// Refuses words behind the first `most`.
Read<void> no_more(Words words, std::size_t most);

template <class T>
struct Named {
    std::string_view word;
    T value;
};

// The meaning of a word from a list.
template <class T, std::size_t Size>
Read<T> one_of(const Named<T> (&known)[Size], std::string_view word) {
    for (const auto& [name, value] : known) {
        if (name == word) return value;
    }
    std::string reason = quoted(word) + " is none of";
    for (const auto& [name, value] : known) (reason += ' ') += name;
    return because(std::move(reason));
}

}  // namespace huitong::wire::iso8583
