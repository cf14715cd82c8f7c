// The state of the account side, and what a decision changes in it. Whoever only asks the heart
// needs neither, and does without these containers (wallet.hpp).
#pragma once

#include <vector>

#include "base/shelf.hpp"
#include "wallet/funding.hpp"
#include "wallet/payer_code.hpp"
#include "wallet/user.hpp"

namespace huitong::wallet {

struct Wallet {
    explicit Wallet(Hash128 secret);
    Wallet(Wallet&& other) noexcept;
    ~Wallet();

    Shelf<User> users;
    Shelf<FundingSource> sources;
    Shelf<TopUp> top_ups;
    Shelf<PayerCode> payer_codes;
};

struct Effects {
    std::vector<Image<User>> users;
    std::vector<Image<FundingSource>> sources;
    std::vector<Image<TopUp>> top_ups;
    std::vector<Image<PayerCode>> payer_codes;
};

void apply(Wallet& wallet, const Effects& effects, Sequence sequence);

}  // namespace huitong::wallet
