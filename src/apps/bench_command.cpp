// bench: which benchmark, with which options.
#include <CLI/CLI.hpp>

#include "apps/bench_commands.hpp"
#include "apps/commands.hpp"

namespace huitong::apps {

void add_bench(CLI::App& app, int& status) {
    CLI::App* bench = app.add_subcommand(
        "bench", "Measure this machine; prints ratios to limits of the same run");
    bench->require_subcommand(1);
    auto engine = std::make_shared<bench::EngineOptions>();
    CLI::App* command =
        bench->add_subcommand("engine", "Durable payments through the heart, without doors");
    command->add_option("--data", engine->data, "Directory for the run; removed at the end")
        ->capture_default_str();
    command->add_option("--seconds", engine->seconds, "Length of the run with the reader paused")
        ->capture_default_str();
    command
        ->add_option("--payments", engine->payments,
                     "Payments with the reader running (0: leave out)")
        ->capture_default_str();
    command->add_option("--in-flight", engine->in_flight, "Payments under way at once")
        ->capture_default_str();
    command->add_option("--chunk", engine->chunk, "Orders made, then paid, at a time")
        ->capture_default_str();
    command->callback([engine, &status] { status = bench::run_engine(*engine); });
}

}  // namespace huitong::apps
