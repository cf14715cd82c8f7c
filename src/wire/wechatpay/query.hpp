// Query strings and the bodies that hold nothing but a merchant number (wechatpay-v3 4.3, 5.1,
// 2.4). A parameter must be known, given at most once, and percent-decode to what its rule allows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

// GET /v3/pay/transactions/..?mchid=
struct OrderQuery {
    std::string mchid;
};
Parsed<OrderQuery> parse_order_query(std::string_view query);

// GET /v3/refund/domestic/refunds/{out_refund_no}?sub_mchid=
struct RefundQuery {
    std::string sub_mchid;  // empty when absent
};
Parsed<RefundQuery> parse_refund_query(std::string_view query);

// GET /v3/certificates?algorithm_type=
enum class CertificateAlgorithm : std::uint8_t { rsa, sm2, all };
struct CertificatesQuery {
    CertificateAlgorithm algorithm = CertificateAlgorithm::rsa;
};
Parsed<CertificatesQuery> parse_certificates_query(std::string_view query);

// An operation that takes no parameters.
Parsed<std::monostate> parse_empty_query(std::string_view query);

// POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close
struct CloseRequest {
    std::string mchid;
};
Parsed<CloseRequest> parse_close(std::string_view body);
std::string to_json(const CloseRequest& request);

}  // namespace huitong::wire::wechatpay
