// Any text as a scanned code: it has one kind, and what is read of a URL prints again.
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/paycode/recognise.hpp"
#include "wire/paycode/url_code.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::paycode;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const KnownHost own{.host = "pay.example.com"};
    const CodeKind kind = recognise(text, {&own, 1});
    ENSURE(!to_text(kind).empty());
    if (is_payment_code(kind)) {
        ENSURE(size >= 16);
        ENSURE(size <= 24);
    }
    if (const auto url = parse_unionpay_url(text)) {
        ENSURE(kind == CodeKind::unionpay_url);
        const auto again = fmt::format("https://qr.95516.com/{}/{}", url->institution, url->order);
        ENSURE(parse_unionpay_url(again) == url);
    }
    if (const auto code = parse_own_url(own.host, text)) {
        ENSURE(kind == CodeKind::own_url);
        ENSURE(parse_own_url(own.host, own_url(own.host, *code)) == code);
    }
    return 0;
}
