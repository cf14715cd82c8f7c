// Which kind of code a scanned text is: the first question at every till and in every wallet
// (emv-qr section 1). One ordered table, first match wins; what matches nothing is refused at the
// till, before any order is sent. A payer code that is not ours never goes to a scheme that did not
// issue it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace huitong::wire::paycode {

enum class CodeKind : std::uint8_t {
    merchant_presented,  // emvqr::decode_mpm
    consumer_presented,  // emvqr::decode_cpm
    karekod,             // emvqr::decode_karekod
    wechat_payment_code,
    alipay_payment_code,
    unionpay_payment_code,
    bestpay_payment_code,       // China Telecom
    china_mobile_payment_code,  // China Mobile
    ecny_payment_code,          // the digital yuan
    unionpay_url,
    alipay_url,
    wechat_url,
    own_url,  // url_code.hpp
    unknown,
};

// "unionpay-payment-code", as the test vectors spell it.
std::string_view to_text(CodeKind kind);

// All-digit codes: shown by a payer, good for one payment, for 60 seconds unless configured else.
bool is_payment_code(CodeKind kind);

// Another host by configuration: our own, a test system's. Matched whole, over https.
struct KnownHost {
    std::string_view host;  // small letters
    CodeKind kind = CodeKind::own_url;
};

// The text is only looked at, never opened. Scheme and host are compared without case (RFC 3986
// 6.2.2.1: plates print them in capitals, which makes the picture smaller) and the host whole, with
// neither user nor port.
CodeKind recognise(std::string_view text, std::span<const KnownHost> configured = {});

}  // namespace huitong::wire::paycode
