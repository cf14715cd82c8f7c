#include "wire/wechatpay/authorization.hpp"

#include <fmt/format.h>

#include "crypto/bytes.hpp"
#include "wire/authorization/pairs.hpp"

namespace huitong::wire::wechatpay {
namespace {

using authorization::parse_timestamp;
using authorization::take_until;
using authorization::within;

constexpr json::CharacterSet nonce_characters = json::alphanumerics.with("-");
constexpr json::CharacterSet serial_characters = json::decimal_digits.with("ABCDEFabcdef");
constexpr json::CharacterSet scheme_characters = json::alphanumerics.with("-");

enum Pair : std::uint8_t { mchid, nonce_str, timestamp, serial_no, signature };
constexpr authorization::Names pair_names = {"mchid", "nonce_str", "timestamp", "serial_no",
                                             "signature"};

}  // namespace

Result<Authorization> parse_authorization(std::string_view header) {
    if (header.size() > authorization::header_bytes_max)
        return refuse(Error::authorization_malformed);
    const auto scheme = take_until(header, ' ');
    if (!scheme || !within(*scheme, 64, scheme_characters))
        return refuse(Error::authorization_malformed);
    const auto pairs = authorization::split_pairs(header, pair_names);
    if (!pairs) return refuse(Error::authorization_malformed);
    if (!within((*pairs)[mchid], 32, json::decimal_digits) ||
        !within((*pairs)[nonce_str], 64, nonce_characters) ||
        !within((*pairs)[serial_no], 64, serial_characters))
        return refuse(Error::authorization_malformed);
    TRY(seconds, parse_timestamp((*pairs)[timestamp]));
    const auto bytes = crypto::from_base64((*pairs)[signature]);
    if (!bytes || bytes->empty()) return refuse(Error::authorization_malformed);
    if (*scheme != rsa_scheme && *scheme != sm2_scheme) return refuse(Error::authorization_scheme);
    return Authorization{
        .mchid = std::string((*pairs)[mchid]),
        .nonce = std::string((*pairs)[nonce_str]),
        .timestamp = seconds,
        .serial = std::string((*pairs)[serial_no]),
        .signature = *bytes,
        .algorithm = *scheme == sm2_scheme ? crypto::KeyAlgorithm::sm2 : crypto::KeyAlgorithm::rsa};
}

std::string to_header(const Authorization& authorization) {
    return fmt::format(
        R"({} mchid="{}",nonce_str="{}",timestamp="{}",serial_no="{}",signature="{}")",
        scheme_of(authorization.algorithm), authorization.mchid, authorization.nonce,
        authorization.timestamp, authorization.serial, crypto::to_base64(authorization.signature));
}

std::string string_to_sign(const RequestToSign& request) {
    return fmt::format("{}\n{}\n{}\n{}\n{}\n", request.method, request.target, request.timestamp,
                       request.nonce, request.body);
}

std::string response_string_to_sign(const ResponseToSign& response) {
    return fmt::format("{}\n{}\n{}\n", response.timestamp, response.nonce, response.body);
}

std::string pay_string_to_sign(const Invocation& invocation) {
    const std::string_view prefix = invocation.client == CashierClient::jsapi ? "prepay_id=" : "";
    return fmt::format("{}\n{}\n{}\n{}{}\n", invocation.appid, invocation.timestamp,
                       invocation.nonce, prefix, invocation.prepay_id);
}

}  // namespace huitong::wire::wechatpay
