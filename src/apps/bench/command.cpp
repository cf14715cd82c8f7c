// bench: which benchmark, with which options.
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "apps/bench/commands.hpp"
#include "apps/command_line.hpp"
#include "apps/commands.hpp"

namespace huitong::apps {
namespace {

void add_engine(Command bench, int& status) {
    auto options = std::make_shared<bench::EngineOptions>();
    Command command =
        bench.add_subcommand("engine", "Durable payments through the heart, without doors");
    command.add_option("--data", options->data, "Directory for the run; removed at the end")
        .capture_default_str();
    command.add_option("--seconds", options->seconds, "Length of the run with the reader paused")
        .capture_default_str();
    command
        .add_option("--payments", options->payments,
                    "Payments with the reader running (0: leave out)")
        .capture_default_str();
    command.add_option("--in-flight", options->in_flight, "Payments under way at once")
        .capture_default_str();
    command.add_option("--chunk", options->chunk, "Orders made, then paid, at a time")
        .capture_default_str();
    command.callback([options, &status] { status = bench::run_engine(*options); });
}

// `family`: whether it has a choice of keys.
void add_door(Command bench, int& status, const char* name, const char* help, std::uint64_t count,
              bool family, int (*run)(const bench::DoorBenchOptions&)) {
    auto options = std::make_shared<bench::DoorBenchOptions>();
    options->count = count;
    Command command = bench.add_subcommand(name, help);
    command.add_option("--data", options->data, "Directory for the run; removed at the end")
        .capture_default_str();
    command.add_option("--connections", options->connections, "Keep-alive connections")
        .capture_default_str();
    command.add_option("--count", options->count, "Requests").capture_default_str();
    if (family)
        command.add_option("--crypto", options->crypto, "The merchant's keys")
            .one_of({"rsa", "sm2"})
            .capture_default_str();
    command.callback([options, run, &status] { status = run(*options); });
}

void add_switch(Command bench, int& status) {
    auto options = std::make_shared<bench::SwitchOptions>();
    Command command =
        bench.add_subcommand("switch", "Payments between two institutions through a switch");
    command.add_option("--data", options->data, "Directory for the run; removed at the end")
        .capture_default_str();
    command.add_option("--count", options->count, "Payments").capture_default_str();
    command.add_option("--in-flight", options->in_flight, "Payments under way at once")
        .capture_default_str();
    command.callback([options, &status] { status = bench::run_switch(*options); });
}

void add_memory(Command bench, int& status) {
    auto options = std::make_shared<bench::MemoryOptions>();
    Command command =
        bench.add_subcommand("memory", "Bytes for an idle account, and the time to start");
    command.add_option("--data", options->data, "Directory for the run; removed at the end")
        .capture_default_str();
    command.add_option("--accounts", options->accounts, "Accounts").capture_default_str();
    command.add_option("--tail", options->tail, "Payments that only the journal has")
        .capture_default_str();
    command.callback([options, &status] { status = bench::run_memory(*options); });
}

void add_messages(Command bench, int& status) {
    auto options = std::make_shared<bench::Iso8583Options>();
    Command command = bench.add_subcommand("iso8583", "Messages decoded and encoded on one core");
    command.add_option("--seconds", options->seconds, "Length of each part").capture_default_str();
    command.callback([options, &status] { status = bench::run_iso8583(*options); });
}

void add_codes(Command bench, int& status) {
    auto options = std::make_shared<bench::QrOptions>();
    Command command = bench.add_subcommand("qr", "Payment codes read and written on one core");
    command.add_option("--seconds", options->seconds, "Length of each figure's run")
        .capture_default_str();
    command.callback([options, &status] { status = bench::run_qr(*options); });
}

}  // namespace

void add_bench(Command app, int& status) {
    Command bench = app.add_subcommand(
        "bench", "Measure this machine; prints ratios to limits of the same run");
    bench.require_subcommand(1);
    add_engine(bench, status);
    add_door(bench, status, "wallet", "Payments through the wallet door", 200'000, false,
             bench::run_wallet);
    add_door(bench, status, "merchant", "Signed prepay requests through the merchant door", 20'000,
             true, bench::run_merchant);
    add_switch(bench, status);
    add_memory(bench, status);
    add_messages(bench, status);
    add_codes(bench, status);
    Command all = bench.add_subcommand("all", "Every benchmark, with its defaults");
    all.callback([&status] {
        // Memory first: it looks at what a fresh process grows by.
        for (const int one :
             {bench::run_memory({}), bench::run_engine({}), bench::run_wallet({.count = 200'000}),
              bench::run_merchant({.count = 20'000}), bench::run_switch({}), bench::run_iso8583({}),
              bench::run_qr({})})
            status = one == EXIT_SUCCESS ? status : one;
    });
}

}  // namespace huitong::apps
