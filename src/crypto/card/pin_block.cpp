#include "crypto/card/pin_block.hpp"

#include <algorithm>

namespace huitong::crypto {
namespace {

constexpr unsigned filler = 15;
constexpr std::size_t account_digits = 12;

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

unsigned nibble(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at / 2]) >> (at % 2 == 0 ? 4 : 0) & 15;
}

void add_nibble(std::span<char> bytes, std::size_t at, unsigned value) {
    const auto octet = static_cast<std::uint8_t>(bytes[at / 2]);
    bytes[at / 2] = static_cast<char>(octet ^ value << (at % 2 == 0 ? 4 : 0));
}

// XORs 0000 and the account number's digits into the block.
Result<void> add_account(std::span<char> block, std::string_view number) {
    if (number.size() < account_digits + 1 || number.size() > 19 || !are_digits(number))
        return refuse(Error::field_format);
    const std::string_view digits =
        number.substr(number.size() - 1 - account_digits, account_digits);
    for (std::size_t i = 0; i < digits.size(); ++i)
        add_nibble(block, 4 + i, static_cast<unsigned>(digits[i] - '0'));
    return {};
}

}  // namespace

Result<Secret> pin_block(const Secret& pin, std::string_view account_number) {
    const std::string_view digits = pin.expose();
    if (digits.size() < pin_digits_min || digits.size() > pin_digits_max || !are_digits(digits))
        return refuse(Error::field_format);
    Secret block = Secret::of_size(pin_block_bytes);
    add_nibble(block.writable(), 1, static_cast<unsigned>(digits.size()));
    for (std::size_t i = 0; i < 2 * pin_block_bytes - 2; ++i) {
        const unsigned value = i < digits.size() ? static_cast<unsigned>(digits[i] - '0') : filler;
        add_nibble(block.writable(), 2 + i, value);
    }
    CHECK(add_account(block.writable(), account_number));
    return block;
}

Result<Secret> pin_of_block(const Secret& block, std::string_view account_number) {
    if (block.size() != pin_block_bytes) return refuse(Error::field_format);
    Secret plain = block.copy();
    CHECK(add_account(plain.writable(), account_number));
    const std::size_t length = nibble(plain.expose(), 1);
    if (nibble(plain.expose(), 0) != 0 || length < pin_digits_min || length > pin_digits_max)
        return refuse(Error::field_format);
    Secret pin = Secret::of_size(length);
    for (std::size_t i = 0; i < 2 * pin_block_bytes - 2; ++i) {
        const unsigned value = nibble(plain.expose(), 2 + i);
        if (i < length ? value > 9 : value != filler) return refuse(Error::field_format);
        if (i < length) pin.writable()[i] = static_cast<char>('0' + value);
    }
    return pin;
}

Result<std::string> encrypt_pin_block(BlockCipher& pin_key, const Secret& block) {
    if (pin_key.algorithm() == BlockAlgorithm::sm4) return refuse(Error::key_invalid);
    if (block.size() != pin_block_bytes) return refuse(Error::field_format);
    return wrap_key(pin_key, block);
}

Result<Secret> decrypt_pin_block(BlockCipher& pin_key, std::string_view encrypted) {
    if (pin_key.algorithm() == BlockAlgorithm::sm4) return refuse(Error::key_invalid);
    if (encrypted.size() != pin_block_bytes) return refuse(Error::field_format);
    return unwrap_key(pin_key, encrypted);
}

}  // namespace huitong::crypto
