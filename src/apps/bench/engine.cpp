// bench engine: durable hosted payments of existing orders through the heart, without doors. (a)
// the reader paused, against a bare append of the same batches; (b) the reader running, over
// millions; and one payment in flight against bare commits.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "apps/bench/commands.hpp"
#include "apps/bench/world.hpp"
#include "apps/store.hpp"
#include "base/ensure.hpp"

namespace huitong::apps::bench {
namespace {

// What one stretch of payments came to.
struct Stretch {
    std::uint64_t payments = 0;
    double seconds = 0;
    Latencies latencies;
    std::uint64_t client_cpu_us = 0;
};

class EngineBench {
public:
    EngineBench(Store& store, const EngineOptions& options)
        : store_(store),
          options_(options),
          heart_(*store.journal, *store.tables, clock_, heart_options(options)) {}

    Result<void> run() {
        CHECK(heart_.start());
        TRY(world, make_world(pump_, {}));
        world_ = world;
        CHECK(one_in_flight());
        CHECK(paused());
        if (options_.payments > 0) CHECK(running());
        heart_.stop();
        return {};
    }

private:
    static engine::HeartOptions heart_options(const EngineOptions& options) {
        engine::HeartOptions heart;
        heart.orders_in_memory = heart.payments_in_memory = options.records_in_memory;
        return heart;
    }

    Result<std::vector<OrderId>> create_orders(std::uint64_t count) {
        std::vector<OrderId> orders(count);
        const std::uint64_t first = orders_made_;
        const auto report = pump_.run(
            count, options_.in_flight, 0,
            [&](std::uint64_t i) { return order_command(world_, first + i); },
            [&](const engine::Request& request, std::uint64_t i) {
                if (request.answer)
                    orders[i] = std::get<engine::OrderAnswer>(*request.answer).order.id();
            });
        orders_made_ += count;
        if (report.refused > 0) return refuse(Error::outcome_unknown);
        return orders;
    }

    // Pays these orders; every payment must complete.
    Result<void> pay(const std::vector<OrderId>& orders, std::size_t in_flight, Stretch& into) {
        const std::uint64_t first = payments_made_;
        std::uint64_t completed = 0;
        const auto report = pump_.run(
            orders.size(), in_flight, 0,
            [&](std::uint64_t i) { return pay_command(world_, orders[i], first + i); },
            [&](const engine::Request& request, std::uint64_t) {
                if (!request.answer) return;
                const auto& payment = std::get<switching::PaymentAnswer>(*request.answer).payment;
                completed += payment.state.status == switching::PaymentStatus::completed ? 1 : 0;
            });
        payments_made_ += orders.size();
        if (completed != orders.size()) return refuse(Error::outcome_unknown);
        into.payments += completed;
        into.seconds += report.seconds;
        into.latencies.add(report.latencies);
        into.client_cpu_us += report.client_cpu_us;
        return {};
    }

    // Appends the payments' batches once more to a fresh journal, nothing else: the limit of this
    // run.
    struct Bare {
        double seconds = 0;
        std::uint64_t entries = 0;
        Latencies commits;
    };
    Result<Bare> bare_appends(Sequence from, Sequence to) {
        std::vector<engine::Batch> batches;
        CHECK(store_.journal->read(from, [&](const engine::StoredBatch& stored) {
            auto framed = engine::unframe(stored.bytes);
            if (framed) batches.push_back(std::move(framed->batch));
            return stored.last < to && batches.size() < options_.bare_batches;
        }));
        const auto root = std::filesystem::path(options_.data) / "bare";
        std::filesystem::remove_all(root);
        TRY(bare, Store::open(root));
        TRY(end, bare.journal->take_over());
        (void)end;
        Sequence next{1};
        Bare report;
        const Clock::time_point start = Clock::now();
        for (engine::Batch& batch : batches) {
            batch.first = next;
            const Clock::time_point began = Clock::now();
            if (bare.journal->append(batch, {}) != engine::AppendOutcome::committed)
                return refuse(Error::store_failed);
            report.commits.add(seconds_since(began) * 1e6);
            next.value += batch.entries.size();
        }
        report.entries = next.value - 1;
        report.seconds = seconds_since(start);
        return report;
    }

    Result<void> one_in_flight() {
        TRY(orders, create_orders(options_.singles));
        wait_for_reader();
        heart_.pause_reader(true);
        const std::uint64_t batches = heart_.counters().batches;
        const Sequence from{heart_.counters().committed + 1};
        Stretch single;
        CHECK(pay(orders, 1, single));
        const Sequence to{heart_.counters().committed};
        const std::uint64_t made = heart_.counters().batches - batches;
        TRY(bare, bare_appends(from, to));
        heart_.pause_reader(false);
        fmt::print("one in flight: {} payments, {} batches: {}\n", single.payments, made,
                   single.latencies.text());
        fmt::print("    bare commits of the same batches: {}: p50 is {:.2f} of theirs\n",
                   bare.commits.text(),
                   single.latencies.quantile(0.5) / bare.commits.quantile(0.5));
        return {};
    }

