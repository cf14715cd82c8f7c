// Under which context the platform's secrets are sealed by the master key. Who seals (the operator
// door, the first start) and who opens (the key ring) must name it alike.
#pragma once

#include <string>
#include <string_view>

#include "base/id.hpp"

namespace huitong::gateway::door {

// acquiring::MerchantState::apiv3_key, plaintext: the 32 characters.
std::string apiv3_key_context(std::string_view mchid);
// acquiring::PlatformKeyTerms::private_key, plaintext: PKCS#8 as PEM or DER.
std::string platform_key_context(std::string_view serial);
// switching::ParticipantState::master_key, plaintext: the key's 8 or 16 bytes.
std::string participant_master_key_context(ParticipantId participant);

// Exactly 32 characters of 0-9 A-Z a-z (wechatpay-v3 2.5).
bool is_apiv3_key(std::string_view text);

}  // namespace huitong::gateway::door
