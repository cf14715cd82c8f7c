// Whatever a column holds: a list of texts or a refusal, and a list reads back as it was written.
#include <cstddef>
#include <cstdint>

#include "base/ensure.hpp"
#include "store/sqlite/tables/texts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::store::sqlite;
    const auto texts = texts_from_json({reinterpret_cast<const char*>(data), size});
    if (!texts) return 0;
    const auto again = texts_from_json(to_json(*texts));
    ENSURE(again.has_value() && *again == *texts);
    return 0;
}
