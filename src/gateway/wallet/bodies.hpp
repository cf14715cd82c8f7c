// The bodies and parameters that the wallet door takes, as values. Pure: bytes in, a value or the
// first defect out. Unknown members are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/id.hpp"
#include "base/money.hpp"
#include "crypto/secret.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::wallet_door {

using wire::json::Parsed;

struct Credentials {
    std::string login_name;
    crypto::Secret password;
};
Parsed<Credentials> parse_credentials(std::string_view body);

// The signed fields with which a merchant's page or app invokes the wallet (wechatpay-v3 6.2).
struct Invocation {
    std::string app_id;
    std::string time_stamp;
    std::string nonce_str;
    std::string package;
    std::string pay_sign;  // base64

    friend bool operator==(const Invocation&, const Invocation&) = default;
};
// What was scanned, pasted or sent: a code_url or h5_url, or the fields of an invocation.
using Code = std::variant<std::string, Invocation>;
// {"code": ..}
Parsed<Code> parse_resolve(std::string_view body);

// Exactly one of code, order_token and payee_token; an amount only beside the last.
struct PaymentBody {
    std::string request_id;
    std::optional<Code> code;
    std::string order_token;
    std::string payee_token;
    std::optional<Money> amount;
    std::optional<crypto::Secret> payment_password;
};
Parsed<PaymentBody> parse_payment(std::string_view body);

struct TopUpBody {
    std::string request_id;
    FundingSourceId source;
    Money amount;
    crypto::Secret payment_password;
};
Parsed<TopUpBody> parse_top_up(std::string_view body);

struct FundingSourceBody {
    std::string bank_name;
    std::string account_number;
};
Parsed<FundingSourceBody> parse_funding_source(std::string_view body);

struct PasswordBody {
    std::optional<crypto::Secret> old;
    crypto::Secret fresh;
};
Parsed<PasswordBody> parse_payment_password(std::string_view body);
// `old` is always there.
Parsed<PasswordBody> parse_password(std::string_view body);

// {"payment_password": ..}
Parsed<crypto::Secret> parse_confirmation(std::string_view body);

}  // namespace huitong::gateway::wallet_door
