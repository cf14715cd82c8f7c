// Block ciphers of card networks: DES and two-key triple DES (ISO/IEC 18033-3), SM4 (GB/T
// 32907-2016), a block at a time. For PIN blocks, working keys and MACs; messages are sealed with
// aead.hpp, never with these.
//
// Single DES is here because old partners have such keys. It is done as triple DES with two equal
// halves, which is the same function, so that OpenSSL's legacy provider is not needed.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace huitong::crypto {

enum class BlockAlgorithm : std::uint8_t {
    des,         // key 8 bytes, block 8
    triple_des,  // key 16 bytes, two halves; block 8
    sm4,         // key 16 bytes, block 16
};

inline constexpr std::size_t block_bytes_max = 16;
constexpr std::size_t block_bytes(BlockAlgorithm algorithm) {
    return algorithm == BlockAlgorithm::sm4 ? 16 : 8;
}
constexpr std::size_t key_bytes(BlockAlgorithm algorithm) {
    return algorithm == BlockAlgorithm::des ? 8 : 16;
}

// One algorithm under one key. Parity bits of DES keys are not looked at. One thread at a time.
class BlockCipher {
public:
    // Refuses with key_invalid when the key has another length.
    static Result<BlockCipher> make(BlockAlgorithm algorithm, const Secret& key);

    BlockCipher(BlockCipher&&) noexcept;
    BlockCipher& operator=(BlockCipher&&) noexcept;
    BlockCipher(const BlockCipher&) = delete;
    BlockCipher& operator=(const BlockCipher&) = delete;
    ~BlockCipher();

    [[nodiscard]] BlockAlgorithm algorithm() const;
    [[nodiscard]] std::size_t block_bytes() const { return crypto::block_bytes(algorithm()); }
    // In place; any number of whole blocks, each by itself (ECB).
    void encrypt(std::span<char> blocks);
    void decrypt(std::span<char> blocks);

private:
    struct Impl;
    explicit BlockCipher(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Working keys travel encrypted under a master key (iso8583.md section 11). Refuses with
// field_range when the key is not one or more whole blocks of the master's cipher.
Result<Secret> unwrap_key(BlockCipher& master, std::string_view wrapped);
Result<std::string> wrap_key(BlockCipher& master, const Secret& key);

// The first four bytes of a zero block encrypted: proves that two sides have the same key without
// telling it.
inline constexpr std::size_t check_value_bytes = 4;
std::array<char, check_value_bytes> check_value(BlockCipher& cipher);

}  // namespace huitong::crypto
