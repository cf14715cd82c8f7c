// network-run: four institutions as four processes under traffic, each killed (kill -9) at random
// moments and started again. Then the traffic stops, and within a bounded time every payment must
// have come to an end, the two sides of every link must agree to the fen, what a payer was told
// must be what the shop sees, and every audit must be clean.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "apps/command_line.hpp"
#include "apps/commands.hpp"
#include "apps/demo/people.hpp"
#include "crypto/random.hpp"

namespace huitong::apps {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

struct RunOptions {
    double minutes = 30;
    std::uint32_t kills = 50;  // of each
    double settle_minutes = 10;
    std::uint64_t seed = 0;
    std::string data;
};

constexpr std::int64_t price_minor = 4;  // small: nobody may run out of money
constexpr std::int64_t refund_minor = 1;
constexpr int refund_looks = 5;
constexpr std::size_t payers_count = 4;
constexpr std::int64_t give_up_ms = 5'000;
constexpr auto pause_of_a_payer = 100ms;
constexpr auto longest_outage = 2'000ms;

// One order's way, as far as anybody was told.
struct Way {
    std::string number;
    std::size_t payer = 0;        // which customer
    bool till = false;            // charged by a till; else scanned
    std::optional<Scanned> seen;  // nothing: an answer was lost before, and nobody pays it
    bool completed = false;       // the payer, or the till, was told so
    bool refunded = false;        // the shop was told so
};

class NetworkRun {
public:
    explicit NetworkRun(const RunOptions& options) : options_(options), random_(options.seed) {}

