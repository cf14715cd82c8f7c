// Who asks: everything about a request's Authorization that can be checked without a signature.
#pragma once

#include <string>

#include "engine/heart.hpp"
#include "gateway/http/message.hpp"
#include "wire/json/field_error.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::gateway::merchant {

// How far a request's timestamp may lie from our clock (wechatpay-v3 2.2).
inline constexpr Duration clock_window = seconds(300);

struct Caller {
    wire::wechatpay::Authorization authorization;
    const acquiring::Merchant* merchant = nullptr;  // of the directory, as is the key
    const acquiring::MerchantKey* key = nullptr;
};

// In the contract's order: authorization_malformed, authorization_scheme, timestamp_skewed,
// merchant_key_missing, serial_unknown (also of another merchant, revoked, or outside its dates).
wire::json::Parsed<Caller> identify(const http::Request& request,
                                    const engine::Directory& directory, Instant now);

// The key of that serial, however many leading zeros it is written with; null when there is none.
const acquiring::MerchantKey* find_merchant_key(const engine::Directory& directory,
                                                const std::string& serial);

// The merchant that the request claims to come from, if there is such a one: only good for choosing
// the key that a refusal is signed with.
const acquiring::Merchant* claimed_merchant(const http::Request& request,
                                            const engine::Directory& directory);

// A HEAD is no method of this contract, whatever the HTTP layer makes of it.
std::string_view method_of(const http::Request& request);

// What the merchant must have signed.
std::string signed_text(const http::Request& request,
                        const wire::wechatpay::Authorization& authorization);

}  // namespace huitong::gateway::merchant
