#include "crypto/card/block_mac.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace huitong::crypto {
namespace {

// The cipher of the blocks that are chained.
BlockAlgorithm cipher_of(MacAlgorithm algorithm) {
    switch (algorithm) {
        case MacAlgorithm::x9_9:
        case MacAlgorithm::x9_19:
        case MacAlgorithm::pos_ecb_des:
            return BlockAlgorithm::des;
        case MacAlgorithm::pos_ecb_triple_des:
            return BlockAlgorithm::triple_des;
        case MacAlgorithm::sm4_cbc:
        case MacAlgorithm::pos_ecb_sm4:
            return BlockAlgorithm::sm4;
    }
    return BlockAlgorithm::des;
}

void add_to(std::span<char> block, std::string_view bytes) {
    ENSURE(bytes.size() <= block.size());
    for (std::size_t i = 0; i < bytes.size(); ++i)
        block[i] = static_cast<char>(block[i] ^ bytes[i]);
}

void write_hex(std::string_view bytes, char* to) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : bytes) {
        *to++ = digits[static_cast<std::uint8_t>(c) >> 4];
        *to++ = digits[static_cast<std::uint8_t>(c) & 15];
    }
}

}  // namespace

std::array<char, 8> MacValue::eight_characters() const {
    std::array<char, 8> text{};
    write_hex(first_four(), text.data());
    return text;
}

Result<BlockMac> BlockMac::make(MacAlgorithm algorithm, const Secret& key, MacPadding padding) {
    if (algorithm != MacAlgorithm::x9_19) {
        TRY(cipher, BlockCipher::make(cipher_of(algorithm), key));
        return BlockMac(algorithm, padding, std::move(cipher));
    }
    constexpr std::size_t half = key_bytes(BlockAlgorithm::des);
    if (key.size() != 2 * half) return refuse(Error::key_invalid);
    TRY(left, BlockCipher::make(BlockAlgorithm::des, Secret(key.expose().substr(0, half))));
    TRY(right, BlockCipher::make(BlockAlgorithm::des, Secret(key.expose().substr(half))));
    BlockMac mac(algorithm, padding, std::move(left));
    mac.second_ = std::make_unique<BlockCipher>(std::move(right));
    return mac;
}

template <class Take>
void BlockMac::for_each_block(std::string_view data, Take take) const {
    const std::size_t size = first_.block_bytes();
    const bool filled = padding_ == MacPadding::one || data.empty() || data.size() % size != 0;
    for (; data.size() >= size; data.remove_prefix(size)) take(data.substr(0, size));
    if (!filled) return;
    std::array<char, block_bytes_max> last{};
    std::ranges::copy(data, last.begin());
    if (padding_ == MacPadding::one) last[data.size()] = static_cast<char>(0x80);
    take(std::string_view(last.data(), size));
}

MacValue BlockMac::of(std::string_view data) {
    switch (algorithm_) {
        case MacAlgorithm::x9_9:
        case MacAlgorithm::x9_19:
        case MacAlgorithm::sm4_cbc:
            return chained(data);
        case MacAlgorithm::pos_ecb_des:
        case MacAlgorithm::pos_ecb_triple_des:
        case MacAlgorithm::pos_ecb_sm4:
            return folded(data);
    }
    return {};
}

MacValue BlockMac::chained(std::string_view data) {
    MacValue mac{.size = static_cast<std::uint8_t>(first_.block_bytes())};
    const std::span<char> block = std::span(mac.bytes).first(mac.size);
    for_each_block(data, [&](std::string_view next) {
        add_to(block, next);
        first_.encrypt(block);
    });
    if (second_) {
        second_->decrypt(block);
        first_.encrypt(block);
    }
    return mac;
}

// All blocks XORed; that in hexadecimal is two blocks, which are chained.
MacValue BlockMac::folded(std::string_view data) {
    MacValue mac{.size = static_cast<std::uint8_t>(first_.block_bytes())};
    const std::span<char> block = std::span(mac.bytes).first(mac.size);
    for_each_block(data, [&](std::string_view next) { add_to(block, next); });
    std::array<char, 2 * block_bytes_max> text{};
    write_hex(mac.full(), text.data());
    std::copy_n(text.begin(), mac.size, block.begin());
    first_.encrypt(block);
    add_to(block, {text.data() + mac.size, mac.size});
    first_.encrypt(block);
    return mac;
}

}  // namespace huitong::crypto