    int run() {
        if (!start() || !traffic_and_kills() || !settles() || !agrees() || !audits())
            return failed();
        fmt::print(
            "{} kills, {} orders, {} payments acknowledged, {} refunds: all four agree to the fen, "
            "every payment has its end\n",
            kills_, ways_.size(), count(&Way::completed), count(&Way::refunded));
        std::filesystem::remove_all(options_.data);
        return EXIT_SUCCESS;
    }

private:
    int failed() {
        fmt::print(stderr, "seed {}: {}; the stores are kept in {}\n", options_.seed, wrong_,
                   options_.data);
        return EXIT_FAILURE;
    }
    bool wrong(std::string what) {
        const std::lock_guard lock(mutex_);
        if (wrong_.empty()) wrong_ = std::move(what);
        return false;
    }
    std::size_t count(bool Way::* what) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(ways_, [what](const Way& way) { return way.*what; }));
    }

    bool start() {
        auto people = People::start(
            {.folder = options_.data, .portal = {}, .password = {}, .give_up_ms = give_up_ms}, 1,
            wrong_);
        if (!people) return false;
        people_ = std::move(*people);
        topology_ = people_.institutions.get();
        return true;
    }
    Shop& shop() { return *people_.shops->shops()[0]; }
    Customer& customer(std::size_t i) {
        auto& users = i % 2 == 0 ? people_.wallet_users : people_.bank_users;
        return *users->customers()[i / 2 % 2];
    }

    bool traffic_and_kills() {
        std::vector<std::thread> payers;
        for (std::size_t payer = 0; payer < payers_count; ++payer)
            payers.emplace_back([this, payer] { buy(payer); });
        const bool good = kill_often();
        stop_ = true;
        for (std::thread& payer : payers) payer.join();
        return good && wrong_.empty();
    }

    // Kills come at random moments of equal slices of the time, each institution as often.
    bool kill_often() {
        std::vector<Institution*> victims;
        for (std::uint32_t i = 0; i < options_.kills; ++i) {
            for (Institution* each : topology_->all()) victims.push_back(each);
        }
        std::ranges::shuffle(victims, random_);
        const auto slice = std::chrono::duration<double>(
            options_.minutes * 60 / static_cast<double>(std::max<std::size_t>(victims.size(), 1)));
        const auto began = SteadyClock::now();
        for (std::size_t i = 0; i < victims.size(); ++i) {
            const double moment =
                static_cast<double>(i) + static_cast<double>(random_() % 1000) / 1000;
            std::this_thread::sleep_until(
                began + std::chrono::duration_cast<SteadyClock::duration>(slice * moment));
            victims[i]->process.end(SIGKILL);
            std::this_thread::sleep_for(std::chrono::milliseconds(
                random_() % static_cast<std::uint64_t>(longest_outage.count())));
            if (!topology_->restart(*victims[i]))
                return wrong(victims[i]->name + " did not start again");
            ++kills_;
            if (i % 10 == 9) tell();
        }
        std::this_thread::sleep_until(began +
                                      std::chrono::duration_cast<SteadyClock::duration>(
                                          std::chrono::duration<double>(options_.minutes * 60)));
        return true;
    }
    void tell() {
        const std::lock_guard lock(mutex_);
        fmt::print("{} kills: {} orders, {} paid, {} refunded\n", kills_.load(), ways_.size(),
                   count(&Way::completed), count(&Way::refunded));
        std::fflush(stdout);
    }

    // A payer who buys until the traffic stops; what is not answered is asked again later.
    void buy(std::size_t payer) {
        for (std::size_t i = 0; !stop_; ++i) {
            Way way{.number = fmt::format("run-{}-{}", crypto::random_hex(10), payer),
                    .payer = payer,
                    .till = i % 4 == 3,
                    .seen = {}};
            if (way.till) charge(way);
            if (!way.till) scan(way);
            if (way.seen) pay(way);
            if (way.completed && i % 3 == 0) refund(way);
            if (!way.completed) std::this_thread::sleep_for(pause_of_a_payer);
            const std::lock_guard lock(mutex_);
            ways_.push_back(std::move(way));
        }
    }
    void charge(Way& way) {
        const auto code = customer(way.payer).show_code();
        if (!code) return;
        const auto charged = shop().charge(way.number, "network-run", price_minor, *code);
        way.completed = charged && json_at(charged->body, "/trade_state") == "SUCCESS";
    }
    void scan(Way& way) {
        const auto code = shop().order(way.number, "network-run", price_minor);
        auto seen = code ? customer(way.payer).scan(*code) : refuse(code.error());
        if (!seen) return;
        if (seen->open_amount) seen->total = price_minor;
        way.seen = std::move(*seen);
    }
    void pay(Way& way) {
        const auto paid = customer(way.payer).pay(way.number, *way.seen, Proof::session);
        if (paid && paid->status == 401) (void)customer(way.payer).log_in();
        if (paid) way.completed = json_at(paid->body, "/state") == "COMPLETED";
    }
    // Goes to another institution, too; the same again tells how it stands.
    void refund(Way& way) {
        for (int look = 0; look < refund_looks && !way.refunded; ++look) {
            if (look > 0) std::this_thread::sleep_for(pause_of_a_payer);
            const auto back = shop().refund(way.number, "R" + way.number, refund_minor, price_minor,
                                            "network-run");
            if (!back) return;
            way.refunded = json_at(*back, "/status") == "SUCCESS";
        }
    }

    // Until nothing is under way and the two sides of every link agree.
    bool settles() {
        const auto began = SteadyClock::now();
        const auto until = began + std::chrono::duration_cast<SteadyClock::duration>(
                                       std::chrono::duration<double>(options_.settle_minutes * 60));
        std::string last;
        do {
            const auto unfinished = topology_->unfinished();
            const auto pairs = topology_->positions();
            if (!unfinished || !pairs) return wrong("an institution does not answer");
            last = fmt::format("{} payments without an end", *unfinished);
            bool good = *unfinished == 0;
            for (const Topology::Pair& pair : *pairs) {
                good = good && pair.agree();
                last += fmt::format("; {}: {} says {}, {} says {}", pair.one, pair.one,
                                    pair.one_says_minor, pair.other, pair.other_says_minor);
            }
            if (good) {
                const auto took = std::chrono::duration<double>(SteadyClock::now() - began);
                fmt::print("settled {:.0f} s after the traffic had stopped: {}\n", took.count(),
                           last);
                return true;
            }
            std::this_thread::sleep_for(1s);
        } while (SteadyClock::now() < until);
        return wrong("not settled: " + last);
    }

    // The payer and the shop tell the same story, and what either was told before still holds.
    bool agrees() {
        std::vector<std::thread> payers;
        for (std::size_t payer = 0; payer < payers_count; ++payer)
            payers.emplace_back([this, payer] {
                for (const Way& way : ways_) {
                    if (way.payer == payer && !agrees(way)) return;
                }
            });
        for (std::thread& payer : payers) payer.join();
        return wrong_.empty();
    }
    // Of a payer who was told nothing the payment again is a query, or the first try of one that
    // never arrived.
    bool agrees(const Way& way) {
        if (!way.seen && !way.till) return true;
        const bool ask = way.seen && !way.completed;
        const std::string payment = ask ? state_for_payer(way) : "COMPLETED";
        const auto order = shop().query(way.number);
        const std::string sold = order ? json_at(*order, "/trade_state") : "LOST";
        const bool paid = sold == "SUCCESS" || sold == "REFUND";
        const bool same = way.seen ? paid == (payment == "COMPLETED") : paid || !way.completed;
        if (same && (!way.refunded || sold == "REFUND")) return true;
        return wrong(fmt::format("{}: the payer has {}, the shop {}; told before: {}{}", way.number,
                                 payment, sold, way.completed ? "paid" : "",
                                 way.refunded ? ", refunded" : ""));
    }
    std::string state_for_payer(const Way& way) {
        for (int tries = 0; tries < 100; ++tries) {
            const auto again = customer(way.payer).pay(way.number, *way.seen, Proof::session);
            const std::string state = again ? json_at(again->body, "/state") : "";
            if (again && again->status == 401)
                (void)customer(way.payer).log_in();
            else if (state != "PROCESSING")
                return state;
            std::this_thread::sleep_for(pause_of_a_payer);
        }
        return "without an end";
    }
    bool audits() {
        for (Institution* each : topology_->all()) {
            each->process.end(SIGTERM);
            const std::string command =
                fmt::format("{} audit --data {} > {}/audit.txt 2>&1", own_program(),
                            each->plan.store(), each->plan.folder);
            if (std::system(command.c_str()) != 0)
                return wrong(
                    fmt::format("the audit of {} is not clean: see audit.txt", each->name));
        }
        return true;
    }

    const RunOptions& options_;
    std::mt19937_64 random_;
    People people_;
    Topology* topology_ = nullptr;  // of the people
    std::atomic<bool> stop_ = false;
    std::atomic<std::uint32_t> kills_ = 0;
    std::mutex mutex_;
    std::vector<Way> ways_;
    std::string wrong_;
};

}  // namespace

void add_network_run(Command app, int& status) {
    auto options = std::make_shared<RunOptions>();
    options->seed = std::random_device{}();
    options->data =
        (std::filesystem::temp_directory_path() / ("huitong-network-" + crypto::random_hex(8)))
            .string();
    Command command = app.add_subcommand(
        "network-run", "Kill four institutions of its own under traffic, again and again");
    command.add_option("--minutes", options->minutes, "Of traffic").capture_default_str();
    command.add_option("--kills", options->kills, "Of each institution").capture_default_str();
    command.add_option("--settle", options->settle_minutes, "Minutes until all must have ended")
        .capture_default_str();
    command.add_option("--seed", options->seed, "Of the moments of the kills");
    command.add_option("--data", options->data, "A new directory for the run; kept when it fails");
    command.callback([options, &status] { status = NetworkRun(*options).run(); });
}

}  // namespace huitong::apps
