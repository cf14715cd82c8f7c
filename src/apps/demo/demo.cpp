// demo: four institutions as four processes, with shops, customers and light traffic, so that there
// is something to look at.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/demo/people.hpp"
#include "apps/demo/story.hpp"
#include "apps/log.hpp"
#include "apps/signals.hpp"
#include "crypto/random.hpp"

namespace huitong::apps {
namespace {

struct DemoOptions {
    std::string data = "data/demo";
    std::string portal = "portal/dist";
    bool once = false;
    std::uint32_t payments_per_minute = 60;
};

constexpr std::uint16_t demo_port = 8480;  // the acquirer's first; the others' are 10 apart
// Soon, so that the story of a dead institution need not be long.
constexpr std::int64_t give_up_ms = 4'000;

// Continuous light traffic, with some declines and some refunds, until it is told to stop.
class Traffic {
public:
    Traffic(const People& people, std::uint32_t per_minute)
        : people_(people),
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
    // Every third is charged at a till, every ninth is too dear, every fifth is given back in part.
    void one(std::uint64_t i) {
        Shop& shop = *people_.shops->shops()[i % people_.shops->shops().size()];
        auto& users = i % 4 == 3 ? *people_.bank_users : *people_.wallet_users;
        Customer& customer = *users.customers()[i * 7 % users.customers().size()];
        const std::string tag = crypto::random_hex(8);
        const std::int64_t total =
            i % 9 == 8 ? 99'999'00 : 1'00 + static_cast<std::int64_t>(i * 7919 % 90'00);
        const bool paid = i % 3 == 2 ? at_the_till(shop, customer, "demo-" + tag, total)
                                     : by_scan(shop, customer, "demo-" + tag, total);
        if (!paid && total < 1'000'00) {
            (void)customer.log_in();  // The session may have ended, or the money.
            (void)customer.top_up("demo-top-up-" + tag, 2'000'00);
        }
        if (paid && i % 5 == 4)
            (void)shop.refund("demo-" + tag, "demo-r-" + tag, total / 2, total, "演示退款");
    }
    static bool at_the_till(Shop& shop, Customer& customer, const std::string& number,
                            std::int64_t total) {
        const auto code = customer.show_code();
        if (!code) return false;
        const auto charged = shop.charge(number, "演示商品", total, *code);
        return charged && json_at(charged->body, "/trade_state") == "SUCCESS";
    }
    static bool by_scan(Shop& shop, Customer& customer, const std::string& number,
                        std::int64_t total) {
        const auto code = shop.order(number, "演示商品", total);
        auto seen = code ? customer.scan(*code) : refuse(code.error());
        if (seen && seen->open_amount) seen->total = total;
        const auto paid = seen ? customer.pay(number, *seen) : refuse(seen.error());
        return paid && json_at(paid->body, "/state") == "COMPLETED";
    }

    const People& people_;
    std::chrono::milliseconds pause_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

void print_addresses(const Topology& all) {
    fmt::print("\nOpen (password \"{}\", payment password {})\n", demo_password,
               demo_payment_password);
    const auto line = [](const Institution& at, const char* who) {
        fmt::print("  {}  wallet {}/wallet/{}, operator {}/operator/ (admin), metrics {}/metrics\n",
                   at.name, at.process.doors().portal_url, who, at.process.doors().portal_url,
                   at.process.doors().observability_url);
    };
    line(all.wallet, " (alice, bob)");
    line(all.bank, " (carol, dave)");
    line(all.acquirer, "");
    line(all.the_switch, "");
    fmt::print(
        "  merchants  {}/v3/pay/transactions/native   (WeChat Pay APIv3; README: the merchant's "
        "five-minute start)\n"
        "Ctrl-C ends the demo; what it did stays in its data directory.\n",
        all.acquirer.process.doors().merchant_url);
    std::fflush(stdout);
}

int run(const DemoOptions& options) {
    const SignalsHeld signals;
    std::string why;
    fmt::print("starting a wallet, a bank, an acquirer and the switch between them, on {}\n",
               options.data);
    std::fflush(stdout);
    auto people = People::start({.folder = options.data,
                                 .portal = options.portal,
                                 .first_port = options.once ? std::uint16_t{0} : demo_port,
                                 .password = {},
                                 .give_up_ms = give_up_ms},
                                3, why);
    if (!people) {
        fmt::print(stderr, "the demo cannot start: {}\n", why);
        return EXIT_FAILURE;
    }
    const bool held = tell_story(*people, crypto::random_hex(4));
    if (!options.once) {
        print_addresses(*people->institutions);
        const Traffic traffic(*people, options.payments_per_minute);
        while (signals.wait() == SIGHUP) {
            for (Institution* each : people->institutions->all()) kill(each->process.id(), SIGHUP);
        }
        fmt::print("stopping\n");
    }
    for (Institution* each : people->institutions->all()) each->process.end(SIGTERM);
    return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

int demo(DemoOptions options) {
    set_log_level("err");
    if (!options.once) return run(options);
    // One cycle leaves nothing behind: free ports, a directory of its own that is removed.
    options.data =
        (std::filesystem::temp_directory_path() / ("huitong-demo-" + crypto::random_hex(8)))
            .string();
    const int status = run(options);
    if (status == EXIT_SUCCESS)
        std::filesystem::remove_all(options.data);
    else
        fmt::print(stderr, "what the institutions logged is in {}\n", options.data);
    return status;
}

}  // namespace

void add_demo(Command app, int& status) {
    auto options = std::make_shared<DemoOptions>();
    Command command =
        app.add_subcommand("demo", "Run four institutions with shops, customers and light traffic");
    command.add_flag("--once", options->once, "The whole story with checks, then end with 0 or 1");
    command.add_option("--data", options->data, "The demo's data directory").capture_default_str();
    command.add_option("--portal", options->portal, "The built pages").capture_default_str();
    command.add_option("--rate", options->payments_per_minute, "Payments a minute")
        .range(1, 60'000)
        .capture_default_str();
    command.callback([options, &status] { status = demo(*options); });
}

}  // namespace huitong::apps
