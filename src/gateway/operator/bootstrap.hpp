// What a first start needs: commands for the platform's own key and the first operator. Pure but
// for random numbers; the caller submits them.
#pragma once

#include <string>
#include <vector>

#include "crypto/seal.hpp"
#include "gateway/json_door/passwords.hpp"
#include "gateway/json_door/people.hpp"
#include "switching/switching.hpp"

namespace huitong::gateway::operator_door {

// An RSA-2048 or SM2 key with a self-signed certificate of five years and a public-key id, the
// private key sealed as door::KeyRing opens it. Refuses with certificate_invalid a name that cannot
// stand in a certificate (1 to 64 characters).
Result<acquiring::AddPlatformKey> make_platform_key(const std::string& common_name,
                                                    acquiring::KeyFamily family, Instant now,
                                                    const crypto::MasterKey& master);

// An operator who must change this password before anything else.
Result<switching::OpenOperator> make_operator(const std::string& name,
                                              const crypto::Secret& one_time_password,
                                              const crypto::MasterKey& master,
                                              crypto::ScryptCost cost = {});

// A user as `POST /users` makes one: personal data under a key in the vault, both passwords
// recorded. Costs two scrypts.
struct NewUser {
    json_door::Person person;
    crypto::Secret password;
    crypto::Secret payment_password;
    ParticipantId institution;
};
Result<wallet::OpenUser> make_user(const NewUser& user, const crypto::MasterKey& master,
                                   const json_door::VaultPort& vault,
                                   const crypto::Secret& openid_key, crypto::ScryptCost cost = {});

// A merchant as `POST /merchants` makes one: the APIv3 key sealed as door::KeyRing opens it.
struct NewMerchant {
    std::string mchid;
    std::string name;
    std::vector<std::string> appids;
    acquiring::KeyMode key_mode = acquiring::KeyMode::public_key;
    acquiring::KeyFamily key_family = acquiring::KeyFamily::rsa;
    std::string notify_url;
    ParticipantId institution;
    std::string apiv3_key;  // 32 characters of 0-9 A-Z a-z
};
acquiring::RegisterMerchant make_merchant(const NewMerchant& merchant,
                                          const crypto::MasterKey& master);

}  // namespace huitong::gateway::operator_door
