// One frame with everything in it: header, or reject header and original header, and message.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/iso8583/fault.hpp"
#include "wire/iso8583/header.hpp"
#include "wire/iso8583/message.hpp"

namespace huitong::wire::iso8583 {

// Bytes of the terminal dialect before the message: TPDU, then a header of its own (section 9).
inline constexpr std::size_t tpdu_bytes = 5;
inline constexpr std::size_t terminal_header_bytes = 6;

// Views point into the decoded bytes.
struct Envelope {
    enum class Kind : std::uint8_t {
        message,
        beat,         // an idle line's beat
        header_only,  // of a dialect without a body
        reject,       // a message of ours that came back unread; it ends the wait for its answer
    };
    Kind kind = Kind::message;
    std::optional<Header> header;           // of the network dialect; of a reject the outer one
    std::string_view tpdu;                  // of the terminal dialect
    std::string_view terminal_header;       // likewise
    Message message;                        // of Kind::message, and of a reject if it can be read
    std::string_view original;              // of a reject: all bytes behind the outer header
    std::optional<Header> original_header;  // of a reject, if it can be read
    std::optional<Fault> original_fault;    // of a reject: why the original cannot be read
};

// Decodes bytes that are one frame. Fewer are frame_truncated, more trailing_data. What came back
// in a reject need not be well formed, that may be why it came back: its faults are only noted.
// `out` may be used again and again; on a fault its contents mean nothing.
Checked<void> decode_frame(const Dialect& dialect, std::string_view bytes, Envelope& out);

// The TPDU of the answer: destination and source swapped.
std::array<char, tpdu_bytes> answer_tpdu(std::string_view tpdu);

}  // namespace huitong::wire::iso8583
