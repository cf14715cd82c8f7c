// Four institutions as four processes of this program: a wallet, a bank, an acquirer and the switch
// between them. The bank speaks ISO 8583 with the switch, the others JSON.
//
//     wallet (users) --JSON--+
//                            switch --JSON-- acquirer (shops)
//     bank (users) --ISO-----+
//
// Wallet, bank and acquirer know nobody but the switch, which knows whose each code is.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include "apps/processes/peering.hpp"

namespace huitong::apps {

struct TopologyPlan {
    std::string folder;            // every institution has a folder of its own in it
    std::string portal;            // the built pages; empty: none
    std::uint16_t first_port = 0;  // the acquirer's ports from here on, the others' behind; 0: any
    std::string password;          // of every operator
    std::int64_t give_up_ms = 30'000;  // a responder that has not answered by then is given up
};

class Topology {
public:
    // Starts all four, or starts them again on their old data, and introduces them to one another.
    // On failure `why` says what went wrong.
    static Result<std::unique_ptr<Topology>> start(const TopologyPlan& plan, Caller& caller,
                                                   std::string& why);

    // Starts one again that was ended; it keeps its addresses.
    Result<void> restart(Institution& institution);

    // Of each pair that shares a link: what each says the other owes it. They agree when both sums
    // are zero; nothing is told of a pair while one of the two does not answer.
    struct Pair {
        std::string one, other;
        std::int64_t one_says_minor = 0, other_says_minor = 0;

        [[nodiscard]] bool agree() const { return one_says_minor + other_says_minor == 0; }
    };
    Result<std::vector<Pair>> positions();
    // Payments that have not come to an end yet, over all four.
    Result<std::uint64_t> unfinished();

    Institution wallet, bank, acquirer, the_switch;
    [[nodiscard]] std::array<Institution*, 4> all() {
        return {&wallet, &bank, &acquirer, &the_switch};
    }

private:
    Topology(const TopologyPlan& plan, Caller& caller) : plan_(plan), caller_(caller) {}

    void plan_institutions();
    Result<void> introduce(Institution& leaf, const OwnedCodes& codes);

    TopologyPlan plan_;
    Caller& caller_;
};

}  // namespace huitong::apps
