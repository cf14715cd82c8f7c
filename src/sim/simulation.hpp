// A whole life of the network from one seed: payments, refunds and repeats by the hundred while
// everything fails; then nothing fails any more, and all must come to an end.
#pragma once

#include <set>

#include "sim/network.hpp"

namespace huitong::sim {

struct Report {
    std::vector<std::string> findings;  // empty: nothing is broken
    std::map<std::string, std::uint64_t> counts;
};

class Simulation {
public:
    explicit Simulation(std::uint64_t seed, Bug bug = Bug::none);

    // `payments` wishes, of users, tills and merchants.
    Report run(std::size_t payments);

private:
    using Answered = std::function<void(const engine::Answer&)>;

    void open_shops();
    // Asks, and when there is no answer, asks the same again, as a careful client does.
    void insist(Place place, engine::Command command, Answered answered);
    void wish();
    void pay_by_scanning();
    void pay_by_showing();
    void charge(const std::string& code, std::int64_t minor, UserId user);
    void give_back();
    void confirm(PaymentId payment, UserId user);
    acquiring::OrderTerms new_order(std::int64_t minor);
    void with_order(std::int64_t minor, std::function<void(OrderId)> use);

    void check_steps();
    void check_end();
    void check_ends_of(Place place);
    void check_pairs();
    void check_positions(Place a, Place b);
    void find(std::string what);

    Network net_;
    Report report_;
    std::vector<UserId> users_;
    std::vector<MerchantId> shops_;
    std::vector<std::pair<OrderId, std::int64_t>> orders_;
    std::uint64_t named_ = 0;
    // What somebody was told for certain: a payment, and that it is done.
    std::set<std::pair<Place, PaymentId>> told_done_;
};

}  // namespace huitong::sim
