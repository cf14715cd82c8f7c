// Any bytes: as a batch, as an entry, as totals. What is read can be written and read again, to the
// same bytes, and printed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "engine/codec.hpp"
#include "engine/journal.hpp"

namespace {

using namespace huitong::engine;

void check_entry(std::string_view bytes) {
    const auto entry = decode(bytes);
    if (!entry) return;
    const std::string written = encode(*entry);
    const auto again = decode(written);
    ENSURE(again.has_value());
    ENSURE(encode(*again) == written);
    ENSURE(to_json(*again) == to_json(*entry));
}

void check_batch(std::string_view bytes) {
    const auto framed = unframe(bytes);
    if (!framed) return;
    const auto again = unframe(frame(framed->batch, framed->previous));
    ENSURE(again.has_value());
    ENSURE(again->batch.entries == framed->batch.entries);
    ENSURE(again->batch.first == framed->batch.first && again->batch.now == framed->batch.now);
    for (const std::string& entry : framed->batch.entries) check_entry(entry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_entry(bytes);
    check_batch(bytes);
    if (const auto totals = decode_totals(bytes))
        ENSURE(decode_totals(encode_totals(*totals)) == *totals);
    return 0;
}
