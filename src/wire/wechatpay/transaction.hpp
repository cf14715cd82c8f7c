// Answers about orders: the prepay results and the transaction object (wechatpay-v3 4.2, 4.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.hpp"
#include "wire/wechatpay/prepay.hpp"

namespace huitong::wire::wechatpay {

// {"prepay_id":..} for jsapi and app, {"h5_url":..} for h5, {"code_url":..} for native.
std::string prepay_result(TradeType type, std::string_view credential);

enum class TradeState : std::uint8_t {
    notpay,
    success,
    refund,  // paid, and at least one refund exists
    closed,
    userpaying,  // of payment codes, as are the next two: the payer, or the payer's institution, is
                 // asked
    payerror,    // the payment came to nothing
    revoked,     // the till took it back
};
// NOTPAY, SUCCESS, REFUND, CLOSED, USERPAYING, PAYERROR, REVOKED.
std::string_view to_text(TradeState state);

// What exists of an order once it is paid.
struct PaidView {
    std::string_view transaction_id;  // 28 digits
    TradeType trade_type = TradeType::native;
    std::string_view bank_type = "OTHERS";
    Instant success_time;
    std::string_view openid;
    std::int64_t payer_total = 0;  // fen
};

// The views live as long as the record they are filled from.
struct TransactionView {
    std::string_view appid;
    std::string_view mchid;
    std::string_view out_trade_no;
    TradeState state = TradeState::notpay;
    std::string_view attach = {};     // empty: absent
    std::int64_t total = 0;           // fen
    std::string_view device_id = {};  // empty: absent
    std::optional<PaidView> paid = {};
};

// Members that a state does not have are absent, never null. An unpaid order has no payer. Also the
// plaintext of the notice TRANSACTION.SUCCESS.
std::string to_json(const TransactionView& view);

}  // namespace huitong::wire::wechatpay
