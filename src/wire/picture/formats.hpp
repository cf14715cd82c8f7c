// A QR picture for a page (SVG), a printer or a screen (PNG), or a terminal. Dark on light, with
// the quiet zone that readers need.
#pragma once

#include <string>

#include "wire/picture/modules.hpp"

namespace huitong::wire::picture {

// Pixels of a module in a PNG.
inline constexpr std::size_t scale_max = 64;

// One path on a white square, a unit a module; grows to whatever size the page gives it.
std::string to_svg(const Modules& modules);

// One bit a pixel (ISO/IEC 15948, greyscale). The scale is 1 to scale_max.
std::string to_png(const Modules& modules, std::size_t scale);

// Lines of half blocks, two modules high, in black on white whatever the terminal's colours are.
std::string to_terminal(const Modules& modules);

}  // namespace huitong::wire::picture
