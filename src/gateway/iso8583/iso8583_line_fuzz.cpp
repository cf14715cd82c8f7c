// A stream in any pieces gives the frames that it gives in one piece, or the same fault; and
// nothing is kept beyond one frame. The first byte says how long the pieces are.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/ensure.hpp"
#include "gateway/iso8583/lines/frame_reader.hpp"
#include "wire/iso8583/envelope.hpp"

namespace {

using namespace huitong;
using gateway::iso8583::FrameReader;

struct Seen {
    std::vector<std::string> frames;
    bool lost = false;

    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen read(const wire::iso8583::Dialect& dialect, std::string_view bytes, std::size_t piece) {
    FrameReader reader(dialect);
    Seen seen;
    const auto see = [&](std::string_view frame) {
        seen.frames.emplace_back(frame);
        return true;
    };
    while (!bytes.empty() && !seen.lost) {
        seen.lost = !reader.feed(bytes.substr(0, piece), see);
        bytes.remove_prefix(std::min(piece, bytes.size()));
        ENSURE(reader.pending() <= 4 + dialect.frame_limit);
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const wire::iso8583::Dialect& dialect = *wire::iso8583::builtin_dialect("cups");
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const Seen whole = read(dialect, bytes, std::max<std::size_t>(bytes.size(), 1));
    ENSURE(read(dialect, bytes, data[0] % 64U + 1) == whole);
    wire::iso8583::Envelope envelope;
    for (const std::string& frame : whole.frames) (void)decode_frame(dialect, frame, envelope);
    return 0;
}
