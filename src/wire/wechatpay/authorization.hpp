// The Authorization header and the three texts that get signed (wechatpay-v3 sections 2.1 to 2.3
// and 6.2). Nothing here knows a key: who verifies, verifies over exactly these bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/key.hpp"

namespace huitong::wire::wechatpay {

inline constexpr std::string_view rsa_scheme = "WECHATPAY2-SHA256-RSA2048";
inline constexpr std::string_view sm2_scheme = "WECHATPAY2-SM2-WITH-SM3";  // 2.7
constexpr std::string_view scheme_of(crypto::KeyAlgorithm algorithm) {
    return algorithm == crypto::KeyAlgorithm::sm2 ? sm2_scheme : rsa_scheme;
}

// A well-formed header of a known scheme.
struct Authorization {
    std::string mchid;           // decimal digits; the caller
    std::string nonce;           // 1 to 64 of 0-9 A-Z a-z -
    std::int64_t timestamp = 0;  // Unix seconds
    std::string serial;          // hexadecimal as sent, in either case; the merchant's certificate
    std::string signature;       // the bytes, decoded
    crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::rsa;  // of the scheme

    friend bool operator==(const Authorization&, const Authorization&) = default;
};

// Refuses with authorization_malformed, then authorization_scheme. `header` is the value as
// received; empty when the header is absent.
Result<Authorization> parse_authorization(std::string_view header);
// The header a client sends.
std::string to_header(const Authorization& authorization);

// What the client signed. `target` and `body` are the bytes as received: escapes untouched,
// JSON never written anew.
struct RequestToSign {
    std::string_view method;  // upper case
    std::string_view target;  // path and ?query
    std::int64_t timestamp = 0;
    std::string_view nonce;
    std::string_view body = {};
};
std::string string_to_sign(const RequestToSign& request);

// What we sign of an answer or a notice; the body of a 204 is empty.
struct ResponseToSign {
    std::int64_t timestamp = 0;
    std::string_view nonce;
    std::string_view body = {};
};
std::string response_string_to_sign(const ResponseToSign& response);

// What the merchant signs when its page or app opens the cashier.
enum class CashierClient : std::uint8_t { jsapi, app };
struct Invocation {
    CashierClient client = CashierClient::jsapi;
    std::string_view appid;
    std::string_view timestamp;  // as the client sends it, a string of seconds
    std::string_view nonce;
    std::string_view prepay_id;  // bare; jsapi signs it with the prefix `prepay_id=`
};
std::string pay_string_to_sign(const Invocation& invocation);

}  // namespace huitong::wire::wechatpay
