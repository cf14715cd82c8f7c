// The members of request bodies that name people and prove who they are: one rule for each, at
// every door.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/secret.hpp"
#include "wire/json/reader.hpp"
#include "wire/json/text.hpp"

namespace huitong::gateway::json_door {

inline constexpr wire::json::CharacterSet login_name_characters =
    wire::json::alphanumerics.with("_.@+-");

inline constexpr wire::json::TextRule login_name_rule{.max = 64,
                                                      .alphabet = &login_name_characters};
// Of a password to be compared; an old one may be shorter than new ones must be.
inline constexpr wire::json::TextRule given_password_rule{.max = 128, .secret = true};
inline constexpr wire::json::TextRule fresh_password_rule{.min = 8, .max = 128, .secret = true};
inline constexpr wire::json::TextRule payment_password_rule{
    .min = 6, .max = 6, .alphabet = &wire::json::decimal_digits, .secret = true};

crypto::Secret required_secret(wire::json::ObjectReader& reader, std::string_view name,
                               const wire::json::TextRule& rule);
std::optional<crypto::Secret> optional_secret(wire::json::ObjectReader& reader,
                                              std::string_view name,
                                              const wire::json::TextRule& rule);

}  // namespace huitong::gateway::json_door
