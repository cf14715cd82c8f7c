// The set of fields that a message has: bits 1 to 128, numbered from the most significant
// (iso8583.md section 2). Bit 1 is not a field: it says that bits 65 to 128 follow.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace huitong::wire::iso8583 {

inline constexpr unsigned field_max = 128;

class Bitmap {
public:
    constexpr Bitmap() = default;
    constexpr Bitmap(std::uint64_t first, std::uint64_t second) : words_{first, second} {}

    // field: 1 to 128.
    [[nodiscard]] constexpr bool has(unsigned field) const {
        return (words_[(field - 1) / 64] >> (63 - (field - 1) % 64) & 1) != 0;
    }
    constexpr void set(unsigned field) {
        words_[(field - 1) / 64] |= std::uint64_t{1} << (63 - (field - 1) % 64);
    }
    // The lowest field above this one; 0 when there is none. From 1 it walks over all fields.
    [[nodiscard]] constexpr unsigned next(unsigned field) const {
        if (field < 64) {
            const std::uint64_t rest = words_[0] << field;
            if (rest != 0) return field + static_cast<unsigned>(std::countl_zero(rest)) + 1;
            field = 64;
        }
        if (field >= field_max) return 0;
        const std::uint64_t rest = words_[1] << (field - 64);
        return rest == 0 ? 0 : field + static_cast<unsigned>(std::countl_zero(rest)) + 1;
    }
    [[nodiscard]] constexpr unsigned count() const {
        return static_cast<unsigned>(std::popcount(words_[0]) + std::popcount(words_[1]));
    }

    [[nodiscard]] constexpr bool has_second() const { return has(1); }
    [[nodiscard]] constexpr std::uint64_t word(unsigned index) const { return words_[index]; }

    friend constexpr bool operator==(const Bitmap&, const Bitmap&) = default;

private:
    std::array<std::uint64_t, 2> words_{};
};

}  // namespace huitong::wire::iso8583
