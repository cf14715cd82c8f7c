#include "wire/emvqr/crc.hpp"

#include <cstddef>

namespace huitong::wire::emvqr {
namespace {

constexpr std::uint16_t polynomial = 0x1021;
constexpr std::uint16_t start = 0xFFFF;

using Table = std::array<std::uint16_t, 256>;

// tables[0] moves a byte out of the register. tables[k] moves it out with k zero bytes after it, so
// that eight bytes are eight look-ups that do not wait for each other ("slicing by eight"): the
// checksum was half of a decode with one table.
constexpr std::array<Table, 8> make_tables() {
    std::array<Table, 8> tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8U;
        for (int bit = 0; bit < 8; ++bit)
            crc = ((crc & 0x8000U) != 0 ? crc << 1U ^ polynomial : crc << 1U) & 0xFFFFU;
        tables[0][byte] = static_cast<std::uint16_t>(crc);
    }
    for (std::size_t k = 1; k < tables.size(); ++k) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const unsigned before = tables[k - 1][byte];
            tables[k][byte] =
                static_cast<std::uint16_t>((before << 8U & 0xFFFFU) ^ tables[0][before >> 8U]);
        }
    }
    return tables;
}

constexpr std::array<Table, 8> tables = make_tables();

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
    unsigned crc = start;
    const auto at = [&bytes](std::size_t i) {
        return std::size_t{static_cast<std::uint8_t>(bytes[i])};
    };
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        crc = unsigned{tables[7][at(0) ^ crc >> 8U]} ^ tables[6][at(1) ^ (crc & 0xFFU)] ^
              tables[5][at(2)] ^ tables[4][at(3)] ^ tables[3][at(4)] ^ tables[2][at(5)] ^
              tables[1][at(6)] ^ tables[0][at(7)];
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        crc = (crc << 8U & 0xFFFFU) ^ tables[0][at(i) ^ crc >> 8U];
    return static_cast<std::uint16_t>(crc);
}

std::array<char, 4> crc_digits(std::uint16_t crc) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const unsigned value = crc;
    return {digits[value >> 12U], digits[value >> 8U & 15U], digits[value >> 4U & 15U],
            digits[value & 15U]};
}

}  // namespace huitong::wire::emvqr
