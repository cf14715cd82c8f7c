// The checksum of merchant-presented codes (emv-qr section 2): CRC-16 with polynomial 1021, start
// FFFF, neither reflection nor a final XOR. It finds misread pictures; it says nothing of honesty.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace huitong::wire::emvqr {

// Over the bytes, which in a code are UTF-8, everything up to and including "6304".
std::uint16_t crc16(std::string_view bytes);

// As tag 63 writes it: four hexadecimal capitals.
std::array<char, 4> crc_digits(std::uint16_t crc);

}  // namespace huitong::wire::emvqr
