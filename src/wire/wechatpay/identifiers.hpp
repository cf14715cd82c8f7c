// The platform's identifiers as merchants and cashiers see them (wechatpay-v3 4.1, 6.2). Each
// parser accepts exactly what its maker can print, and refuses the rest with field_format.
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/instant.hpp"

namespace huitong::wire::wechatpay {

std::string transaction_id(PaymentId payment);  // 4200.., 28 digits
Result<PaymentId> parse_transaction_id(std::string_view text);
std::string refund_id(RefundId refund);  // 50.., 28 digits
Result<RefundId> parse_refund_id(std::string_view text);

// "wx", yyyymmddHHMMSS in Beijing time, 19 digits of the order id, one Luhn digit over the digits
// before it (so that a mistyped one is told from an unknown one): 36 characters.
struct PrepayId {
    OrderId order;
    Instant created;  // whole seconds

    friend bool operator==(const PrepayId&, const PrepayId&) = default;
};
std::string to_text(const PrepayId& id);
Result<PrepayId> parse_prepay_id(std::string_view text);

// weixin://wxpay/bizpayurl?pr=TOKEN, shown as a QR code. The token is 7 to 32 of 0-9 A-Z a-z and
// means something to the order book only. Also parsed: the newer spelling
// weixin://pay.weixin.qq.com/bizpayurl/up?pr=TOKEN&groupid=00.
std::string code_url(std::string_view token);
// The token.
Result<std::string> parse_code_url(std::string_view text);

// BASE/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=..&package=.., to which the merchant may append
// &redirect_url=.., a percent-encoded web URL.
struct H5Link {
    PrepayId prepay;
    std::string package;            // proves that we made the link; 1 to 64 of 0-9 A-Z a-z - _
    std::string redirect_url = {};  // decoded; empty when absent

    friend bool operator==(const H5Link&, const H5Link&) = default;
};
inline constexpr std::string_view h5_path = "/cgi-bin/mmpayweb-bin/checkmweb";
std::string h5_url(std::string_view base, const H5Link& link);
// Takes the whole URL or only its path and query.
Result<H5Link> parse_h5_url(std::string_view text);

}  // namespace huitong::wire::wechatpay
