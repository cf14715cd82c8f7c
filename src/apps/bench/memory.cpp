// bench memory: bytes of state for each idle account, and the time to start with a million accounts
// and a tail of payments that the tables do not have yet.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <malloc.h>

#include "apps/bench/commands.hpp"
#include "apps/bench/world.hpp"
#include "apps/store.hpp"
#include "ledger/book.hpp"

namespace huitong::apps::bench {
namespace {

std::uint64_t resident_bytes() {
    malloc_trim(0);
    std::ifstream status("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    status >> pages >> resident;
    return resident * 4096;
}

// First of all, in a process that has freed nothing yet: what the accounts take is what it grows
// by.
void measure_accounts(std::uint64_t accounts) {
    const std::uint64_t before = resident_bytes();
    ledger::Book book;
    for (std::uint64_t i = 1; i <= accounts; ++i) book.load({.id = AccountId{i << 12}});
    fmt::print("state: {:.0f} bytes for each of {} idle accounts (balances and index)\n",
               static_cast<double>(resident_bytes() - before) / static_cast<double>(accounts),
               book.size());
}

// Makes the directory: accounts in the tables, then a tail of payments that only the journal has.
Result<void> prepare(const MemoryOptions& options) {
    TRY(store, Store::open(options.data));
    engine::SystemClock clock;
    engine::Heart heart(*store.journal, *store.tables, clock, {});
    CHECK(heart.start());
    Pump pump(heart);
    // A user opens a wallet account and a funding account: two accounts each.
    TRY(world, make_world(pump, {.merchants = 10, .users = options.accounts / 2}));
    std::vector<OrderId> orders(options.tail);
    pump.run(
        options.tail, 1'000, 0, [&](std::uint64_t i) { return order_command(world, i); },
        [&](const engine::Request& request, std::uint64_t i) {
            if (request.answer)
                orders[i] = std::get<engine::OrderAnswer>(*request.answer).order.id();
        });
    while (!heart.wait_stored(Sequence{heart.counters().committed}, std::chrono::seconds(10))) {}
    heart.pause_reader(true);
    const auto report = pump.run(
        options.tail, 1'000, 0, [&](std::uint64_t i) { return pay_command(world, orders[i], i); },
        [](const engine::Request&, std::uint64_t) {});
    if (report.refused > 0) return refuse(Error::outcome_unknown);
    heart.abandon();  // As a crash would: the tables keep lacking the tail.
    return {};
}

Result<void> measure(const MemoryOptions& options) {
    const std::uint64_t before = resident_bytes();
    const Clock::time_point start = Clock::now();
    const std::uint64_t cpu = own_cpu_microseconds();
    TRY(store, Store::open(options.data));
    engine::SystemClock clock;
    engine::Heart heart(*store.journal, *store.tables, clock, {});
    heart.pause_reader(true);
    CHECK(heart.start());
    const double seconds = seconds_since(start);
    const std::uint64_t used = own_cpu_microseconds() - cpu;
    Pump pump(heart);
    TRY(answer, pump.ask(engine::QueryState{}));
    const auto& state = std::get<engine::StateAnswer>(answer);
    fmt::print("start: {} accounts and a tail of {} payments in {:.2f} s\n", state.accounts,
               options.tail, seconds);
    fmt::print("    the whole process grew by {:.0f} MB\n    {}\n",
               static_cast<double>(resident_bytes() - before) / 1e6,
               limit_of(
                   {
                       {"start-up", used}
    },
                   0, seconds));
    heart.abandon();
    return {};
}

}  // namespace

int run_memory(const MemoryOptions& options) {
    print_machine("bench memory: idle accounts and start-up");
    std::filesystem::remove_all(options.data);
    measure_accounts(options.accounts);
    auto done = prepare(options);
    if (done) done = measure(options);
    if (!done) fmt::print(stderr, "the benchmark stopped: {}\n", explain(done.error()));
    std::filesystem::remove_all(options.data);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace huitong::apps::bench
