#include "wire/iso8583/frame.hpp"

#include "base/ensure.hpp"
#include "base/result.hpp"

namespace huitong::wire::iso8583 {
namespace {

// The length that a prefix says; of an incomplete one what it must at least be, 0.
Checked<std::size_t> length_of(Framing framing, std::string_view prefix) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(prefix[i]);
        if (framing == Framing::ascii4) {
            if (byte < '0' || byte > '9') return fault(FaultCode::frame_length, 0, i);
            length = length * 10 + (byte - '0');
        } else {
            length = length << 8 | byte;
        }
    }
    return length;
}

}  // namespace

Checked<FrameFront> look_at_front(const Dialect& dialect, std::string_view received) {
    using Kind = FrameFront::Kind;
    const std::size_t prefix = prefix_bytes(dialect.framing);
    if (dialect.framing == Framing::none) {
        if (received.size() > dialect.frame_limit) return fault(FaultCode::frame_too_long);
        return FrameFront{.kind = Kind::complete, .bytes = received.size()};
    }
    TRY(length, length_of(dialect.framing, received.substr(0, prefix)));
    if (received.size() < prefix) return FrameFront{.kind = Kind::partial, .bytes = prefix};
    if (length > dialect.frame_limit) return fault(FaultCode::frame_too_long);
    const std::size_t bytes = prefix + length;
    if (length == 0 && dialect.framing == Framing::ascii4)
        return FrameFront{.kind = Kind::beat, .bytes = bytes};
    return FrameFront{.kind = received.size() < bytes ? Kind::partial : Kind::complete,
                      .bytes = bytes};
}

void write_prefix(const Dialect& dialect, std::size_t length, char* to) {
    ENSURE(length <= dialect.frame_limit);
    const std::size_t base = dialect.framing == Framing::ascii4 ? 10 : 256;
    const std::size_t zero = dialect.framing == Framing::ascii4 ? '0' : 0;
    for (std::size_t i = prefix_bytes(dialect.framing); i-- > 0; length /= base)
        to[i] = static_cast<char>(zero + length % base);
}

}  // namespace huitong::wire::iso8583
