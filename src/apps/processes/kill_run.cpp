// kill-run: a server of its own under load, killed (kill -9) at random moments and started again.
// After every start each acknowledged order, payment and refund must be there, each unknown one
// must come to one end when it is repeated with the same key, and the audit must be clean.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/demo/network.hpp"
#include "apps/processes/server_process.hpp"
#include "crypto/random.hpp"

namespace huitong::apps {
namespace {

using namespace std::chrono_literals;

struct KillOptions {
    std::uint32_t rounds = 5;
    std::uint64_t seed = 0;
    std::string data;
};

// One order's way, as far as the server has acknowledged it.
struct KillWay {
    std::string number;
    std::string code;
    Proof proof = Proof::session;  // a password takes its time, by design: few show one
    bool ordered = false, paid = false, refunded = false;
};

constexpr std::int64_t kill_price_minor = 3;
constexpr std::int64_t kill_refund_minor = 1;

// Goes as far as the server lets it: order, payment, for every third a refund. False when an answer
// is wrong.
bool walk(KillWay& way, Shop& shop, Customer& customer, bool refund, std::string& wrong) {
    if (!way.ordered) {
        const auto code = shop.order(way.number, "kill-run", kill_price_minor);
        if (!code) return code.error() != Error::peer_refused || (wrong = "order refused", false);
        way.code = *code;
        way.ordered = true;
    }
    if (!way.paid) {
        const auto paid = customer.pay(way.number, way.code, way.proof);
        if (!paid || paid->status >= 500 || paid->status == 429)
            return true;  // Unknown: repeated later.
        if (json_at(paid->body, "/state") != "COMPLETED")
            return wrong = "payment: " + paid->body, false;
        way.paid = true;
    }
    if (refund && !way.refunded) {
        const auto back = shop.refund(way.number, "R" + way.number, kill_refund_minor,
                                      kill_price_minor, "kill-run");
        if (!back) return true;
        way.refunded = json_at(*back, "/status") == "SUCCESS";
    }
    return true;
}

class KillRun {
public:
    explicit KillRun(const KillOptions& options) : options_(options), random_(options.seed) {}

    int run() {
        for (std::uint32_t round = 1; round <= options_.rounds; ++round) {
            if (!one_round(round)) return failed(round);
        }
        if (!last_look()) return failed(options_.rounds + 1);
        fmt::print(
            "{} kills, {} orders, {} acknowledged payments, {} refunds: nothing lost, nothing half "
            "done\n",
            options_.rounds, ways_.size(), count(&KillWay::paid), count(&KillWay::refunded));
        std::filesystem::remove_all(options_.data);
        return EXIT_SUCCESS;
    }

private:
    int failed(std::uint32_t round) {
        fmt::print(stderr, "round {} (seed {}): {}; the store is kept in {}\n", round,
                   options_.seed, wrong_, options_.data);
        return EXIT_FAILURE;
    }
    std::size_t count(bool KillWay::* what) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(ways_, [what](const KillWay& way) { return way.*what; }));
    }

    bool up(ServerProcess& server) {
        auto started = ServerProcess::start({.folder = options_.data});
        if (!started) return wrong_ = "the server does not start: see log.txt", false;
        server = std::move(*started);
        const ServerDoors& doors = server.doors();
        auto network = DemoNetwork::make({.merchant_url = doors.merchant_url,
                                          .portal_url = doors.portal_url,
                                          .one_time_password = doors.one_time_password,
                                          .shops = 1,
                                          .customers = 2},
                                         options_.data + "/shops", wrong_);
        if (!network) return false;
        network_ = std::move(*network);
        return true;
    }

    bool one_round(std::uint32_t round) {
        ServerProcess server;
        if (!up(server)) return false;
        bool good = check_acknowledged();
        std::atomic<bool> stop = false;
        std::thread load([&] { work(stop); });
        std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 1'500));
        server.end(SIGKILL);
        stop = true;
        load.join();
        network_.reset();
        good = good && wrong_.empty() && audit();
        fmt::print("round {}: {} orders, {} paid\n", round, ways_.size(), count(&KillWay::paid));
        std::fflush(stdout);
        return good;
    }

