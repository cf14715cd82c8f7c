// Where a message ends in a stream of bytes (iso8583.md sections 4 and 9).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/iso8583/dialect/dialect.hpp"
#include "wire/iso8583/fault.hpp"

namespace huitong::wire::iso8583 {

// Bytes of the length prefix: 4, 2, or 0 of Framing::none.
constexpr std::size_t prefix_bytes(Framing framing) {
    switch (framing) {
        case Framing::none:
            return 0;
        case Framing::ascii4:
            return 4;
        case Framing::binary2:
            return 2;
    }
    return 0;
}

// What the front of a stream's bytes is.
struct FrameFront {
    enum class Kind : std::uint8_t {
        partial,   // go on reading until there are `bytes`, then look again
        complete,  // a frame of `bytes`
        beat,      // an idle line's beat of `bytes`; nobody answers it (only Framing::ascii4)
    };
    Kind kind = Kind::partial;
    std::size_t bytes = 0;  // with the prefix
};

// Looks at the front of what was received; keeps nothing, so it may be asked again with more. A
// prefix that is no length, or one over the dialect's limit, is refused before anything behind it
// is read: frame_length, frame_too_long. No buffer need be larger than prefix and limit. With
// Framing::none everything that is there is one frame.
Checked<FrameFront> look_at_front(const Dialect& dialect, std::string_view received);

// Writes the prefix for so many bytes of header and body. The caller has kept the limit.
void write_prefix(const Dialect& dialect, std::size_t length, char* to);

}  // namespace huitong::wire::iso8583
