#include "gateway/merchant/caller.hpp"

#include <fmt/format.h>

#include "crypto/certificate.hpp"

namespace huitong::gateway::merchant {
namespace {

using wire::json::FieldError;
using wire::json::Location;
using wire::json::Parsed;
using wire::wechatpay::Authorization;

std::unexpected<FieldError> not_authentic(Error error, std::string_view member,
                                          std::string_view value, std::string issue) {
    return std::unexpected(FieldError{error, std::string(member), wire::json::printable(value),
                                      std::move(issue), Location::header});
}

Parsed<Authorization> read_authorization(const http::Request& request) {
    const std::size_t count = request.headers.count("Authorization");
    if (count != 1)
        return not_authentic(Error::authorization_malformed, "Authorization", "",
                             count == 0 ? "is missing" : "is given more than once");
    auto parsed = wire::wechatpay::parse_authorization(request.header("Authorization"));
    if (parsed) return *std::move(parsed);
    return not_authentic(parsed.error(), "Authorization", "",
                         parsed.error() == Error::authorization_scheme
                             ? "has a scheme that is not offered here"
                             : "is not SCHEME name=\"value\",.. with the five names");
}

bool belongs(const acquiring::MerchantKey& key, const acquiring::Merchant& merchant, Instant now) {
    return key.terms.merchant == merchant.id() && !key.state.revoked &&
           key.terms.not_before <= now && now <= key.terms.not_after;
}

}  // namespace

Parsed<Caller> identify(const http::Request& request, const engine::Directory& directory,
                        Instant now) {
    auto authorization = read_authorization(request);
    if (!authorization) return std::unexpected(std::move(authorization).error());
    const std::int64_t behind = now.unix_seconds() - authorization->timestamp;
    if (behind > clock_window.ms / 1000 || behind < -clock_window.ms / 1000)
        return not_authentic(Error::timestamp_skewed, "timestamp",
                             std::to_string(authorization->timestamp),
                             fmt::format("is {} s {} our clock", std::abs(behind),
                                         behind > 0 ? "behind" : "before"));
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

std::string_view method_of(const http::Request& request) {
    return request.head ? std::string_view{"HEAD"} : std::string_view{request.method};
}

std::string signed_text(const http::Request& request, const Authorization& authorization) {
    return wire::wechatpay::string_to_sign({.method = method_of(request),
                                            .target = request.target,
                                            .timestamp = authorization.timestamp,
                                            .nonce = authorization.nonce,
                                            .body = request.body});
}

}  // namespace huitong::gateway::merchant
