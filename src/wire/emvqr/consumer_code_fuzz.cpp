// Any text as a consumer-presented code, and any bytes as what its base64 says. What is taken is
// written again as the same objects.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "wire/emvqr/compose.hpp"
#include "wire/emvqr/consumer_code.hpp"
#include "wire/emvqr/unionpay.hpp"

namespace {

using namespace huitong::wire::emvqr;

void decode(std::string_view text) {
    const auto code = decode_cpm(text);
    if (!code) return;
    const auto nodes = nodes_of(code->objects());
    const auto again = encode_cpm(nodes);
    ENSURE(again.has_value());  // Never longer: lengths are written in the fewest bytes.
    ENSURE(nodes_of(decode_cpm(*again)->objects()) == nodes);
    for (const DataObject* application : code->applications()) {
        ENSURE(code->value(*application, 0x4F).has_value());
        if (const auto track_2 = code->value(*application, 0x57)) (void)unionpay_token(*track_2);
        if (const auto data = code->value(*application, 0x9F10)) (void)parse_issuer_data(*data);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    decode(text);
    decode(huitong::crypto::to_base64(text));
    return 0;
}
