#include "gateway/wallet/codes.hpp"

#include <utility>
#include <variant>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "gateway/door/in_force.hpp"
#include "wire/wechatpay/authorization.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::wallet_door {
namespace {

using acquiring::TradeType;
using wire::wechatpay::CashierClient;

constexpr std::string_view jsapi_prefix = "prepay_id=";
constexpr std::size_t token_key_bytes = 16;

crypto::CodeTokens make_tokens(const crypto::Secret& code_key, std::string_view purpose) {
    const auto mac = crypto::hmac_sha256(code_key, purpose);
    auto tokens = crypto::CodeTokens::make(
        crypto::Secret(crypto::as_text(mac).substr(0, token_key_bytes)), purpose);
    ENSURE(tokens.has_value());  // The key has the right length by construction.
    return *std::move(tokens);
}

std::string_view prepay_text(const Invocation& invocation) {
    std::string_view text = invocation.package;
    if (text.starts_with(jsapi_prefix)) text.remove_prefix(jsapi_prefix.size());
    return text;
}

CashierClient client_of(const Invocation& invocation) {
    return invocation.package.starts_with(jsapi_prefix) ? CashierClient::jsapi : CashierClient::app;
}

// The invocation was made for this very order and the way in which it is to be paid.
bool belongs(const Invocation& invocation, const acquiring::Order& order) {
    const TradeType type =
        client_of(invocation) == CashierClient::jsapi ? TradeType::jsapi : TradeType::app;
    const std::string prepay = wire::wechatpay::to_text({order.id(), order.terms.created_at});
    return order.terms.trade_type == type && order.terms.appid == invocation.app_id &&
           prepay_text(invocation) == prepay;
}

bool verifies_with(const acquiring::MerchantKey& key, const acquiring::Order& order, Instant now) {
    return key.terms.merchant == order.terms.merchant && door::in_force(key, now);
}

}  // namespace

ScannedCodes::ScannedCodes(const crypto::Secret& code_key, const crypto::Secret& openid_key,
                           door::KeyRing& keys)
    : codes_(code_key),
      openids_(openid_key),
      free_(make_tokens(code_key, "order_token")),
      named_(make_tokens(code_key, "order_token/payer")),
      keys_(keys) {}

Result<Target> ScannedCodes::target_of(const Code& code) const {
    if (const auto* text = std::get_if<std::string>(&code)) return target_of_text(*text);
    const auto& invocation = std::get<Invocation>(code);
    const auto prepay = wire::wechatpay::parse_prepay_id(prepay_text(invocation));
    if (!prepay) return refuse(Error::order_code_unknown);
    return Target{.order = prepay->order, .look_first = true, .invocation = invocation};
}

Result<Target> ScannedCodes::target_of_text(std::string_view text) const {
    if (const auto token = wire::wechatpay::parse_code_url(text)) {
        TRY(order, codes_.order_of_code(*token));
        return Target{.order = order, .look_first = false, .invocation = {}};
    }
    const auto link = wire::wechatpay::parse_h5_url(text);
    if (!link) return refuse(Error::order_code_unknown);
    // The prepay_id could be guessed, the package cannot.
    TRY(order, codes_.order_of_package(link->package));
    if (order != link->prepay.order) return refuse(Error::order_code_unknown);
    return Target{.order = order, .look_first = false, .invocation = {}};
}

Result<Target> ScannedCodes::target_of_token(std::string_view order_token) const {
    if (const auto order = free_.open(order_token); order && *order != 0)
        return Target{.order = {*order}, .look_first = false, .invocation = {}};
    const auto order = named_.open(order_token);
    if (!order || *order == 0) return refuse(Error::order_code_unknown);
    return Target{.order = {*order}, .look_first = true, .invocation = {}};
}

std::string ScannedCodes::order_token(const acquiring::Order& order) const {
    const auto& tokens = order.terms.payer_openid.empty() ? free_ : named_;
    return tokens.token_of(order.id().value);
}

Result<void> ScannedCodes::verify(const Invocation& invocation, const acquiring::Order& order,
                                  const engine::Directory& directory, Instant now) const {
    if (!belongs(invocation, order)) return refuse(Error::order_code_unknown);
    const auto signature = crypto::from_base64(invocation.pay_sign);
    if (!signature) return refuse(Error::signature_mismatch);
    const std::string text =
        wire::wechatpay::pay_string_to_sign({.client = client_of(invocation),
                                             .appid = invocation.app_id,
                                             .timestamp = invocation.time_stamp,
                                             .nonce = invocation.nonce_str,
                                             .prepay_id = prepay_text(invocation)});
    for (const auto& [id, key] : directory.merchant_keys) {
        if (!verifies_with(key, order, now)) continue;
        const auto loaded = keys_.merchant_key(key);
        if (loaded && loaded->verify(text, *signature)) return {};
    }
    return refuse(Error::signature_mismatch);
}

std::string ScannedCodes::openid_for(const acquiring::Order& order, UserId user) const {
    return order.terms.payer_openid.empty() ? std::string{} : openids_.of(order.terms.appid, user);
}

}  // namespace huitong::gateway::wallet_door
