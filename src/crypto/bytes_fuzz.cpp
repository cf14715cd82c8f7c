// Text decoders: nothing crashes, and whatever decodes is the only spelling of its bytes.
#include <algorithm>
#include <string>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"

using namespace huitong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text({data, size});
    if (const auto bytes = from_base64(text)) ENSURE(to_base64(*bytes) == text);
    if (const auto bytes = from_base64url(text)) ENSURE(to_base64url(*bytes) == text);
    if (const auto number = from_base62(text)) ENSURE(to_base62(*number) == text);
    if (const auto bytes = from_hex(text)) ENSURE(from_hex(to_hex(*bytes)) == bytes);
    ENSURE(from_base64(to_base64(text)) == text);
    ENSURE(from_base64url(to_base64url(text)) == text);
    ENSURE(from_hex(to_hex_upper(text)) == text);
    Block128 block{};
    std::copy_n(data, std::min(size, block.size()), block.begin());
    ENSURE(from_base62(to_base62(block)) == block);
    return 0;
}
