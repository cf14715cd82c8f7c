// However bytes are cut, the parser must come to the same requests, and within its limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "gateway/http/connection/request_parser.hpp"

namespace {

using namespace huitong::gateway::http;

constexpr MessageLimits limits{.header_bytes_max = 512, .body_bytes_max = 256};

void check(const Request& request) {
    ENSURE(request.body.size() <= limits.body_bytes_max);
    ENSURE(request.headers.count("Host") == 1);
    ENSURE(request.headers.count("Content-Length") + request.headers.count("Transfer-Encoding") <=
           1);
    ENSURE(request.path().size() <= request.target.size());
}

// All complete requests in one line of text; "!" if something was refused after them.
std::string read_by(std::size_t piece, std::string_view bytes) {
    RequestParser parser(limits);
    std::string seen;
    std::string waiting;
    while (!bytes.empty()) {
        waiting.append(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (!waiting.empty()) {
            const auto used = parser.feed(waiting);
            waiting.erase(0, used);
            if (parser.error()) return seen + "!";
            if (!parser.complete()) break;
            const Request request = parser.take();
            check(request);
            seen += request.method + " " + request.target + " " + request.body + "\n";
            for (std::size_t i = 0; i < request.headers.size(); ++i) {
                seen.append(request.headers.at(i).first).append(":");
                seen.append(request.headers.at(i).second).append("\n");
            }
        }
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::string whole = read_by(bytes.size(), bytes);
    std::string cut = read_by(1 + data[0] % 64, bytes);
    // A refusal may come a little later when less was there to be judged at once.
    if (whole.ends_with('!') || cut.ends_with('!')) {
        std::erase(whole, '!');
        std::erase(cut, '!');
        const auto common = std::min(whole.size(), cut.size());
        ENSURE(whole.substr(0, common) == cut.substr(0, common));
        return 0;
    }
    ENSURE(whole == cut);
    return 0;
}
