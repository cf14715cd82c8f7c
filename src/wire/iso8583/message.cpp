#include "wire/iso8583/message.hpp"

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "crypto/bytes.hpp"

namespace huitong::wire::iso8583 {
namespace {

using crypto::octet;

constexpr std::size_t word_bytes = 8;  // half a bitmap

Checked<Mti> read_mti(const Dialect& dialect, std::string_view bytes, std::size_t& at) {
    const std::size_t size = dialect.mti_packed ? 2 : 4;
    if (bytes.size() - at < size) return fault(FaultCode::mti, 0, at);
    std::array<char, 4> digits{};
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const unsigned packed = octet(bytes[at + i / 2]) >> (i % 2 == 0 ? 4 : 0) & 15;
        digits[i] = dialect.mti_packed ? static_cast<char>('0' + packed) : bytes[at + i];
    }
    const auto mti = Mti::parse({digits.data(), digits.size()});
    if (!mti) return fault(FaultCode::mti, 0, at);
    at += size;
    return *mti;
}

// The value of a capital hexadecimal digit; 16 when it is none.
unsigned hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    return c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10) : 16;
}

// 64 bits; nothing when they are cut off or not hexadecimal.
std::optional<std::uint64_t> read_word(bool hex, std::string_view bytes) {
    if (bytes.size() < (hex ? 2 * word_bytes : word_bytes)) return std::nullopt;
    std::uint64_t word = 0;
    if (!hex) {
        for (std::size_t i = 0; i < word_bytes; ++i) word = word << 8 | octet(bytes[i]);
        return word;
    }
    for (std::size_t i = 0; i < 2 * word_bytes; ++i) {
        const unsigned value = hex_value(bytes[i]);
        if (value > 15) return std::nullopt;
        word = word << 4 | value;
    }
    return word;
}

Checked<Bitmap> read_bitmap(const Dialect& dialect, std::string_view bytes, std::size_t& at) {
    const std::size_t size = dialect.bitmap_hex ? 2 * word_bytes : word_bytes;
    const auto first = read_word(dialect.bitmap_hex, bytes.substr(at));
    if (!first) return fault(FaultCode::bitmap, 0, at);
    at += size;
    if (!Bitmap(*first, 0).has_second()) return Bitmap(*first, 0);
    if (!dialect.second_bitmap) return fault(FaultCode::field_undefined, 1, at - size);
    const auto second = read_word(dialect.bitmap_hex, bytes.substr(at));
    if (!second) return fault(FaultCode::bitmap, 0, at);
    at += size;
    return Bitmap(*first, *second);
}

}  // namespace

std::optional<Mti> Mti::parse(std::string_view digits) {
    // One row a digit: the values that have a meaning (section 1).
    constexpr std::array<std::string_view, 4> meanings = {"0", "1234568", "0123", "012345"};
    if (digits.size() != meanings.size()) return std::nullopt;
    Mti mti;
    for (std::size_t i = 0; i < meanings.size(); ++i) {
        if (!meanings[i].contains(digits[i])) return std::nullopt;
        mti.digits_[i] = digits[i];
    }
    return mti;
}

Mti Mti::answer() const {
    ENSURE(asks());
    Mti mti = *this;
    ++mti.digits_[2];
    return mti;
}

std::string_view Message::wire(unsigned field) const {
    if (!has(field)) return {};
    const Slot slot = slots_[field];
    return {data_ + slot.offset, wire_bytes(dialect_->fields[field], slot.units)};
}

std::string_view Message::sent(unsigned field) const {
    const std::string_view content = wire(field);
    if (!has(field)) return {};
    const std::size_t length = dialect_->fields[field].length_bytes;
    return {content.data() - length, content.size() + length};
}

std::string_view Message::text(unsigned field, TextBuffer& buffer) const {
    if (!has(field)) return {};
    return content_text(*dialect_, field, wire(field), slots_[field].units, buffer);
}

Checked<void> decode_message(const Dialect& dialect, std::string_view frame, std::size_t at,
                             Message& out) {
    ENSURE(frame.size() <= frame_bytes_max + word_bytes);
    ENSURE(at <= frame.size());
    out.dialect_ = &dialect;
    out.data_ = frame.data();
    out.start_ = at;
    out.end_ = frame.size();
    TRY(mti, read_mti(dialect, frame, at));
    TRY(bitmap, read_bitmap(dialect, frame, at));
    out.mti_ = mti;
    out.bitmap_ = bitmap;
    for (unsigned field = bitmap.next(1); field != 0; field = bitmap.next(field)) {
        if (!dialect.fields[field].is_in(mti.message_class()))
            return fault(FaultCode::field_undefined, field, at);
        TRY(slot, read_field(dialect, field, frame, at));
        out.slots_[field] = slot;
    }
    if (at != frame.size()) return fault(FaultCode::trailing_data, 0, at);
    return {};
}

}  // namespace huitong::wire::iso8583
