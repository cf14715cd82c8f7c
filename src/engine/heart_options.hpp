// What the heart is configured with.
#pragma once

#include "acquiring/acquiring.hpp"
#include "ledger/account.hpp"
#include "switching/switching.hpp"
#include "wallet/wallet.hpp"

namespace huitong::engine {

// What decisions are judged by. Versioned configuration, with defaults.
struct Rules {
    ledger::Limits ledger;
    wallet::Rules wallet;
    acquiring::Rules acquiring;
    switching::Rules switching;
};

// Limits of the heart; each is a named bound on a queue, a loop or memory.
struct HeartOptions {
    Rules rules;
    std::size_t queue_max = 20'000;  // commands waiting; beyond: overloaded
    std::size_t batch_max = 2'048;   // commands decided for one batch
    std::size_t rounds_max = 4;      // fetches for one command
    std::size_t orders_in_memory = 200'000;
    std::size_t payments_in_memory = 200'000;
    std::size_t others_in_memory = 100'000;  // users, funding sources, top-ups, refunds, each
    Duration timer_horizon = hours(1);       // due times nearer than this are kept in memory
};

}  // namespace huitong::engine
