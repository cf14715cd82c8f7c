// The statements of a dialect's text, for this folder's sources only. Each is given the words
// behind its own, and of a statement about a field also behind the field's number, which is in the
// draft.
#pragma once

#include "wire/iso8583/dialect/dialect.hpp"
#include "wire/iso8583/dialect/words.hpp"

namespace huitong::wire::iso8583 {

// A dialect that is being read.
struct Draft {
    Dialect dialect;
    std::size_t line = 0;
    std::uint8_t field = 0;  // that the line speaks of; 0: none
    bool fields_begun = false;
};

// What is read and put together of a field: at most so many parts, tags and usages.
inline constexpr std::size_t entries_max = 200;
inline constexpr std::size_t units_max_ll = 99;
inline constexpr std::size_t units_max = 999;

// Statements about the whole (settings.cpp).
Read<void> set_name(Draft& draft, Words words);
Read<void> set_framing(Draft& draft, Words words);
Read<void> set_header(Draft& draft, Words words);
Read<void> set_mti(Draft& draft, Words words);
Read<void> set_bitmap(Draft& draft, Words words);
Read<void> set_lengths(Draft& draft, Words words);
Read<void> set_texts(Draft& draft, Words words);
Read<void> set_separator(Draft& draft, Words words);
Read<void> set_mac(Draft& draft, Words words);
Read<void> add_mac_rule(Draft& draft, Words words);

// Statements about a field (fields.cpp) and what is inside it (insides.cpp).
Read<void> add_field(Draft& draft, Words words);
Read<void> add_inner(Draft& draft, Words words);
Read<void> add_parts(Draft& draft, Words words);
Read<void> add_usage(Draft& draft, Words words);
Read<void> add_tag(Draft& draft, Words words);

}  // namespace huitong::wire::iso8583
