// Who asks: everything about a request's Authorization that can be checked without a signature.
#pragma once

#include <string>

#include "engine/heart.hpp"
#include "gateway/door/authentication.hpp"
#include "wire/wechatpay/authorization.hpp"

namespace huitong::gateway::merchant {

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

// The family of the scheme that the request names: its answer is signed in kind. RSA when it names
// none that we know.
acquiring::KeyFamily claimed_family(const http::Request& request);

// What the merchant must have signed.
std::string signed_text(const http::Request& request,
                        const wire::wechatpay::Authorization& authorization);

}  // namespace huitong::gateway::merchant
