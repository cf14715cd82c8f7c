// MACs made of block ciphers, as card networks use them. A new protocol takes HMAC (digest.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "crypto/card/block_cipher.hpp"

namespace huitong::crypto {

enum class MacAlgorithm : std::uint8_t {
    x9_9,                // ANSI X9.9: CBC with single DES; key 8
    x9_19,               // ANSI X9.19, ISO/IEC 9797-1 algorithm 3: CBC with the left half, then the
                         // last block decrypted with the right and encrypted with the left; key 16
    sm4_cbc,             // CBC with SM4; key 16
    pos_ecb_des,         // the terminals' way (iso8583.md section 9): all blocks XORed, written in
    pos_ecb_triple_des,  // hexadecimal, its two halves chained; key 8 or 16
    pos_ecb_sm4,         // likewise with SM4's blocks; key 16
};

// How data that is no whole number of blocks is filled.
enum class MacPadding : std::uint8_t {
    zeros,  // ISO/IEC 9797-1 method 1: none when the blocks are whole
    one,    // method 2: a byte 80, then zeros; always at least the 80
};

// A MAC as it comes out of the cipher: a block. What is sent is its first four bytes.
struct MacValue {
    std::array<char, block_bytes_max> bytes{};
    std::uint8_t size = 0;

    [[nodiscard]] std::string_view full() const { return {bytes.data(), size}; }
    [[nodiscard]] std::string_view first_four() const { return {bytes.data(), 4}; }
    // The first four bytes in capital hexadecimal.
    [[nodiscard]] std::array<char, 8> eight_characters() const;
};

// One algorithm under one key. One thread at a time.
class BlockMac {
public:
    // Refuses with key_invalid when the key has another length.
    static Result<BlockMac> make(MacAlgorithm algorithm, const Secret& key,
                                 MacPadding padding = MacPadding::zeros);

    // Empty data is one block of padding.
    [[nodiscard]] MacValue of(std::string_view data);

private:
    BlockMac(MacAlgorithm algorithm, MacPadding padding, BlockCipher first)
        : algorithm_(algorithm), padding_(padding), first_(std::move(first)) {}

    template <class Take>
    void for_each_block(std::string_view data, Take take) const;
    MacValue chained(std::string_view data);
    MacValue folded(std::string_view data);

    MacAlgorithm algorithm_;
    MacPadding padding_;
    BlockCipher first_;
    // Of x9_19: the right half of its key.
    std::unique_ptr<BlockCipher> second_;
};

}  // namespace huitong::crypto
