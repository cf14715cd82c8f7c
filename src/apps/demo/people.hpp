// Four institutions as four processes, and the people of each, ready to trade.
#pragma once

#include <memory>
#include <string>

#include "apps/demo/network.hpp"
#include "apps/processes/topology.hpp"

namespace huitong::apps {

struct People {
    std::unique_ptr<Caller> caller;  // which they all share
    std::unique_ptr<Topology> institutions;
    std::unique_ptr<DemoNetwork> shops;         // of the acquirer
    std::unique_ptr<DemoNetwork> wallet_users;  // two
    std::unique_ptr<DemoNetwork> bank_users;    // two

    // Starts the institutions and registers everybody, or finds them again on old data; the
    // operators' password is the demo's. On failure `why` says what went wrong.
    static Result<People> start(TopologyPlan plan, std::size_t shops, std::string& why);
};

}  // namespace huitong::apps
