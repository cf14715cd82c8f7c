// A text as the modules of a QR picture (ISO/IEC 18004): the dark and light squares. Keeps
// libqrencode out of everybody's includes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace huitong::wire::picture {

// How much of a picture may be covered or torn before it cannot be read: about 7, 15, 25, 30 %.
enum class Correction : std::uint8_t { low, medium, quartile, high };

// Light around the picture, in modules (ISO/IEC 18004): readers look for it.
inline constexpr std::size_t quiet_zone = 4;

class Modules {
public:
    // The smallest picture that holds the bytes. Refuses with field_format an empty text and one
    // with a byte of zero, with field_range one that no picture holds (2,331 bytes at medium), with
    // overloaded when memory is short.
    static Result<Modules> of(std::string_view text, Correction correction = Correction::medium);

    // Modules in a row, and rows; without the quiet zone.
    [[nodiscard]] std::size_t side() const { return side_; }
    // Outside of the picture everything is light.
    [[nodiscard]] bool dark(std::size_t row, std::size_t column) const {
        return row < side_ && column < side_ && dark_[row * side_ + column];
    }

private:
    Modules(std::size_t side, std::vector<bool> dark) : side_(side), dark_(std::move(dark)) {}

    std::size_t side_;
    std::vector<bool> dark_;
};

}  // namespace huitong::wire::picture
