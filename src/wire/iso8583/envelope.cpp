#include "wire/iso8583/envelope.hpp"

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "wire/iso8583/frame.hpp"

namespace huitong::wire::iso8583 {
namespace {

// Faults of a header count from its first byte; ours count from the frame's.
Checked<Header> read_header(std::string_view frame, std::size_t at,
                            std::optional<std::size_t> total) {
    auto header = Header::parse(frame.substr(at), total);
    if (!header) header.error().offset += static_cast<std::uint16_t>(at);
    return header;
}

Checked<void> decode_original(const Dialect& dialect, std::string_view frame, std::size_t at,
                              Envelope& out) {
    TRY(header, read_header(frame, at, frame.size() - at));
    out.original_header = header;
    return decode_message(dialect, frame, at + Header::size, out.message);
}

// A header came back, or something whose first byte made the switch say that it is none.
bool brings_back(const Header& reject, std::string_view original) {
    const std::string_view bad_length = reject_code_of(FaultCode::header_length);
    return original.starts_with(static_cast<char>(Header::size)) ||
           reject.reject_code() == bad_length;
}

Checked<void> decode_network(const Dialect& dialect, std::string_view frame, std::size_t at,
                             Envelope& out) {
    const std::size_t total = frame.size() - at;
    TRY(header, read_header(frame, at, dialect.header_only ? std::nullopt : std::optional(total)));
    out.header = header;
    const std::size_t behind = at + Header::size;
    if (dialect.header_only) {
        out.kind = Envelope::Kind::header_only;
        if (behind != frame.size()) return fault(FaultCode::trailing_data, 0, behind);
        return {};
    }
    if (!header.rejects()) return decode_message(dialect, frame, behind, out.message);

    out.kind = Envelope::Kind::reject;
    out.original = frame.substr(behind);
    if (!brings_back(header, out.original))
        return fault(FaultCode::header_reject_code, 0, at + Header::reject_code_offset);
    if (const auto done = decode_original(dialect, frame, behind, out); !done)
        out.original_fault = done.error();
    return {};
}

Checked<void> decode_terminal(const Dialect& dialect, std::string_view frame, std::size_t at,
                              Envelope& out) {
    constexpr std::size_t size = tpdu_bytes + terminal_header_bytes;
    if (frame.size() - at < size) return fault(FaultCode::header_length, 0, at);
    out.tpdu = frame.substr(at, tpdu_bytes);
    out.terminal_header = frame.substr(at + tpdu_bytes, terminal_header_bytes);
    return decode_message(dialect, frame, at + size, out.message);
}

Checked<void> decode_content(const Dialect& dialect, std::string_view frame, Envelope& out) {
    const std::size_t at = prefix_bytes(dialect.framing);
    switch (dialect.header) {
        case HeaderKind::none:
            return decode_message(dialect, frame, at, out.message);
        case HeaderKind::network:
            return decode_network(dialect, frame, at, out);
        case HeaderKind::terminal:
            return decode_terminal(dialect, frame, at, out);
    }
    return {};
}

}  // namespace

Checked<void> decode_frame(const Dialect& dialect, std::string_view bytes, Envelope& out) {
    out.kind = Envelope::Kind::message;
    out.header.reset();
    out.original_header.reset();
    out.original_fault.reset();
    out.tpdu = out.terminal_header = out.original = {};

    TRY(front, look_at_front(dialect, bytes));
    if (front.kind == FrameFront::Kind::partial)
        return fault(FaultCode::frame_truncated, 0, bytes.size());
    if (front.kind == FrameFront::Kind::beat) {
        out.kind = Envelope::Kind::beat;
    } else {
        CHECK(decode_content(dialect, bytes.substr(0, front.bytes), out));
    }
    if (bytes.size() != front.bytes) return fault(FaultCode::trailing_data, 0, front.bytes);
    return {};
}

std::array<char, tpdu_bytes> answer_tpdu(std::string_view tpdu) {
    ENSURE(tpdu.size() == tpdu_bytes);
    return {tpdu[0], tpdu[3], tpdu[4], tpdu[1], tpdu[2]};
}

}  // namespace huitong::wire::iso8583
