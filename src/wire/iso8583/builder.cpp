#include "wire/iso8583/builder.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "wire/iso8583/envelope.hpp"
#include "wire/iso8583/frame.hpp"

namespace huitong::wire::iso8583 {
namespace {

// Prefix, two headers, MTI and two bitmaps in their longest forms.
constexpr std::size_t front_bytes_max = 4 + 2 * Header::size + 4 + 32;
static_assert(front_bytes_max + frame_bytes_max <= 0xFFFF, "offsets of slots are 16 bits");

void write_word(bool hex, std::uint64_t word, char*& to) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (int shift = 60; shift >= 0; shift -= hex ? 4 : 8) {
        *to++ = hex ? digits[word >> shift & 15] : static_cast<char>(word >> (shift - 4) & 0xFF);
    }
}

}  // namespace

Builder::Builder(const Dialect& dialect)
    : dialect_(dialect),
      buffer_(front_bytes_max + dialect.frame_limit + field_wire_bytes_max, '\0') {
    start(Mti{});
}

void Builder::start(Mti mti) {
    message_.dialect_ = &dialect_;
    message_.data_ = buffer_.data();
    message_.mti_ = mti;
    message_.bitmap_ = {};
    message_.start_ = message_.end_ = front_ = front_bytes_max;
    last_ = 1;
    keep_second_ = false;
}

Checked<void> Builder::add(unsigned field, std::string_view text) {
    ENSURE(field > last_);
    ENSURE(field <= field_max);
    if (!dialect_.fields[field].is_in(message_.mti_.message_class()))
        return fault(FaultCode::field_undefined, field);
    TRY(written, write_field(dialect_, field, text, buffer_.data() + message_.end_));
    const std::size_t end = message_.end_ + written.bytes;
    if (end > front_bytes_max + dialect_.frame_limit)
        return fault(FaultCode::frame_too_long, field);
    message_.slots_[field] = {
        .offset = static_cast<std::uint16_t>(message_.end_ + written.slot.offset),
        .units = written.slot.units};
    message_.bitmap_.set(field);
    message_.end_ = end;
    last_ = field;
    return {};
}

Checked<void> Builder::add_number(unsigned field, std::uint64_t value) {
    std::array<char, 20> digits{};
    for (std::size_t i = digits.size(); i-- > 0; value /= 10)
        digits[i] = static_cast<char>('0' + value % 10);
    std::string_view text(digits.data(), digits.size());
    const std::size_t length = std::min<std::size_t>(dialect_.fields[field].units, text.size());
    while (text.size() > length && text.front() == '0') text.remove_prefix(1);
    return add(field, text);
}

Checked<void> Builder::copy(const Message& from, unsigned field) {
    ENSURE(&from.dialect() == &dialect_);
    ENSURE(from.has(field));
    TextBuffer buffer;
    return add(field, from.text(field, buffer));
}

std::string_view Builder::body() {
    return write_front(message_.bitmap_);
}

std::string_view Builder::body_before(unsigned field) {
    Bitmap bitmap = message_.bitmap_;
    bitmap.set(field);
    return write_front(bitmap);
}

std::string_view Builder::write_front(Bitmap bitmap) {
    front_ = front_bytes_max;
    const bool second = keep_second_ || bitmap.word(1) != 0;
    if (second) bitmap.set(1);
    std::array<char, 32> bits{};
    char* end = bits.data();
    write_word(dialect_.bitmap_hex, bitmap.word(0), end);
    if (second) write_word(dialect_.bitmap_hex, bitmap.word(1), end);
    put_before({bits.data(), end});

    const std::string_view mti = message_.mti_.text();
    std::array<char, 2> packed{};
    for (std::size_t i = 0; i < packed.size(); ++i)
        packed[i] = static_cast<char>((mti[2 * i] - '0') << 4 | (mti[2 * i + 1] - '0'));
    put_before(dialect_.mti_packed ? std::string_view(packed.data(), packed.size()) : mti);
    message_.start_ = front_;
    return message_.body();
}

void Builder::put_before(std::string_view bytes) {
    ENSURE(bytes.size() <= front_);
    front_ -= bytes.size();
    std::ranges::copy(bytes, buffer_.begin() + static_cast<std::ptrdiff_t>(front_));
}

Checked<std::string_view> Builder::finish(const Head& head) {
    std::size_t length = body().size();
    const auto put_header = [&](Header header) {
        length += Header::size;
        header.set_total(std::min<std::size_t>(length, 9999));  // Refused below when above.
        put_before(header.bytes());
    };
    if (dialect_.header == HeaderKind::network) {
        ENSURE(head.header != nullptr);
        if (head.original != nullptr) put_header(*head.original);
        put_header(*head.header);
    } else if (dialect_.header == HeaderKind::terminal) {
        ENSURE(head.tpdu.size() == tpdu_bytes);
        ENSURE(head.terminal_header.size() == terminal_header_bytes);
        put_before(head.terminal_header);
        put_before(head.tpdu);
        length += tpdu_bytes + terminal_header_bytes;
    }
    if (length > dialect_.frame_limit) return fault(FaultCode::frame_too_long);
    std::array<char, 4> prefix{};
    write_prefix(dialect_, length, prefix.data());
    put_before({prefix.data(), prefix_bytes(dialect_.framing)});
    return std::string_view(buffer_.data() + front_, message_.end_ - front_);
}

}  // namespace huitong::wire::iso8583
