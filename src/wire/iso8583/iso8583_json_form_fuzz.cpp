// A byte that chooses the dialect, then any bytes as a message's JSON: what is taken is a frame
// that a reader takes, and that comes back from its own JSON.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "wire/iso8583/json_form.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::iso8583;
    static Envelope envelope;
    if (size == 0) return 0;
    const Dialect& dialect = builtin_dialects()[data[0] % builtin_dialects().size()];
    const auto frame = frame_of_json(dialect, {reinterpret_cast<const char*>(data) + 1, size - 1});
    std::string json;
    if (!frame) {
        append_json(frame.error(), json);
        return 0;
    }
    ENSURE(decode_frame(dialect, *frame, envelope));
    append_json(dialect, envelope, {}, json);
    const auto again = frame_of_json(dialect, json);
    ENSURE(again && *again == *frame);
    return 0;
}
