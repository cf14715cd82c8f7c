#include "gateway/operator/bodies.hpp"

#include <utility>

#include "gateway/door/sealing.hpp"
#include "gateway/json_door/credentials.hpp"
#include "gateway/operator/reading.hpp"
#include "wire/json/reader.hpp"
#include "wire/wechatpay/uri.hpp"

namespace huitong::gateway::operator_door {
namespace {

using json_door::fresh_password_rule;
using json_door::given_password_rule;
using json_door::login_name_rule;
using json_door::payment_password_rule;
using json_door::required_secret;
using wire::json::CharacterSet;
using wire::json::ObjectReader;
using wire::json::Report;
using wire::json::TextRule;

constexpr CharacterSet phone_characters = wire::json::decimal_digits.with("+");
constexpr CharacterSet serial_characters = wire::json::decimal_digits.with("ABCDEFabcdef");

constexpr TextRule mchid_rule{.min = 8, .max = 10, .alphabet = &wire::json::decimal_digits};
constexpr TextRule appid_rule{.max = 32, .alphabet = &wire::json::alphanumerics};
constexpr TextRule apiv3_key_rule{
    .min = 32, .max = 32, .alphabet = &wire::json::alphanumerics, .secret = true};

Parsed<Credentials> parse_named(std::string_view body, const TextRule& password_rule) {
    Report report;
    Credentials credentials;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("name", login_name_rule, credentials.name);
    credentials.password = required_secret(root, "password", password_rule);
    root.finish();
    return report.into(std::move(credentials));
}

void read_key_mode(ObjectReader& root, MerchantBody& merchant) {
    std::string mode;
    root.required_string("key_mode", {.max = 16}, mode);
    if (mode == "CERTIFICATE") {
        merchant.key_mode = acquiring::KeyMode::certificate;
    } else if (!mode.empty() && mode != "PUBLIC_KEY") {
        root.refuse("key_mode", Error::field_range, "is neither CERTIFICATE nor PUBLIC_KEY");
    }
}

void read_key_family(ObjectReader& root, MerchantBody& merchant) {
    std::string family = "RSA";
    root.optional_string("key_family", {.max = 16}, family);
    if (family == "SM2") {
        merchant.key_family = acquiring::KeyFamily::sm2;
    } else if (family != "RSA") {
        root.refuse("key_family", Error::field_range, "is neither RSA nor SM2");
    }
}

// A plus sign only in front, then 6 to 20 digits.
bool is_phone(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return text.size() >= 6 && text.size() <= 20 && wire::json::decimal_digits.holds_all(text);
}

}  // namespace

bool is_mchid(std::string_view text) {
    return !wire::json::judge(text, mchid_rule);
}

Parsed<Credentials> parse_credentials(std::string_view body) {
    return parse_named(body, given_password_rule);
}

Parsed<Credentials> parse_operator(std::string_view body) {
    return parse_named(body, fresh_password_rule);
}

Parsed<PasswordBody> parse_password(std::string_view body) {
    Report report;
    PasswordBody passwords;
    ObjectReader root = wire::json::read_object(body, report);
    passwords.old = required_secret(root, "old", given_password_rule);
    passwords.fresh = required_secret(root, "new", fresh_password_rule);
    if (!passwords.fresh.empty() && passwords.old == passwords.fresh)
        report.add({Error::field_range, "/new", "", "is the old one", wire::json::Location::body});
    root.finish();
    return report.into(std::move(passwords));
}

Parsed<MerchantBody> parse_merchant(std::string_view body) {
    Report report;
    MerchantBody merchant;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("mchid", mchid_rule, merchant.mchid);
    root.required_string("name", display_name_rule, merchant.name);
    merchant.appids = required_set(root, "appids", 50, appid_rule);
    root.optional_string("apiv3_key", apiv3_key_rule, merchant.apiv3_key);
    read_key_mode(root, merchant);
    read_key_family(root, merchant);
    root.optional_string("notify_url", {.max = 255}, merchant.notify_url);
    if (!merchant.notify_url.empty() && !wire::wechatpay::is_notify_url(merchant.notify_url))
        root.refuse("notify_url", Error::field_format, "is no http or https URL without a query");
    merchant.participant = read_participant_id(root);
    root.finish();
    return report.into(std::move(merchant));
}

Parsed<KeyBody> parse_key(std::string_view body) {
    Report report;
    KeyBody key;
    ObjectReader root = wire::json::read_object(body, report);
    root.optional_string("certificate_pem", {.max = 16384, .lines = true}, key.certificate_pem);
    root.optional_string("public_key_pem", {.max = 4096, .lines = true}, key.public_key_pem);
    root.optional_string("serial_no", {.max = 40, .alphabet = &serial_characters}, key.serial_no);
    if (root.has("certificate_pem")) {
        for (const std::string_view other : {"public_key_pem", "serial_no"}) {
            if (root.has(other))
                root.refuse(other, Error::field_range, "may not stand beside certificate_pem");
        }
    } else {
        if (!root.has("public_key_pem")) root.missing("certificate_pem");
        if (!root.has("serial_no")) root.missing("serial_no");
    }
    root.finish();
    return report.into(std::move(key));
}

Parsed<UserBody> parse_user(std::string_view body) {
    Report report;
    UserBody user;
    ObjectReader root = wire::json::read_object(body, report);
    root.required_string("login_name", login_name_rule, user.person.login_name);
    root.required_string("display_name", display_name_rule, user.person.display_name);
    root.optional_string("phone", {.max = 21, .alphabet = &phone_characters}, user.person.phone);
    if (!user.person.phone.empty() && !is_phone(user.person.phone))
        root.refuse("phone", Error::field_format, "is no phone number");
    user.password = required_secret(root, "password", fresh_password_rule);
    user.payment_password = required_secret(root, "payment_password", payment_password_rule);
    root.finish();
    return report.into(std::move(user));
}

}  // namespace huitong::gateway::operator_door
