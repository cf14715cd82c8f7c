// Error bodies of the merchant contract, {"code":..,"message":..,"detail":{..}}, and the Request-ID
// that goes with every answer (wechatpay-v3 sections 1, 3.1, 3.4).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::wire::wechatpay {

// Without detail.
std::string error_body(Error error);
// With detail {field, value, issue, location} when the code is PARAM_ERROR; others have none.
std::string error_body(const json::FieldError& defect);

// What the server would have verified: the cheapest way to find out why a signature fails. Holds
// nothing but what the caller sent.
struct SignInformation {
    std::string_view method;
    std::string_view url;           // the request target
    std::string_view sign_message;  // the whole string to sign; cut when shown
};
// For signature_mismatch.
std::string sign_error_body(const SignInformation& information);

// Hexadecimal text of `entropy`, '-', the number that names the error exactly: 0 on success. An
// error for which no number is published gets 1, because 0 would say success.
using RequestEntropy = std::array<std::uint8_t, 16>;
std::string request_id(const RequestEntropy& entropy);
std::string request_id(const RequestEntropy& entropy, Error error);

}  // namespace huitong::wire::wechatpay
