// Any bytes as a stream of frames, and as a header: frames never reach past what was received, and
// a header's answer is answered by the header.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/iso8583/frame.hpp"
#include "wire/iso8583/header.hpp"

namespace {

using namespace huitong::wire::iso8583;

void check_stream(const Dialect& dialect, std::string_view stream) {
    while (!stream.empty()) {
        const auto front = look_at_front(dialect, stream);
        if (!front) return;
        ENSURE(front->bytes <= prefix_bytes(dialect.framing) + dialect.frame_limit);
        if (front->kind == FrameFront::Kind::partial) {
            ENSURE(front->bytes > stream.size());
            return;
        }
        ENSURE(front->bytes > 0);
        ENSURE(front->bytes <= stream.size());
        stream.remove_prefix(front->bytes);
    }
}

void check_header(std::string_view bytes) {
    const auto header = Header::parse(bytes, std::nullopt);
    if (!header) return;
    ENSURE(header->bytes() == bytes.substr(0, Header::size));
    const Header answer = header->answer();
    ENSURE(answer.destination() == header->source());
    ENSURE(answer.source() == header->destination());
    ENSURE(header->rejects() || answer.answer() == *header);
    ENSURE(Header::parse(answer.bytes(), answer.total()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const Dialect& dialect : builtin_dialects()) check_stream(dialect, bytes);
    check_header(bytes);
    return 0;
}
