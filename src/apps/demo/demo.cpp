// demo: a platform on embedded storage with shops, customers and light traffic, so that there is
// something to look at.
#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <thread>

#include "apps/commands.hpp"
#include "apps/demo/network.hpp"
#include "apps/demo/story.hpp"
#include "apps/log.hpp"
#include "apps/platform.hpp"
#include "apps/signals.hpp"
#include "crypto/random.hpp"

namespace huitong::apps {
namespace {

struct DemoOptions {
    std::string data = "data/demo";
    std::string portal = "portal/dist";
    bool once = false;
    bool quiet = false;
    std::uint32_t payments_per_minute = 60;
};

// Continuous light traffic, with some declines and some refunds, until it is told to stop.
class Traffic {
public:
    Traffic(DemoNetwork& network, std::uint32_t per_minute)
        : network_(network),
          pause_(std::chrono::milliseconds(60'000 / std::max<std::uint32_t>(per_minute, 1))) {
        thread_ = std::thread([this] { run(); });
    }
    ~Traffic() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            wake_.notify_all();
        }
        thread_.join();
    }

private:
    void run() {
        for (std::uint64_t i = 0;; ++i) {
            one(i);
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, pause_, [this] { return stopping_; })) return;
        }
    }
    void one(std::uint64_t i) {
        Shop& shop = *network_.shops()[i % network_.shops().size()];
        Customer& customer = *network_.customers()[i * 7 % network_.customers().size()];
        const std::string tag = crypto::random_hex(8);
        // Every ninth is too dear, every fifth is given back in part.
        const std::int64_t total =
            i % 9 == 8 ? 99'999'00 : 1'00 + static_cast<std::int64_t>(i * 7919 % 90'00);
        const auto code = shop.order("demo-" + tag, "演示商品", total);
        if (!code)
            return log_error("demo_order_failed",
                             {
                                 {"error", std::string(describe(code.error()).name)}
            });
        const auto paid = customer.pay("demo-" + tag, *code);
        if (!paid) return;
        if (paid->status == 401) (void)customer.log_in();
        if (json_at(paid->body, "/state") == "DECLINED" && total < 1'000'00)
            (void)customer.top_up("demo-top-up-" + tag, 2'000'00);
        if (i % 5 == 4)
            (void)shop.refund("demo-" + tag, "demo-r-" + tag, total / 2, total, "演示退款");
    }

    DemoNetwork& network_;
    std::chrono::milliseconds pause_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

void print_addresses(const Platform& platform) {
    fmt::print(
        "\nOpen\n"
        "  wallet    {0}/wallet/     log in as alice, bob, carol or dave; password \"{1}\", "
        "payment password {2}\n"
        "  operator  {0}/operator/   log in as admin; password \"{1}\"\n"
        "  merchant  {3}/v3/pay/transactions/native   (WeChat Pay APIv3; README: the merchant's "
        "five-minute start)\n"
        "  metrics   {4}/metrics\n"
        "Ctrl-C ends the demo; what it did stays in its data directory.\n",
        platform.portal_url(), demo_password, demo_payment_password, platform.merchant_url(),
        platform.observability_url());
    std::fflush(stdout);
}

int run(const DemoOptions& options, const Config& config) {
    const SignalsHeld signals;
    std::string why;
    fmt::print("starting the platform on {}\n", config.data);
    std::fflush(stdout);
    auto platform = Platform::start(config, why);
    if (!platform) {
        fmt::print(stderr, "the demo cannot start: {}\n", why);
        return EXIT_FAILURE;
    }
    fmt::print("registering shops and customers\n");
    std::fflush(stdout);
    const auto network = DemoNetwork::make({.merchant_url = (*platform)->merchant_url(),
                                            .portal_url = (*platform)->portal_url(),
                                            .one_time_password = (*platform)->one_time_password()},
                                           config.data + "-shops", why);
    if (!network) {
        fmt::print(stderr, "the demo cannot go on: {}\n", why);
        return EXIT_FAILURE;
    }
    const bool held = tell_story(**network, crypto::random_hex(8));
    if (options.once) return held ? EXIT_SUCCESS : EXIT_FAILURE;
    print_addresses(**platform);
    const Traffic traffic(**network, options.payments_per_minute);
    while (signals.wait() == SIGHUP) (void)(*platform)->reload_tls();
    fmt::print("stopping\n");
    return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

int demo(const DemoOptions& options) {
    Config config;
    config.data = options.data;
    config.portal = options.portal;
    config.notices_to_private_addresses = true;  // The demo's shops listen on loopback.
    set_log_level(options.quiet || options.once ? "err" : "info");
    if (!options.once) return run(options, config);

    // One cycle leaves nothing behind: free ports, a directory of its own that is removed.
    config.data =
        (std::filesystem::temp_directory_path() / ("huitong-demo-" + crypto::random_hex(8)))
            .string();
    for (DoorConfig* door :
         {&config.merchant, &config.portal_door, &config.observability, &config.institution})
        door->port = 0;
    const int status = run(options, config);
    for (const char* end : {"", "-shops", ".key"}) std::filesystem::remove_all(config.data + end);
    return status;
}

}  // namespace

void add_demo(CLI::App& app, int& status) {
    auto options = std::make_shared<DemoOptions>();
    CLI::App* command =
        app.add_subcommand("demo", "Run a demo network with shops, customers and light traffic");
    command->add_flag("--once", options->once,
                      "One payment's whole story with checks, then end with 0 or 1");
    command->add_option("--data", options->data, "The demo's data directory")
        ->capture_default_str();
    command->add_option("--portal", options->portal, "The built pages")->capture_default_str();
    command->add_option("--rate", options->payments_per_minute, "Payments a minute")
        ->check(CLI::Range(1, 60'000))
        ->capture_default_str();
    command->add_flag("--quiet", options->quiet, "Log errors only");
    command->callback([options, &status] { status = demo(*options); });
}

}  // namespace huitong::apps
