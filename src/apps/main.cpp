// huitong: the one program. Each subcommand is a function of its own file; here they only get their
// options.
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "apps/bench_commands.hpp"
#include "apps/version.hpp"

namespace huitong::apps {
namespace {

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

}  // namespace
}  // namespace huitong::apps

int main(int argc, char** argv) {
    CLI::App app{"Huitong: any wallet pays any code. Wallet, acquirer and switch in one program."};
    app.set_version_flag("--version", std::string(huitong::apps::version) + " (" +
                                          std::string(huitong::apps::commit) + ")");
    app.require_subcommand(1);
    int status = EXIT_SUCCESS;
    huitong::apps::add_bench(app, status);
    CLI11_PARSE(app, argc, argv);
    return status;
}
