// Whatever parse_url accepts, it must read again to the same parts when put together by us.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ensure.hpp"
#include "gateway/http/query.hpp"
#include "gateway/http/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::gateway::http;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = parse_url(text)) {
        const std::string again = (url->tls ? "https://" : "http://") + url->authority();
        // Our form may be longer by the slash that an empty path gets.
        const auto second = parse_url(again + url->target);
        ENSURE(second.has_value() || again.size() + url->target.size() > url_bytes_max);
        if (second) ENSURE(*second == *url);
    }
    if (const auto fields = parse_query(text)) {
        for (const auto& [name, value] : *fields) ENSURE(name.size() + value.size() <= size);
    }
    return 0;
}
