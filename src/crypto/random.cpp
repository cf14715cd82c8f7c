#include "crypto/random.hpp"

#include <algorithm>
#include <array>
#include <openssl/rand.h>
#include <string_view>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"

namespace huitong::crypto {
namespace {

constexpr std::string_view alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
// The largest multiple of 62 in a byte: above it the first characters would come up more often.
constexpr std::size_t fair_limit = 256 / alnum.size() * alnum.size();

}  // namespace

void fill_random(std::span<std::uint8_t> bytes) {
    constexpr std::size_t call_bytes_max = 1 << 20;
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), call_bytes_max);
        // Without randomness no key, nonce or token is safe, so there is no way to go on.
        ENSURE(RAND_bytes(bytes.data(), static_cast<int>(part)) == 1);
        bytes = bytes.subspan(part);
    }
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    fill_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return bytes;
}

Secret random_secret(std::size_t count) {
    Secret secret = Secret::of_size(count);
    fill_random({reinterpret_cast<std::uint8_t*>(secret.writable().data()), count});
    return secret;
}

std::string random_alnum(std::size_t count) {
    std::string text;
    text.reserve(count);
    std::array<std::uint8_t, 40> pool;  // Enough for a nonce of 32 in nearly every case.
    while (text.size() < count) {
        fill_random(pool);
        for (const std::uint8_t byte : pool)
            if (byte < fair_limit && text.size() < count) text += alnum[byte % alnum.size()];
    }
    return text;
}

std::string random_digits(std::size_t count) {
    std::string digits;
    digits.reserve(count);
    std::array<std::uint8_t, 40> pool;
    while (digits.size() < count) {
        fill_random(pool);
        for (const std::uint8_t byte : pool)
            if (byte < 250 && digits.size() < count) digits += static_cast<char>('0' + byte % 10);
    }
    return digits;
}

std::string random_hex(std::size_t count) {
    std::string text = to_hex(random_bytes((count + 1) / 2));
    text.resize(count);
    return text;
}

}  // namespace huitong::crypto