    Result<void> paused() {
        Stretch total;
        ThreadTimes used;
        std::uint64_t bytes = 0;
        std::uint64_t entry_bytes = 0;
        std::uint64_t batches = 0;
        Sequence from, to;  // of the last stretch, whose batches are appended once more
        while (total.seconds < options_.seconds) {
            TRY(orders, create_orders(options_.chunk));
            wait_for_reader();  // So that memory need not hold all of the run.
            heart_.pause_reader(true);
            const ThreadTimes before = heart_.cpu_microseconds();
            const std::uint64_t written = bytes_written();
            const std::uint64_t entry_bytes_before = heart_.counters().bytes;
            const std::uint64_t batches_before = heart_.counters().batches;
            from = {heart_.counters().committed + 1};
            CHECK(pay(orders, options_.in_flight, total));
            to = {heart_.counters().committed};
            bytes += bytes_written() - written;
            entry_bytes += heart_.counters().bytes - entry_bytes_before;
            batches += heart_.counters().batches - batches_before;
            add_times(used, before, heart_.cpu_microseconds());
            heart_.pause_reader(false);
        }
        wait_for_reader();
        TRY(bare, bare_appends(from, to));
        const double rate = static_cast<double>(total.payments) / total.seconds;
        const double bare_rate = static_cast<double>(bare.entries) / bare.seconds;
        fmt::print("(a) reader paused, {} in flight: {} payments in {:.1f} s: {:.0f}/s; {}\n",
                   options_.in_flight, total.payments, total.seconds, rate, total.latencies.text());
        fmt::print("    bare append of the same batches: {:.0f}/s, a commit {}: ratio {:.2f}\n",
                   bare_rate, bare.commits.text(), rate / bare_rate);
        fmt::print(
            "    CPU us a payment: {}, client {:.2f}; journal {:.0f} bytes a payment, disk {:.0f}; "
            "{:.0f} payments a batch\n",
            per_operation({}, used, total.payments),
            static_cast<double>(total.client_cpu_us) / static_cast<double>(total.payments),
            static_cast<double>(entry_bytes) / static_cast<double>(total.payments),
            static_cast<double>(bytes) / static_cast<double>(total.payments),
            static_cast<double>(total.payments) / static_cast<double>(batches));
        fmt::print("    {}\n", limit_of(used, total.client_cpu_us, total.seconds));
        return {};
    }

    Result<void> running() {
        wait_for_reader();
        fmt::print("(b) reader running, {} payments; a stretch ends when the tables hold it\n",
                   options_.payments);
        ThreadTimes used;
        std::vector<Stretch> stretches;
        const std::uint64_t stretch_size = std::min<std::uint64_t>(options_.payments, 1'000'000);
        for (std::uint64_t done = 0; done < options_.payments;) {
            Stretch stretch;
            std::uint64_t lag_max = 0;
            const std::uint64_t written = bytes_written();
            std::uint64_t bytes = 0;
            while (stretch.payments < stretch_size) {
                TRY(orders, create_orders(options_.chunk));
                wait_for_reader();
                const ThreadTimes before = heart_.cpu_microseconds();
                CHECK(pay(orders, options_.in_flight, stretch));
                const Clock::time_point drain = Clock::now();
                lag_max = std::max(lag_max, heart_.counters().committed - heart_.counters().stored);
                wait_for_reader();
                stretch.seconds += seconds_since(drain);
                add_times(used, before, heart_.cpu_microseconds());
            }
            bytes = bytes_written() - written;
            done += stretch.payments;
            fmt::print(
                "    {:>8}: {:.0f}/s; {}; lag at most {}; disk {:.0f} bytes a payment with its "
                "order\n",
                done, static_cast<double>(stretch.payments) / stretch.seconds,
                stretch.latencies.text(), lag_max,
                static_cast<double>(bytes) / static_cast<double>(stretch.payments));
            std::fflush(stdout);
            stretches.push_back(std::move(stretch));
        }
        report_running(stretches, used);
        return {};
    }

    void report_running(std::vector<Stretch>& stretches, const ThreadTimes& used) {
        double seconds = 0;
        std::uint64_t payments = 0;
        std::uint64_t client_cpu_us = 0;
        for (const Stretch& stretch : stretches) {
            seconds += stretch.seconds;
            payments += stretch.payments;
            client_cpu_us += stretch.client_cpu_us;
        }
        const auto rate = [](const Stretch& s) {
            return static_cast<double>(s.payments) / s.seconds;
        };
        const Stretch& second = stretches[stretches.size() > 1 ? 1 : 0];
        fmt::print(
            "    in all {:.0f}/s; the last stretch is {:.2f} of the second; CPU us a payment: {}; "
            "misses {}\n",
            static_cast<double>(payments) / seconds, rate(stretches.back()) / rate(second),
            per_operation({}, used, payments), heart_.counters().misses.load());
        fmt::print("    {}\n", limit_of(used, client_cpu_us, seconds));
    }

    static void add_times(ThreadTimes& sum, const ThreadTimes& before, const ThreadTimes& after) {
        if (sum.empty()) {
            for (const auto& [name, time] : after) sum.emplace_back(name, 0);
        }
        for (std::size_t i = 0; i < after.size(); ++i)
            sum[i].second += after[i].second - before[i].second;
    }
    void wait_for_reader() {
        while (
            !heart_.wait_stored(Sequence{heart_.counters().committed}, std::chrono::seconds(10))) {}
    }

    Store& store_;
    const EngineOptions& options_;
    engine::SystemClock clock_;
    engine::Heart heart_;
    Pump pump_{heart_};
    World world_;
    std::uint64_t orders_made_ = 0;
    std::uint64_t payments_made_ = 0;
};

}  // namespace

int run_engine(const EngineOptions& options) {
    print_machine("bench engine: hosted payments of existing orders, one entry each");
    std::filesystem::remove_all(options.data);
    auto store = Store::open(options.data);
    if (!store) {
        fmt::print(stderr, "cannot open {}: {}\n", options.data, explain(store.error()));
        return EXIT_FAILURE;
    }
    const auto done = EngineBench(*store, options).run();
    if (!done) fmt::print(stderr, "the benchmark stopped: {}\n", explain(done.error()));
    std::filesystem::remove_all(options.data);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace huitong::apps::bench
