#include "crypto/sm/der.hpp"

#include "base/ensure.hpp"

namespace huitong::crypto {
namespace {

constexpr std::size_t long_form = 0x80;
constexpr std::size_t length_bytes_max = 4;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::string_view without_leading_zeros(std::string_view bytes) {
    while (bytes.starts_with('\0')) bytes.remove_prefix(1);
    return bytes;
}

}  // namespace

bool DerReader::next_is(DerTag tag) const {
    return !rest_.empty() && byte_at(rest_, 0) == static_cast<std::uint8_t>(tag);
}

Result<std::size_t> DerReader::take_length() {
    if (rest_.empty()) return refuse(Error::field_format);
    const std::size_t first = byte_at(rest_, 0);
    rest_.remove_prefix(1);
    if (first < long_form) return first;
    const std::size_t count = first - long_form;
    if (count == 0 || count > length_bytes_max || count > rest_.size())
        return refuse(Error::field_format);
    std::size_t length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | byte_at(rest_, i);
    const bool shortest = byte_at(rest_, 0) != 0 && length >= long_form;
    if (!shortest) return refuse(Error::field_format);
    rest_.remove_prefix(count);
    return length;
}

Result<std::string_view> DerReader::take(DerTag tag) {
    if (!next_is(tag)) return refuse(Error::field_format);
    rest_.remove_prefix(1);
    TRY(length, take_length());
    if (length > rest_.size()) return refuse(Error::field_format);
    const std::string_view content = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return content;
}

Result<DerReader> DerReader::enter(DerTag tag) {
    TRY(content, take(tag));
    return DerReader(content);
}

Result<std::string_view> DerReader::take_number() {
    TRY(content, take(DerTag::integer));
    if (content.empty() || byte_at(content, 0) >= 0x80) return refuse(Error::field_format);
    if (!content.starts_with('\0')) return content;
    // A leading zero byte only stands before a byte that would else make the number negative.
    const std::string_view number = content.substr(1);
    if (!number.empty() && byte_at(number, 0) < 0x80) return refuse(Error::field_format);
    return number;
}

Result<std::uint32_t> DerReader::take_small_number(std::uint32_t max) {
    TRY(bytes, take_number());
    if (bytes.size() > sizeof max) return refuse(Error::field_format);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) number = number << 8 | byte_at(bytes, i);
    if (number > max) return refuse(Error::field_format);
    return number;
}

Result<std::string_view> DerReader::take_bits() {
    TRY(content, take(DerTag::bit_string));
    if (!content.starts_with('\0')) return refuse(Error::field_format);  // No bits are unused.
    return content.substr(1);
}

Result<void> DerReader::expect_object(std::string_view encoded) {
    TRY(content, take(DerTag::object));
    if (content != encoded) return refuse(Error::field_format);
    return {};
}

Result<void> DerReader::expect_end() const {
    if (!at_end()) return refuse(Error::field_format);
    return {};
}

Result<DerReader> only_item(DerTag tag, std::string_view der) {
    DerReader outside(der);
    TRY(inside, outside.enter(tag));
    CHECK(outside.expect_end());
    return inside;
}

std::string der_item(DerTag tag, std::string_view content) {
    std::string item(1, static_cast<char>(tag));
    std::string length;
    for (std::size_t left = content.size(); left > 0; left >>= 8)
        length.insert(length.begin(), static_cast<char>(left & 0xff));
    ENSURE(length.size() <= length_bytes_max);
    if (content.size() < long_form) {
        item += static_cast<char>(content.size());
    } else {
        item.append(1, static_cast<char>(long_form + length.size())).append(length);
    }
    return item.append(content);
}

std::string der_number(std::string_view bytes) {
    std::string content(without_leading_zeros(bytes));
    if (content.empty() || byte_at(content, 0) >= 0x80) content.insert(content.begin(), '\0');
    return der_item(DerTag::integer, content);
}

}  // namespace huitong::crypto
