#include "wire/iso8583/header.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/result.hpp"

namespace huitong::wire::iso8583 {
namespace {

// Offset and bytes of a field of the header.
struct Place {
    std::size_t offset;
    std::size_t bytes;
};
constexpr Place version_place{1, 1};
constexpr Place total_place{2, 4};
constexpr Place destination_place{6, 11};
constexpr Place source_place{17, 11};
constexpr Place reserved_place{28, 3};
constexpr Place batch_place{31, 1};
constexpr Place transaction_place{32, 8};
constexpr Place user_place{40, 1};
constexpr Place reject_place{Header::reject_code_offset, 5};
static_assert(reject_place.offset + reject_place.bytes == Header::size);

constexpr std::uint8_t test_bit = 0x80;

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t number(std::string_view digits) {
    std::size_t value = 0;
    for (const char c : digits) value = value * 10 + static_cast<std::size_t>(c - '0');
    return value;
}

std::string_view without_spaces_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool is_id(std::string_view padded) {
    const std::string_view id = without_spaces_behind(padded);
    return !id.empty() && are_digits(id);
}

bool is_version(std::uint8_t byte) {
    const int version = byte & ~test_bit;
    return version == 1 || version == 2;
}

Checked<void> check_total(std::string_view bytes, std::optional<std::size_t> total) {
    const auto wrong = fault(FaultCode::header_total_length, 0, total_place.offset);
    if (bytes.size() < Header::size) return fault(FaultCode::header_total_length, 0, bytes.size());
    const std::string_view digits = bytes.substr(total_place.offset, total_place.bytes);
    if (!are_digits(digits)) return wrong;
    const std::size_t said = number(digits);
    if (said <= Header::size || (total && said != *total)) return wrong;
    return {};
}

}  // namespace

Checked<Header> Header::parse(std::string_view bytes, std::optional<std::size_t> total) {
    if (bytes.empty() || bytes[0] != static_cast<char>(size))
        return fault(FaultCode::header_length);
    if (bytes.size() > version_place.offset &&
        !is_version(static_cast<std::uint8_t>(bytes[version_place.offset])))
        return fault(FaultCode::header_version, 0, version_place.offset);
    CHECK(check_total(bytes, total));
    Header header;
    std::ranges::copy(bytes.substr(0, size), header.bytes_.begin());
    if (!is_id(header.part(destination_place.offset, destination_place.bytes)))
        return fault(FaultCode::header_destination, 0, destination_place.offset);
    if (!is_id(header.part(source_place.offset, source_place.bytes)))
        return fault(FaultCode::header_source, 0, source_place.offset);
    if (!are_digits(header.reject_code()))
        return fault(FaultCode::header_reject_code, 0, reject_place.offset);
    return header;
}

Checked<Header> Header::make(const Terms& terms) {
    ENSURE(terms.transaction_info.size() == transaction_place.bytes);
    if (terms.destination.size() > destination_place.bytes)
        return fault(FaultCode::header_destination, 0, destination_place.offset);
    if (terms.source.size() > source_place.bytes)
        return fault(FaultCode::header_source, 0, source_place.offset);
    Header header;
    auto& bytes = header.bytes_;
    bytes.fill(' ');
    bytes[0] = static_cast<char>(size);
    bytes[version_place.offset] =
        static_cast<char>(terms.version | (terms.test ? test_bit : std::uint8_t{0}));
    header.set_total(size + 1);
    std::ranges::copy(terms.destination, bytes.begin() + destination_place.offset);
    std::ranges::copy(terms.source, bytes.begin() + source_place.offset);
    std::fill_n(bytes.begin() + reserved_place.offset, reserved_place.bytes, '\0');
    bytes[batch_place.offset] = static_cast<char>(terms.batch);
    std::ranges::copy(terms.transaction_info, bytes.begin() + transaction_place.offset);
    bytes[user_place.offset] = '\0';
    std::fill_n(bytes.begin() + reject_place.offset, reject_place.bytes, '0');
    return parse(header.bytes(), std::nullopt);
}

Header Header::answer() const {
    Header header = *this;
    const auto id = [&](Place place) { return part(place.offset, place.bytes); };
    std::ranges::copy(id(destination_place), header.bytes_.begin() + source_place.offset);
    std::ranges::copy(id(source_place), header.bytes_.begin() + destination_place.offset);
    std::fill_n(header.bytes_.begin() + reject_place.offset, reject_place.bytes, '0');
    return header;
}

void Header::set_total(std::size_t total) {
    ENSURE(total > size);
    ENSURE(total <= 9999);
    for (std::size_t i = total_place.bytes; i-- > 0; total /= 10)
        bytes_[total_place.offset + i] = static_cast<char>('0' + total % 10);
}

bool Header::test() const {
    return (static_cast<std::uint8_t>(bytes_[version_place.offset]) & test_bit) != 0;
}
std::uint8_t Header::version() const {
    return static_cast<std::uint8_t>(bytes_[version_place.offset]) & 0x7F;
}
std::size_t Header::total() const {
    return number(part(total_place.offset, total_place.bytes));
}
std::string_view Header::destination() const {
    return without_spaces_behind(part(destination_place.offset, destination_place.bytes));
}
std::string_view Header::source() const {
    return without_spaces_behind(part(source_place.offset, source_place.bytes));
}
std::string_view Header::reserved() const {
    return part(reserved_place.offset, reserved_place.bytes);
}
std::uint8_t Header::batch() const {
    return static_cast<std::uint8_t>(bytes_[batch_place.offset]);
}
std::string_view Header::transaction_info() const {
    return part(transaction_place.offset, transaction_place.bytes);
}
std::uint8_t Header::user_info() const {
    return static_cast<std::uint8_t>(bytes_[user_place.offset]);
}
std::string_view Header::reject_code() const {
    return part(reject_place.offset, reject_place.bytes);
}

}  // namespace huitong::wire::iso8583
