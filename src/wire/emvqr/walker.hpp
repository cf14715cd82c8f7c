// Finds the objects of a text and of its templates (objects.cpp).
#pragma once

#include <bitset>

#include "wire/emvqr/objects.hpp"

namespace huitong::wire::emvqr {

// Templates lie in templates at most twice: 38, in it 01, in that its objects.
inline constexpr std::size_t levels_max = 3;
inline constexpr std::size_t header_size = 4;  // tag and length
inline constexpr unsigned crc_tag = 63;

class Walker {
public:
    Walker(const Dialect& dialect, Objects& objects);
    Finding walk();

private:
    // The text itself, or a template that is being walked.
    struct Level {
        std::size_t end = 0;  // of its objects, in bytes
        std::size_t parent = 0;
        bool perhaps = false;  // if its objects turn out to be none, it is text
        std::bitset<100> seen;
    };

    Finding step();
    void add(unsigned tag, std::size_t size);
    void close();
    bool forgive();
    void leave_as_text(std::size_t depth);
    [[nodiscard]] unsigned number_at(std::size_t at) const;
    [[nodiscard]] std::expected<std::size_t, DefectCode> bytes_of(std::size_t characters) const;
    [[nodiscard]] Defect defect(DefectCode code, unsigned tag) const;

    const Dialect& dialect_;
    Objects& objects_;
    std::string_view text_;
    bool ascii_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::array<Level, levels_max> levels_{};
};

}  // namespace huitong::wire::emvqr
