// Private to this module's sources: the small part of DER (X.690) that SM2 signatures, ciphertexts
// and key files consist of. The reader is strict, so that one text stands for each value: shortest
// lengths, shortest non-negative integers, no indefinite forms. OpenSSL's own decoders take more.
//
//   item = tag, length, content     length = one byte below 0x80, or 0x80 + n and n bytes
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace huitong::crypto {

enum class DerTag : std::uint8_t {
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    null = 0x05,
    object = 0x06,
    sequence = 0x30,
    context_0 = 0xa0,
    context_1 = 0xa1,
};

// Walks over the items of one level. It does not own the bytes, and refuses with field_format.
class DerReader {
public:
    explicit DerReader(std::string_view bytes) : rest_(bytes) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool next_is(DerTag tag) const;
    // The content of the next item, which must carry this tag.
    Result<std::string_view> take(DerTag tag);
    // The same, ready to be walked over.
    Result<DerReader> enter(DerTag tag);
    // A non-negative integer as big-endian bytes without leading zeros; zero is empty.
    Result<std::string_view> take_number();
    // A non-negative integer of at most `max`, which is below 2^32.
    Result<std::uint32_t> take_small_number(std::uint32_t max);
    // A bit string of whole bytes.
    Result<std::string_view> take_bits();
    // Refuses unless the next item is exactly this object identifier.
    Result<void> expect_object(std::string_view encoded);
    // Refuses unless everything was taken.
    [[nodiscard]] Result<void> expect_end() const;

private:
    Result<std::size_t> take_length();

    std::string_view rest_;
};

// What stands in the whole text, which must be one item.
Result<DerReader> only_item(DerTag tag, std::string_view der);

std::string der_item(DerTag tag, std::string_view content);
// Of a big-endian number of any length.
std::string der_number(std::string_view bytes);

}  // namespace huitong::crypto
