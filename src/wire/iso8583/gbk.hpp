// GBK texts as UTF-8 and back, so that whatever bytes a partner sends come back as the same bytes.
//
// A byte that is no part of a GBK character becomes a code point of its own in Unicode's private
// use area, U+F700 + byte; GBK's own characters never lie there. Uses the C library's converter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huitong::wire::iso8583 {

// Never fails.
std::string utf8_of_gbk(std::string_view bytes);
// Nothing when the text is not UTF-8 or holds a character that GBK lacks.
std::optional<std::string> gbk_of_utf8(std::string_view text);

// Only characters that print: no control character, and every byte from 0x80 up is half of a pair
// within GBK's ranges (lead 81 to FE, trail 40 to FE without 7F).
bool is_printable_gbk(std::string_view bytes);

}  // namespace huitong::wire::iso8583
