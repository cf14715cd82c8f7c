// A message: its type, which fields it has, and where they lie in the bytes it was read from or
// written to. Nothing is copied and nothing allocated: a Message lives as long as those bytes do.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/iso8583/bitmap.hpp"
#include "wire/iso8583/dialect/dialect.hpp"
#include "wire/iso8583/fault.hpp"
#include "wire/iso8583/field_codec.hpp"

namespace huitong::wire::iso8583 {

// Message type, n 4: version 0, class, function, origin (iso8583.md section 1).
class Mti {
public:
    Mti() = default;
    // Nothing when a digit has no meaning here.
    static std::optional<Mti> parse(std::string_view digits);

    [[nodiscard]] std::string_view text() const { return {digits_.data(), digits_.size()}; }
    [[nodiscard]] unsigned message_class() const { return digit(1); }
    // The type of the answer: function raised by one. Only of a request or an advice.
    [[nodiscard]] Mti answer() const;
    [[nodiscard]] bool asks() const { return digit(2) % 2 == 0; }

    friend bool operator==(const Mti&, const Mti&) = default;

private:
    [[nodiscard]] unsigned digit(std::size_t at) const {
        return static_cast<unsigned>(digits_[at] - '0');
    }
    std::array<char, 4> digits_ = {'0', '8', '0', '0'};
};

// What names a message on a link, with all four echoed by the answer (section 8). Views into the
// message; of packed fields the bytes, which serve as well. A field that is absent is empty.
struct MessageKey {
    std::string_view transmitted_at;  // field 7
    std::string_view stan;            // field 11
    std::string_view acquirer;        // field 32
    std::string_view forwarder;       // field 33

    friend bool operator==(const MessageKey&, const MessageKey&) = default;
};

class Message {
public:
    // No message yet: only assigned to.
    Message() = default;

    [[nodiscard]] const Dialect& dialect() const { return *dialect_; }
    [[nodiscard]] Mti mti() const { return mti_; }
    [[nodiscard]] const Bitmap& bitmap() const { return bitmap_; }
    [[nodiscard]] bool has(unsigned field) const { return field > 1 && bitmap_.has(field); }

    // The content as it lies on the wire, without a length indicator; empty when absent.
    [[nodiscard]] std::string_view wire(unsigned field) const;
    // Where that begins, from the first byte of the frame; 0 when absent.
    [[nodiscard]] std::size_t offset(unsigned field) const {
        return has(field) ? slots_[field].offset : 0;
    }
    // The content with its length indicator.
    [[nodiscard]] std::string_view sent(unsigned field) const;
    // The content as people read it; of Content::b bytes.
    std::string_view text(unsigned field, TextBuffer& buffer) const;
    // From the MTI to the last field.
    [[nodiscard]] std::string_view body() const { return {data_ + start_, end_ - start_}; }
    [[nodiscard]] MessageKey key() const { return {wire(7), wire(11), wire(32), wire(33)}; }

private:
    friend class Builder;
    friend Checked<void> decode_message(const Dialect&, std::string_view, std::size_t, Message&);

    const Dialect* dialect_ = nullptr;
    const char* data_ = nullptr;
    std::size_t start_ = 0;
    std::size_t end_ = 0;
    Mti mti_;
    Bitmap bitmap_;
    std::array<Slot, field_max + 1> slots_{};  // only of fields that the bitmap has
};

// Reads the message that fills `frame` from offset `at` to its end. Offsets count from the frame's
// first byte. On a fault `out` is not to be used. The frame is at most frame_bytes_max bytes.
Checked<void> decode_message(const Dialect& dialect, std::string_view frame, std::size_t at,
                             Message& out);

}  // namespace huitong::wire::iso8583
