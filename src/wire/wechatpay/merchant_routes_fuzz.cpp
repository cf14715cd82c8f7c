// Any bytes as a request target: path, number in the path, query. What is taken names one resource
// only: the number holds no separator and survives being escaped again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/wechatpay/error_body.hpp"
#include "wire/wechatpay/query.hpp"
#include "wire/wechatpay/routes.hpp"
#include "wire/wechatpay/uri.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::wechatpay;
    const Target target = split_target({reinterpret_cast<const char*>(data), size});
    for (const char* method : {"GET", "POST"}) {
        const auto route = match_route(method, target.path);
        if (!route) {
            ENSURE(!error_body(route.error()).empty());
            continue;
        }
        ENSURE(route->parameter.find_first_of("/.%") == std::string::npos);
        ENSURE(percent_decode(percent_encode(route->parameter)) == route->parameter);
    }
    if (const auto query = parse_order_query(target.query)) ENSURE(!query->mchid.empty());
    (void)parse_refund_query(target.query);
    (void)parse_certificates_query(target.query);
    (void)parse_empty_query(target.query);
    return 0;
}
