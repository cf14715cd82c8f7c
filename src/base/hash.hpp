// 128-bit hashes for in-memory tables and state digests: fast, well mixed, not cryptographic. The
// journal's chain is SM3; a digest built from these finds our own mistakes, the chain finds
// tampering.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace huitong {

struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr bool operator==(Hash128, Hash128) = default;

    // Addition modulo 2^128: the digest of a set is the sum of its members', in any order.
    friend constexpr Hash128 operator+(Hash128 a, Hash128 b) {
        const std::uint64_t sum = a.low + b.low;
        return {a.high + b.high + (sum < a.low ? 1 : 0), sum};
    }
    friend constexpr Hash128 operator-(Hash128 a, Hash128 b) {
        return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
    }
};

// Folds values into a Hash128; the result depends on their order and lengths.
class Hasher {
public:
    constexpr explicit Hasher(Hash128 seed = {}) : a_(seed.high ^ first), b_(seed.low ^ second) {}

    constexpr void add(std::uint64_t value) {
        a_ = multiply_fold(a_ ^ value, first);
        b_ = multiply_fold(b_ + value, second) ^ a_;
    }
    void add(std::string_view text) {
        add(std::uint64_t{text.size()});
        while (text.size() >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data(), 8);
            add(word);
            text.remove_prefix(8);
        }
        if (text.empty()) return;
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), text.size());
        add(word);
    }
    [[nodiscard]] constexpr Hash128 finish() const {
        return {multiply_fold(a_ ^ second, b_ ^ first), multiply_fold(b_ ^ second, a_ + first)};
    }

private:
    static constexpr std::uint64_t first = 0x9e3779b97f4a7c15;
    static constexpr std::uint64_t second = 0xd6e8feb86659fd93;

    static constexpr std::uint64_t multiply_fold(std::uint64_t x, std::uint64_t y) {
        __extension__ using Wide = unsigned __int128;
        const Wide product = Wide{x} * y;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    std::uint64_t a_;
    std::uint64_t b_;
};

// For boost::unordered_flat_map: ids are dense and time-ordered, so they need real mixing.
struct IdHash {
    using is_avalanching = void;
    template <class Tag>
    std::size_t operator()(Tag id) const noexcept {
        Hasher hasher;
        hasher.add(id.value);
        return hasher.finish().low;
    }
};

struct KeyHash {
    using is_avalanching = void;
    std::size_t operator()(Hash128 key) const noexcept { return key.low; }  // Already mixed.
};

}  // namespace huitong
