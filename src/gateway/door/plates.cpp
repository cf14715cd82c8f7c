#include "gateway/door/plates.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"
#include "wire/wechatpay/identifiers.hpp"

namespace huitong::gateway::door {
namespace {

constexpr std::string_view purpose = "plate";
constexpr std::string_view number_prefix = "plate-";
constexpr std::size_t number_characters = 32;  // wechatpay-v3 4.1

crypto::CodeTokens tokens_of(const crypto::Secret& code_key) {
    const auto mac = crypto::hmac_sha256(code_key, purpose);
    auto tokens = crypto::CodeTokens::make(
        crypto::Secret(crypto::as_text(mac).substr(0, crypto::code_token_key_bytes)), purpose);
    ENSURE(tokens.has_value());  // The key has the right length by construction.
    return *std::move(tokens);
}

// As text, so that it may be part of a number and of a record.
std::string digest_of(std::string_view content) {
    return crypto::to_base64url(crypto::as_text(crypto::sha256(content)));
}

}  // namespace

Plates::Plates(const crypto::Secret& code_key) : tokens_(tokens_of(code_key)) {}

std::string Plates::code_of(MerchantId merchant) const {
    return wire::wechatpay::code_url(tokens_.token_of(merchant.value));
}

Result<MerchantId> Plates::merchant_of(std::string_view code) const {
    const auto token = wire::wechatpay::parse_code_url(code);
    const auto id = token ? tokens_.open(*token) : refuse(Error::order_code_unknown);
    if (!id || *id == 0) return refuse(Error::order_code_unknown);
    return MerchantId{*id};
}

Result<const acquiring::Merchant*> Plates::payee(const Registry<acquiring::Merchant>& merchants,
                                                 MerchantId merchant) {
    const acquiring::Merchant* found = merchants.find(merchant);
    if (found == nullptr) return refuse(Error::order_code_unknown);
    if (found->state.status != acquiring::MerchantStatus::active)
        return refuse(Error::merchant_frozen);
    return found;
}

Result<acquiring::CreateOrder> Plates::order_of(const acquiring::Merchant& merchant,
                                                const PlateWish& wish) {
    if (merchant.state.appids.empty()) return refuse(Error::appid_not_bound);
    const std::string key = fmt::format("plate\n{}\n{}", wish.asker, wish.request_id);
    const std::string content =
        fmt::format("{}\n{} {}", key, wish.amount.minor, wish.amount.currency.numeric);
    const std::size_t digits = number_characters - number_prefix.size();
    return acquiring::CreateOrder{
        .terms = {.merchant = merchant.id(),
                  .out_trade_no = std::string(number_prefix) + digest_of(key).substr(0, digits),
                  .trade_type = acquiring::TradeType::native,
                  .appid = merchant.state.appids.front(),
                  .description = merchant.state.name,
                  .notify_url = merchant.state.notify_url,
                  .minor = wish.amount.minor,
                  .currency = wish.amount.currency,
                  .content_digest = digest_of(content),
                  .expires_at = wish.now + plate_order_life}
    };
}

}  // namespace huitong::gateway::door
