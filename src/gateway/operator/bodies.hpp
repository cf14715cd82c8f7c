// The bodies that the operator door takes, as values. Pure: bytes in, a value or the first defect
// out. Unknown members are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "acquiring/merchant.hpp"
#include "crypto/secret.hpp"
#include "gateway/json_door/people.hpp"
#include "wire/json/field_error.hpp"

namespace huitong::gateway::operator_door {

using wire::json::Parsed;

struct Credentials {
    std::string name;
    crypto::Secret password;
};
Parsed<Credentials> parse_credentials(std::string_view body);
// A new operator: the password is long enough.
Parsed<Credentials> parse_operator(std::string_view body);

struct PasswordBody {
    crypto::Secret old;
    crypto::Secret fresh;
};
Parsed<PasswordBody> parse_password(std::string_view body);

struct MerchantBody {
    std::string mchid;
    std::string name;
    std::vector<std::string> appids;
    std::string apiv3_key;  // empty: to be generated
    acquiring::KeyMode key_mode = acquiring::KeyMode::public_key;
    acquiring::KeyFamily key_family = acquiring::KeyFamily::rsa;
    std::string notify_url;
    ParticipantId participant;  // not named: ours
};
Parsed<MerchantBody> parse_merchant(std::string_view body);

// A certificate, or a public key and its serial: of a merchant or an institution.
struct KeyBody {
    std::string certificate_pem;
    std::string public_key_pem;
    std::string serial_no;
};
Parsed<KeyBody> parse_key(std::string_view body);

struct UserBody {
    json_door::Person person;
    crypto::Secret password;
    crypto::Secret payment_password;
};
Parsed<UserBody> parse_user(std::string_view body);

// What names a merchant or user in a path or query.
bool is_mchid(std::string_view text);

}  // namespace huitong::gateway::operator_door
