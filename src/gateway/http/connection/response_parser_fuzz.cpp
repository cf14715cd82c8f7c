// However bytes are cut, a client must read the same answer, and within its limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "gateway/http/connection/response_parser.hpp"

namespace {

using namespace huitong::gateway::http;

constexpr MessageLimits limits{.header_bytes_max = 512, .body_bytes_max = 256};

// The first answer as text; empty if none is complete.
std::string read_by(std::size_t piece, std::string_view bytes, bool to_head) {
    ResponseParser parser(limits, to_head);
    std::string waiting;
    while (!bytes.empty() && !parser.complete() && !parser.error()) {
        waiting.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        waiting.erase(0, parser.feed(waiting));
    }
    parser.finish();
    if (!parser.complete()) return {};
    const Answer answer = parser.take();
    ENSURE(answer.body.size() <= limits.body_bytes_max);
    ENSURE(answer.status >= 200);
    std::string seen = std::to_string(answer.status) + answer.body + "\n";
    for (std::size_t i = 0; i < answer.headers.size(); ++i) {
        seen.append(answer.headers.at(i).first).append(":").append(answer.headers.at(i).second);
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const bool to_head = (data[0] & 0x80) != 0;
    const std::string whole = read_by(bytes.size(), bytes, to_head);
    const std::string cut = read_by(1 + data[0] % 64, bytes, to_head);
    // One of them may have been refused for its size, which is judged by the piece.
    ENSURE(whole.empty() || cut.empty() || whole == cut);
    return 0;
}
