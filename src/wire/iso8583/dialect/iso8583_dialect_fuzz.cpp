// Any text as a dialect; one that loads reads its own text as a message without harm.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "wire/iso8583/json_form.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::iso8583;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto dialect = load_dialect(text);
    if (!dialect) {
        ENSURE(!to_text(dialect.error()).empty());
        return 0;
    }
    static Envelope envelope;
    std::string json;
    for (std::size_t start = 0; start < size && start < 64; ++start) {
        const std::string_view frame = text.substr(start);
        if (!decode_frame(*dialect, frame, envelope)) continue;
        json.clear();
        append_json(*dialect, envelope, {.open = true}, json);
        const auto again = frame_of_json(*dialect, json);
        ENSURE(again && *again == frame);
    }
    return 0;
}