    // Everything unfinished is walked to its end, then everything is looked at once more.
    bool last_look() {
        ServerProcess server;
        if (!up(server)) return false;
        for (std::size_t i = 0; i < ways_.size(); ++i) {
            if (!walk(ways_[i], *network_->shops()[0], customer_of(i), i % 3 == 0, wrong_))
                return false;
            if (!ways_[i].paid) return wrong_ = "no end: " + ways_[i].number, false;
        }
        checked_ = 0;
        const bool good = check_acknowledged();
        network_.reset();
        server.end(SIGTERM);
        return good && audit();
    }

    // What was acknowledged before the kill is there. Only what changed since the last look is
    // asked again.
    bool check_acknowledged() {
        for (std::size_t i = checked_; i < ways_.size(); ++i) {
            const KillWay& way = ways_[i];
            if (!way.ordered) continue;
            const auto order = network_->shops()[0]->query(way.number);
            const std::string state = order ? json_at(*order, "/trade_state") : "LOST";
            const bool good = way.refunded ? state == "REFUND"
                              : way.paid   ? state == "SUCCESS" || state == "REFUND"
                                           : order.has_value();
            if (!good)
                return wrong_ = fmt::format("acknowledged order {} is {}", way.number, state),
                       false;
        }
        checked_ = ways_.size();
        return true;
    }

    void work(const std::atomic<bool>& stop) {
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < 4; ++t) threads.emplace_back([&, t] { work_one(stop, t); });
        for (std::thread& thread : threads) thread.join();
    }
    void work_one(const std::atomic<bool>& stop, std::size_t thread) {
        std::vector<KillWay> mine;
        std::string wrong;
        for (std::size_t i = 0; !stop; ++i) {
            KillWay way{.number = fmt::format("kill-{}-{}", crypto::random_hex(10), thread),
                        .proof = i % 64 == 0 ? Proof::password : Proof::session};
            const bool good = walk(way, *network_->shops()[0], *network_->customers()[thread % 2],
                                   i % 3 == 0, wrong);
            const bool gone = !way.ordered;  // The server: it was killed.
            mine.push_back(std::move(way));
            if (!good || gone) break;
        }
        const std::lock_guard lock(mutex_);
        for (KillWay& way : mine) {
            owner_.push_back(thread % 2);
            ways_.push_back(std::move(way));
        }
        if (!wrong.empty()) wrong_ = wrong;
    }
    Customer& customer_of(std::size_t i) { return *network_->customers()[owner_[i]]; }

    bool audit() {
        const std::string command = fmt::format("{} audit --data {}/store > {}/audit.txt 2>&1",
                                                own_program(), options_.data, options_.data);
        if (std::system(command.c_str()) == 0) return true;
        return wrong_ = "the audit is not clean: see audit.txt", false;
    }

    const KillOptions& options_;
    std::mt19937_64 random_;
    std::unique_ptr<DemoNetwork> network_;
    std::mutex mutex_;
    std::vector<KillWay> ways_;
    std::vector<std::size_t> owner_;  // which customer pays
    std::size_t checked_ = 0;
    std::string wrong_;
};

}  // namespace

void add_kill_run(Command app, int& status) {
    auto options = std::make_shared<KillOptions>();
    options->seed = std::random_device{}();
    options->data =
        (std::filesystem::temp_directory_path() / ("huitong-kill-" + crypto::random_hex(8)))
            .string();
    Command command =
        app.add_subcommand("kill-run", "Kill a server of its own under load, again and again");
    command.add_option("--rounds", options->rounds, "Kills").capture_default_str();
    command.add_option("--seed", options->seed, "Of the moments of the kills");
    command.add_option("--data", options->data, "A new directory for the run; kept when it fails");
    command.callback([options, &status] { status = KillRun(*options).run(); });
}

}  // namespace huitong::apps
