// Any bytes as an Authorization header; what is taken is taken again when written anew.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/institution/authorization.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::institution;
    const auto parsed = parse_authorization({reinterpret_cast<const char*>(data), size});
    if (!parsed) return 0;
    const auto again = parse_authorization(to_header(*parsed));
    ENSURE(again && *again == *parsed);
    return 0;
}
