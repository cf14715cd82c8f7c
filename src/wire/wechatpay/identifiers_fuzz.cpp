// Any bytes as each identifier a payer's device may present; what is taken prints as it was, or at
// least reads back to the same value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.hpp"
#include "wire/wechatpay/identifiers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huitong::wire::wechatpay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto id = parse_prepay_id(text)) ENSURE(to_text(*id) == text);
    if (const auto id = parse_transaction_id(text)) ENSURE(transaction_id(*id) == text);
    if (const auto id = parse_refund_id(text)) ENSURE(refund_id(*id) == text);
    if (const auto token = parse_code_url(text)) ENSURE(parse_code_url(code_url(*token)) == token);
    if (const auto link = parse_h5_url(text)) ENSURE(parse_h5_url(h5_url("", *link)) == link);
    return 0;
}
