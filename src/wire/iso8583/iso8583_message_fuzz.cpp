// A byte that chooses the dialect, then any bytes as a frame: what is taken comes back from JSON as
// the same bytes, open or not.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "wire/iso8583/json_form.hpp"
#include "wire/iso8583/mac.hpp"

namespace {

using namespace huitong::wire::iso8583;

void check_json(const Dialect& dialect, std::string_view frame, const Envelope& envelope) {
    for (const bool open : {false, true}) {
        std::string json;
        append_json(dialect, envelope, {.open = open}, json);
        const auto again = frame_of_json(dialect, json);
        ENSURE(again && *again == frame);
    }
}

void check_views(std::string_view frame, const Message& message) {
    std::string buffer;
    (void)mac_data(message, buffer);
    (void)message.key();
    ENSURE(frame.ends_with(message.body()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Envelope envelope;
    if (size == 0) return 0;
    const Dialect& dialect = builtin_dialects()[data[0] % builtin_dialects().size()];
    const std::string_view frame(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto decoded = decode_frame(dialect, frame, envelope);
    if (!decoded) {
        std::string json;
        append_json(decoded.error(), json);
        ENSURE(decoded.error().offset <= frame.size());
        return 0;
    }
    check_json(dialect, frame, envelope);
    if (envelope.kind == Envelope::Kind::message) check_views(frame, envelope.message);
    return 0;
}
