// The prepay request: POST /v3/pay/transactions/{native,jsapi,h5,app} (wechatpay-v3 4.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "wire/wechatpay/field_rules.hpp"

namespace huitong::wire::wechatpay {

// How the payer meets the order: at the cashier, reached in one of four ways that prepay asks for,
// or at a till that reads the payer's code (codepay.hpp).
enum class TradeType : std::uint8_t { native, jsapi, h5, app, micropay };

// As transaction objects spell it: NATIVE, JSAPI, MWEB, APP, MICROPAY (4.1).
std::string_view to_text(TradeType type);

// Restricts an order to one identified person. The two ciphertexts (2.6) are checked for length
// only; decrypting them, or refusing an order that carries them, is the door's business.
struct PayerIdentity {
    std::string type;
    std::string number_ciphertext;
    std::string name_ciphertext;

    friend bool operator==(const PayerIdentity&, const PayerIdentity&) = default;
};

// A text is empty when the member was absent. Members ending in _json hold objects that are only
// stored and echoed: validated, then written anew in the order of the documentation, so that equal
// objects have equal texts.
struct PrepayRequest {
    TradeType type = TradeType::native;
    std::string appid;
    std::string mchid;
    std::string description;
    std::string out_trade_no;
    std::optional<Instant> time_expire;  // whole seconds, as the contract's times are
    std::string attach;
    std::string notify_url;
    std::string goods_tag;
    std::optional<bool> support_fapiao;
    std::vector<std::string> limit_pay;
    std::int64_t total = 0;  // fen; the currency is always CNY
    std::string payer_openid;
    std::optional<PayerIdentity> payer_identity;
    std::string detail_json;
    std::string scene_info_json;
    std::string payer_client_ip;  // out of scene_info, as is the next
    std::string device_id;
    std::optional<bool> profit_sharing;  // settle_info.profit_sharing

    friend bool operator==(const PrepayRequest&, const PrepayRequest&) = default;
};

Parsed<PrepayRequest> parse_prepay(TradeType type, std::string_view body);

// The request as a body that parse_prepay() reads back to an equal value.
std::string to_json(const PrepayRequest& request);

// The business content as bytes: equal for two requests that ask for the same thing, however their
// JSON was spaced, ordered or escaped. A repeat of an order number is judged by its SHA-256. The
// identity's ciphertexts stay out: OAEP makes them differ each time.
std::string content_of(const PrepayRequest& request);

}  // namespace huitong::wire::wechatpay
