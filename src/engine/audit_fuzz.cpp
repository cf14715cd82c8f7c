// Any entries, in batches that are correctly chained: whatever they say becomes a finding, and the
// auditor never ends the process. The input is laid out as the golden journal is: batches as
// stored, each after its length in four bytes; what chains them is made anew.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "engine/audit.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::engine;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    Auditor auditor{Rules{}};
    ChainHash hash{};
    while (rest.size() >= 4) {
        std::size_t length = 0;
        for (std::size_t i = 4; i-- > 0;) length = length << 8 | static_cast<std::uint8_t>(rest[i]);
        rest.remove_prefix(4);
        auto framed = unframe(rest.substr(0, length));
        if (!framed) break;
        rest.remove_prefix(length < rest.size() ? length : rest.size());
        framed->batch.first = huitong::Sequence{auditor.last().value + 1};
        const std::string bytes = frame(framed->batch, hash);
        hash = chain_hash(bytes);
        if (auditor.read(bytes)) continue;
        ENSURE(!auditor.clean());
        break;
    }
    auditor.finish();
    return 0;
}
