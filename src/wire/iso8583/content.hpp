// Judges of content: is this text of its class, do these digits name a moment.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/iso8583/dialect/rules.hpp"

namespace huitong::wire::iso8583 {

// Every character of the class. Signs of x+n stand in front: C or D, or with any_sign a digit.
// `gbk`: Content::ans may also hold well-formed double bytes.
bool has_content(const FieldRule& rule, bool gbk, std::string_view text);

// The same of packed digits: no nibble above 9 but the separator D of Content::z, and the filler
// nibble of an odd count is 0. x+n has its sign as a character in front.
bool has_packed_content(const FieldRule& rule, std::size_t units, std::string_view bytes);

// Digits of the rule's length. Month 1 to 12, days by month (29 February always: there is no
// year), 23:59:59; yymm may be 0000, which says that the expiry is not known.
bool has_value(ValueRule rule, std::string_view digits);

// The digits that a value rule wants; 0 of ValueRule::any.
std::size_t digits_of(ValueRule rule);

}  // namespace huitong::wire::iso8583
