#include "wire/wechatpay/authorization.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "crypto/bytes.hpp"
#include "wire/json/text.hpp"

namespace huitong::wire::wechatpay {
namespace {

constexpr json::CharacterSet nonce_characters = json::alphanumerics.with("-");
constexpr json::CharacterSet serial_characters = json::decimal_digits.with("ABCDEFabcdef");
constexpr json::CharacterSet scheme_characters = json::alphanumerics.with("-");

constexpr std::size_t header_bytes_max = 2048;
constexpr std::size_t timestamp_digits_max = 12;

enum Pair : std::uint8_t { mchid, nonce_str, timestamp, serial_no, signature };
constexpr std::array<std::string_view, 5> pair_names = {"mchid", "nonce_str", "timestamp",
                                                        "serial_no", "signature"};
using Pairs = std::array<std::optional<std::string_view>, pair_names.size()>;

bool within(std::string_view text, std::size_t max, const json::CharacterSet& characters) {
    return !text.empty() && text.size() <= max && characters.holds_all(text);
}

// Takes everything before `delimiter` and drops the delimiter itself.
std::optional<std::string_view> take_until(std::string_view& rest, char delimiter) {
    const std::size_t end = rest.find(delimiter);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return taken;
}

bool store(Pairs& pairs, std::string_view name, std::string_view value) {
    for (std::size_t i = 0; i < pair_names.size(); ++i) {
        if (pair_names[i] != name) continue;
        if (pairs[i]) return false;
        pairs[i] = value;
        return true;
    }
    return false;
}

// name="value",name="value",.. in any order, each name exactly once; spaces only after commas.
std::optional<Pairs> split_pairs(std::string_view rest) {
    Pairs pairs;
    for (std::size_t count = 0; count < pair_names.size(); ++count) {
        if (count != 0) {
            if (!rest.starts_with(',')) return std::nullopt;
            rest.remove_prefix(1);
            while (rest.starts_with(' ')) rest.remove_prefix(1);
        }
        const auto name = take_until(rest, '=');
        if (!name || !rest.starts_with('"')) return std::nullopt;
        rest.remove_prefix(1);
        const auto value = take_until(rest, '"');
        if (!value || !store(pairs, *name, *value)) return std::nullopt;
    }
    if (!rest.empty()) return std::nullopt;
    return pairs;
}

// A leading zero is refused, so that the number prints as it was sent and signed.
Result<std::int64_t> parse_timestamp(std::string_view text) {
    if (!within(text, timestamp_digits_max, json::decimal_digits) ||
        (text.size() > 1 && text.front() == '0'))
        return refuse(Error::authorization_malformed);
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);  // 12 digits always fit.
    return seconds;
}

}  // namespace

Result<Authorization> parse_authorization(std::string_view header) {
    if (header.size() > header_bytes_max) return refuse(Error::authorization_malformed);
    const auto scheme = take_until(header, ' ');
    if (!scheme || !within(*scheme, 64, scheme_characters))
        return refuse(Error::authorization_malformed);
    const auto pairs = split_pairs(header);
    if (!pairs) return refuse(Error::authorization_malformed);
    if (!within(*(*pairs)[mchid], 32, json::decimal_digits) ||
        !within(*(*pairs)[nonce_str], 64, nonce_characters) ||
        !within(*(*pairs)[serial_no], 64, serial_characters))
        return refuse(Error::authorization_malformed);
    TRY(seconds, parse_timestamp(*(*pairs)[timestamp]));
    const auto bytes = crypto::from_base64(*(*pairs)[signature]);
    if (!bytes || bytes->empty()) return refuse(Error::authorization_malformed);
    if (*scheme != rsa_scheme) return refuse(Error::authorization_scheme);
    return Authorization{.mchid = std::string(*(*pairs)[mchid]),
                         .nonce = std::string(*(*pairs)[nonce_str]),
                         .timestamp = seconds,
                         .serial = std::string(*(*pairs)[serial_no]),
                         .signature = *bytes};
}

std::string to_header(const Authorization& authorization) {
    return fmt::format(
        R"({} mchid="{}",nonce_str="{}",timestamp="{}",serial_no="{}",signature="{}")", rsa_scheme,
        authorization.mchid, authorization.nonce, authorization.timestamp, authorization.serial,
        crypto::to_base64(authorization.signature));
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
