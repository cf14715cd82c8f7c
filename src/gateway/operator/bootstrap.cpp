#include "gateway/operator/bootstrap.hpp"

#include <fmt/format.h>
#include <utility>

#include "crypto/bytes.hpp"
#include "crypto/certificate.hpp"
#include "crypto/random.hpp"
#include "gateway/door/platform_signer.hpp"
#include "gateway/door/sealing.hpp"

namespace huitong::gateway::operator_door {
namespace {

constexpr Duration platform_key_life = days(5 * 365);
// Merchants' clocks may lag behind ours.
constexpr Duration clock_allowance = hours(1);
constexpr std::size_t public_key_id_digits = 28;

}  // namespace

Result<acquiring::AddPlatformKey> make_platform_key(const std::string& common_name,
                                                    acquiring::KeyFamily family, Instant now,
                                                    const crypto::MasterKey& master) {
    const auto key = crypto::PrivateKey::generate(door::algorithm_of(family));
    const Instant whole_second{now.ms / 1000 * 1000};
    const crypto::CertificateTerms terms{.common_name = common_name,
                                         .organisation = {},
                                         .not_before = whole_second - clock_allowance,
                                         .not_after = whole_second + platform_key_life,
                                         .serial = crypto::random_serial()};
    TRY(certificate, crypto::issue_self_signed(terms, key));
    const std::string& serial = certificate.serial();
    const std::string sealed =
        master.seal(door::platform_key_context(serial), key.to_pem().expose());
    return acquiring::AddPlatformKey{
        .terms = {.serial = serial,
                  .public_key_id = "PUB_KEY_ID_" + crypto::random_digits(public_key_id_digits),
                  .certificate_pem = certificate.to_pem(),
                  .public_key_pem = key.public_key().to_pem(),
                  .private_key = {sealed},
                  .not_before = certificate.not_before(),
                  .not_after = certificate.not_after(),
                  .key_family = family}
    };
}

Result<switching::OpenOperator> make_operator(const std::string& name,
                                              const crypto::Secret& one_time_password,
                                              const crypto::MasterKey& master,
                                              crypto::ScryptCost cost) {
    TRY(password, json_door::seal_password(
                      one_time_password, json_door::operator_password_context(name), master, cost));
    return switching::OpenOperator{.name = name, .password = password, .must_change = true};
}

Result<wallet::OpenUser> make_user(const NewUser& user, const crypto::MasterKey& master,
                                   const json_door::VaultPort& vault,
                                   const crypto::Secret& openid_key, crypto::ScryptCost cost) {
    using namespace json_door;
    const std::string key = PersonKeys(openid_key).login_key(user.person.login_name);
    TRY(password, seal_password(user.password, user_password_context(key), master, cost));
    TRY(payment_password,
        seal_password(user.payment_password, payment_password_context(key), master, cost));
    TRY(personal, People(master, vault).seal_new(user.person));
    return wallet::OpenUser{.login_key = key,
                            .personal = personal,
                            .password = password,
                            .payment_password = payment_password,
                            .institution = user.institution,
                            .currency = cny};
}

acquiring::RegisterMerchant make_merchant(const NewMerchant& merchant,
                                          const crypto::MasterKey& master) {
    return {
        .terms = {.mchid = merchant.mchid, .institution = merchant.institution},
        .state = {.key_mode = merchant.key_mode,
                  .name = merchant.name,
                  .appids = merchant.appids,
                  .apiv3_key = {master.seal(door::apiv3_key_context(merchant.mchid),
                                            merchant.apiv3_key)},
                  .notify_url = merchant.notify_url,
                  .key_family = merchant.key_family},
        .currency = cny
    };
}

}  // namespace huitong::gateway::operator_door
