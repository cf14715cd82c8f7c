// The state of the merchant side, and what a decision changes in it. Whoever only asks the heart
// needs neither, and does without these containers (acquiring.hpp).
#pragma once

#include <boost/container/small_vector.hpp>
#include <vector>

#include "acquiring/merchant.hpp"
#include "acquiring/order.hpp"
#include "acquiring/refund.hpp"
#include "base/registry.hpp"
#include "base/shelf.hpp"

namespace huitong::acquiring {

struct Acquiring {
    explicit Acquiring(Hash128 secret);
    Acquiring(Acquiring&& other) noexcept;
    ~Acquiring();

    Registry<Merchant> merchants;
    Registry<MerchantKey> merchant_keys;
    Registry<PlatformKey> platform_keys;
    Shelf<Order> orders;
    Shelf<Refund> refunds;
};

struct Effects {
    std::vector<Image<Merchant>> merchants;
    std::vector<Image<MerchantKey>> merchant_keys;
    std::vector<Image<PlatformKey>> platform_keys;
    boost::container::small_vector<Image<Order>, 1> orders;
    std::vector<Image<Refund>> refunds;
};

void apply(Acquiring& acquiring, const Effects& effects, Sequence sequence);

}  // namespace huitong::acquiring
