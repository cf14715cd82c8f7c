// serve: runs the platform until SIGTERM or SIGINT, which drain it; SIGHUP reads TLS certificates
// again.
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <string>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/log.hpp"
#include "apps/platform.hpp"
#include "apps/signals.hpp"

namespace huitong::apps {

Result<Config> config_of(const std::string& file, const std::string& data) {
    Config config;
    if (!file.empty()) {
        std::string why;
        auto read = read_config(file, why);
        if (!read) {
            fmt::print(stderr, "{}: {}\n", file, why);
            return refuse(read.error());
        }
        config = std::move(*read);
    }
    if (!data.empty()) config.data = data;
    return config;
}

namespace {

void print_doors(const Platform& platform) {
    const std::string& iso8583 = platform.iso8583_address();
    fmt::print("merchant door  {}\n", platform.merchant_url());
    fmt::print("wallet         {}/wallet/\n", platform.portal_url());
    fmt::print("operator       {}/operator/\n", platform.portal_url());
    fmt::print("metrics        {}/metrics\n", platform.observability_url());
    fmt::print("institutions   {}\n", platform.institution_url());
    fmt::print("ISO 8583       {}\n",
               iso8583.empty() ? "off: no institution_code is set" : iso8583);
    std::fflush(stdout);
}

int serve(const std::string& file, const std::string& data) {
    const auto config = config_of(file, data);
    if (!config) return EXIT_FAILURE;
    set_log_level(config->log_level);
    const SignalsHeld signals;  // Before any thread: all of them inherit the mask.
    std::string why;
    auto platform = Platform::start(*config, why);
    if (!platform) {
        fmt::print(stderr, "huitong cannot start: {}\n", why);
        return EXIT_FAILURE;
    }
    if (const std::string& password = (*platform)->one_time_password(); !password.empty())
        fmt::print(
            "first start: operator \"admin\", one-time password {} (it must be changed at the "
            "first log-in)\n",
            password);
    print_doors(**platform);
    while (signals.wait() == SIGHUP) {
        const auto reloaded = (*platform)->reload_tls();
        reloaded ? log_info("tls_reloaded")
                 : log_error("tls_not_reloaded",
                             {
                                 {"error", std::string(describe(reloaded.error()).text_en)}
        });
    }
    log_info("draining");
    platform->reset();
    log_info("stopped");
    return EXIT_SUCCESS;
}

}  // namespace

void add_serve(Command app, int& status) {
    auto file = std::make_shared<std::string>();
    auto data = std::make_shared<std::string>();
    Command command =
        app.add_subcommand("serve", "Run the platform: every door, on embedded storage");
    command.add_option("--config", *file, "A TOML file; docs/operator.md lists the settings")
        .existing_file();
    command.add_option("--data", *data, "The data directory, over the file's");
    command.callback([file, data, &status] { status = serve(*file, *data); });
}

}  // namespace huitong::apps
