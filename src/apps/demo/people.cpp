#include "apps/demo/people.hpp"

namespace huitong::apps {
namespace {

Result<std::unique_ptr<DemoNetwork>> settle(const Institution& at, DemoDoors wanted,
                                            const std::string& folder, std::string& why) {
    wanted.merchant_url = at.process.doors().merchant_url;
    wanted.portal_url = at.process.doors().portal_url;
    return DemoNetwork::make(wanted, folder, why);
}

}  // namespace

Result<People> People::start(TopologyPlan plan, std::size_t shops, std::string& why) {
    People people;
    TRY(caller, Caller::make());
    people.caller = std::move(caller);
    plan.password = demo_password;
    const std::string folder = plan.folder + "/people";
    TRY(institutions, Topology::start(plan, *people.caller, why));
    people.institutions = std::move(institutions);
    Topology& all = *people.institutions;
    TRY(shop_keepers, settle(all.acquirer, {.shops = shops, .customers = 0}, folder, why));
    people.shops = std::move(shop_keepers);
    TRY(wallet_users, settle(all.wallet, {.shops = 0, .customers = 2}, folder, why));
    people.wallet_users = std::move(wallet_users);
    TRY(bank_users,
        settle(all.bank, {.shops = 0, .customers = 2, .first_customer = 2}, folder, why));
    people.bank_users = std::move(bank_users);
    return people;
}

}  // namespace huitong::apps
