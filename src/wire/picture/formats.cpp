#include "wire/picture/formats.hpp"

#include <fmt/format.h>
#include <iterator>
#include <zlib.h>

#include "base/ensure.hpp"

namespace huitong::wire::picture {
namespace {

// With its quiet zone; the picture itself begins at (quiet_zone, quiet_zone).
std::size_t whole_side(const Modules& modules) {
    return modules.side() + 2 * quiet_zone;
}

bool dark_in_whole(const Modules& modules, std::size_t row, std::size_t column) {
    return modules.dark(row - quiet_zone, column - quiet_zone);  // Wraps to far outside: light.
}

std::string word(std::size_t number) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>(number >> shift & 0xFFU);
    return bytes;
}

// A PNG chunk: length, type, data, and the CRC of type and data.
std::string chunk(std::string_view type, std::string_view data) {
    std::string checked(type);
    checked += data;
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
    return word(data.size()) + checked + word(crc);
}

// Every row begins with a filter byte, 0 for none; in the pixels 1 is white.
std::string png_rows(const Modules& modules, std::size_t scale) {
    const std::size_t side = whole_side(modules) * scale;
    std::string rows;
    for (std::size_t row = 0; row < whole_side(modules); ++row) {
        std::string line(1 + (side + 7) / 8, '\0');
        for (std::size_t x = 0; x < side; ++x)
            if (!dark_in_whole(modules, row, x / scale))
                line[1 + x / 8] = static_cast<char>(line[1 + x / 8] | 0x80 >> x % 8);
        for (std::size_t i = 0; i < scale; ++i) rows += line;
    }
    return rows;
}

std::string deflated(std::string_view bytes) {
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    const int status = compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    ENSURE(status == Z_OK);  // The buffer is large enough.
    packed.resize(size);
    return packed;
}

}  // namespace

std::string to_svg(const Modules& modules) {
    const std::size_t side = whole_side(modules);
    std::string path;
    for (std::size_t row = 0; row < side; ++row) {
        for (std::size_t column = 0; column < side; ++column) {
            std::size_t length = 0;  // of a run of dark modules
            while (dark_in_whole(modules, row, column + length)) ++length;
            if (length == 0) continue;
            fmt::format_to(std::back_inserter(path), "M{} {}h{}v1h-{}z", column, row, length,
                           length);
            column += length;
        }
    }
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" "
        "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/>"
        "<path d=\"{1}\"/></svg>\n",
        side, path);
}

std::string to_png(const Modules& modules, std::size_t scale) {
    ENSURE(scale >= 1);
    ENSURE(scale <= scale_max);
    const std::size_t side = whole_side(modules) * scale;
    // Depth 1, greyscale, and the only methods of compression, filtering and interlacing.
    const std::string header = word(side) + word(side) + std::string("\1\0\0\0\0", 5);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) +
           chunk("IDAT", deflated(png_rows(modules, scale))) + chunk("IEND", "");
}

std::string to_terminal(const Modules& modules) {
    constexpr std::string_view black_on_white = "\x1b[38;5;16;48;5;231m";
    constexpr std::string_view as_before = "\x1b[0m\n";
    // By the upper and the lower module of a character.
    constexpr std::string_view blocks[2][2] = {
        {" ", "▄"},
        {"▀", "█"}
    };
    std::string lines;
    for (std::size_t row = 0; row < whole_side(modules); row += 2) {
        lines += black_on_white;
        for (std::size_t column = 0; column < whole_side(modules); ++column)
            lines += blocks[dark_in_whole(modules, row, column) ? 1 : 0]
                           [dark_in_whole(modules, row + 1, column) ? 1 : 0];
        lines += as_before;
    }
    return lines;
}

}  // namespace huitong::wire::picture
