// The people of a benchmark: one institution, merchants and funded users, made through the heart
// like any others.
#pragma once

#include <string>
#include <vector>

#include "apps/bench/bench.hpp"

namespace huitong::apps::bench {

struct World {
    std::vector<MerchantId> merchants;
    std::vector<wallet::Session> users;
    std::string appid = "wxbenchbenchbench0";
};

struct WorldSize {
    std::uint32_t merchants = 100;
    std::uint32_t users = 10'000;
};

// Registers everybody and tops every user up.
Result<World> make_world(Pump& pump, WorldSize size);

// The i-th order of the benchmark, for a hundredth of a yuan, at one of the merchants.
engine::Command order_command(const World& world, std::uint64_t i);
// A payment of that order by one of the users.
engine::Command pay_command(const World& world, OrderId order, std::uint64_t i);

}  // namespace huitong::apps::bench
