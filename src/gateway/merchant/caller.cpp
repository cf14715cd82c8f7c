#include "gateway/merchant/caller.hpp"

#include "crypto/certificate.hpp"
#include "gateway/door/in_force.hpp"

namespace huitong::gateway::merchant {
namespace {

using door::not_authentic;
using wire::json::Parsed;
using wire::wechatpay::Authorization;

bool belongs(const acquiring::MerchantKey& key, const acquiring::Merchant& merchant, Instant now) {
    return key.terms.merchant == merchant.id() && door::in_force(key, now);
}

}  // namespace

Parsed<Caller> identify(const http::Request& request, const engine::Directory& directory,
                        Instant now) {
    auto authorization =
        door::read_authorization(request, wire::wechatpay::parse_authorization,
                                 "is not SCHEME name=\"value\",.. with the five names");
    if (!authorization) return std::unexpected(std::move(authorization).error());
    if (auto clock = door::check_clock(authorization->timestamp, now); !clock)
        return std::unexpected(std::move(clock).error());
    const auto* merchant = directory.merchants.find(NaturalKey{0, authorization->mchid});
    if (merchant == nullptr || merchant->state.apiv3_key.bytes.empty())
        return not_authentic(Error::merchant_key_missing, "mchid", authorization->mchid,
                             "is no merchant with an APIv3 key");
    const auto* key = find_merchant_key(directory, authorization->serial);
    if (key == nullptr || !belongs(*key, *merchant, now))
        return not_authentic(Error::serial_unknown, "serial_no", authorization->serial,
                             "is no key in force of this merchant");
    return Caller{*std::move(authorization), merchant, key};
}

const acquiring::MerchantKey* find_merchant_key(const engine::Directory& directory,
                                                const std::string& serial) {
    if (const auto* key = directory.merchant_keys.find(NaturalKey{0, serial})) return key;
    const auto canonical = crypto::canonical_serial(serial);
    return canonical ? directory.merchant_keys.find(NaturalKey{0, *canonical}) : nullptr;
}

const acquiring::Merchant* claimed_merchant(const http::Request& request,
                                            const engine::Directory& directory) {
    const auto parsed = wire::wechatpay::parse_authorization(request.header("Authorization"));
    return parsed ? directory.merchants.find(NaturalKey{0, parsed->mchid}) : nullptr;
}

acquiring::KeyFamily claimed_family(const http::Request& request) {
    const bool sm2 = request.header("Authorization").starts_with(wire::wechatpay::sm2_scheme);
    return sm2 ? acquiring::KeyFamily::sm2 : acquiring::KeyFamily::rsa;
}

std::string signed_text(const http::Request& request, const Authorization& authorization) {
    return wire::wechatpay::string_to_sign({.method = door::method_of(request),
                                            .target = request.target,
                                            .timestamp = authorization.timestamp,
                                            .nonce = authorization.nonce,
                                            .body = request.body});
}

}  // namespace huitong::gateway::merchant
