#include "apps/bench/bench.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "apps/version.hpp"
#include "base/ensure.hpp"

namespace huitong::apps::bench {
namespace {

// A client hands on what it has made before it has made it all, as doors do: the heart decides the
// first while the client makes the rest.
constexpr std::size_t submit_at_once = 64;
// From here on a thread, or the machine, has no time left.
constexpr double busy_share = 0.85;

}  // namespace

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void print_machine(const std::string& title) {
    std::string processor = "unknown processor";
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (!line.starts_with("model name")) continue;
        processor = line.substr(line.find(':') + 2);
        break;
    }
    utsname system{};
    uname(&system);
    fmt::print("{}\nmachine: {}, {} processors, {} {}; huitong {} ({})\n", title, processor,
               sysconf(_SC_NPROCESSORS_ONLN), system.sysname, system.release, version, commit);
}

double Latencies::quantile(double q) {
    if (samples_.empty()) return 0;
    const auto at = static_cast<std::size_t>(q * static_cast<double>(samples_.size() - 1));
    std::ranges::nth_element(samples_, samples_.begin() + static_cast<std::ptrdiff_t>(at));
    return samples_[at];
}

std::string Latencies::text() {
    return fmt::format("p50 {:.3f} ms, p99 {:.3f} ms, p99.9 {:.3f} ms", quantile(0.5) / 1e3,
                       quantile(0.99) / 1e3, quantile(0.999) / 1e3);
}

std::uint64_t bytes_written() {
    std::ifstream io("/proc/self/io");
    for (std::string line; std::getline(io, line);) {
        if (line.starts_with("write_bytes:")) return std::stoull(line.substr(12));
    }
    return 0;
}

std::string per_operation(const ThreadTimes& before, const ThreadTimes& after,
                          std::uint64_t operations) {
    std::string text;
    for (const auto& [name, used] : between(before, after)) {
        text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", name,
                            static_cast<double>(used) / static_cast<double>(operations));
    }
    return text;
}

ThreadTimes between(const ThreadTimes& before, const ThreadTimes& after) {
    ThreadTimes used = after;
    for (auto& [name, time] : used) {
        const auto old = std::ranges::find(before, name, &ThreadTimes::value_type::first);
        if (old != before.end()) time -= old->second;
    }
    return used;
}

std::string limit_of(const ThreadTimes& used, std::uint64_t client_cpu_us, double seconds) {
    ThreadTimes all = used;
    all.emplace_back("client", client_cpu_us);
    std::uint64_t sum = 0;
    for (const auto& [name, time] : all) sum += time;
    const auto most = std::ranges::max_element(all, {}, &ThreadTimes::value_type::second);
    const auto processors = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
    const double busy = static_cast<double>(sum) / 1e6 / seconds;
    const double busiest = static_cast<double>(most->second) / 1e6 / seconds;
    const std::string what = busy > busy_share * processors ? "the processors"
                             : busiest > busy_share         ? "the " + most->first + " thread"
                                                            : "waits for the disk";
    return fmt::format("limited by {}: {:.2f} of {} processors busy, of which {} {:.2f}", what,
                       busy, processors, most->first, busiest);
}

std::uint64_t own_cpu_microseconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(used.tv_nsec) / 1'000;
}

// A request that knows its number and when it was sent.
struct Pump::Tagged : engine::Request {
    std::uint64_t number = 0;
    Clock::time_point sent;
};

void Pump::deliver(std::vector<engine::RequestPtr> answered) {
    const std::lock_guard lock(mutex_);
    if (answered_.empty()) {
        answered_ = std::move(answered);
    } else {
        std::ranges::move(answered, std::back_inserter(answered_));
    }
    wake_.notify_one();
}

std::vector<engine::RequestPtr> Pump::take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !answered_.empty(); });
    return std::exchange(answered_, {});
}

Pump::Report Pump::run(std::uint64_t count, std::size_t in_flight, double at_most,
                       const std::function<engine::Command(std::uint64_t)>& next,
                       const std::function<void(const engine::Request&, std::uint64_t)>& check) {
    Report report;
    const Clock::time_point start = Clock::now();
    const std::uint64_t cpu = own_cpu_microseconds();
    std::uint64_t sent = 0;
    std::uint64_t done = 0;
    const auto make = [&] {
        auto request = std::make_unique<Tagged>();
        request->command = next(sent);
        request->home = this;
        request->number = sent++;
        request->sent = Clock::now();
        return request;
    };
    std::vector<engine::RequestPtr> fresh;
    while (sent < std::min<std::uint64_t>(in_flight, count)) fresh.push_back(make());
    heart_.submit(std::exchange(fresh, {}));
    while (done < sent) {
        const Clock::time_point now = Clock::now();
        const bool open =
            at_most <= 0 || std::chrono::duration<double>(now - start).count() < at_most;
        for (engine::RequestPtr& request : take()) {
            const auto& tagged = static_cast<const Tagged&>(*request);
            report.latencies.add(
                std::chrono::duration<double, std::micro>(Clock::now() - tagged.sent).count());
            if (!tagged.answer) ++report.refused;
            check(tagged, tagged.number);
            ++done;
            if (open && sent < count) fresh.push_back(make());
            if (fresh.size() == submit_at_once) heart_.submit(std::exchange(fresh, {}));
        }
        if (!fresh.empty()) heart_.submit(std::exchange(fresh, {}));
    }
    report.seconds = seconds_since(start);
    report.client_cpu_us = own_cpu_microseconds() - cpu;
    return report;
}

Result<engine::Answer> Pump::ask(engine::Command command) {
    Result<engine::Answer> answer = refuse(Error::outcome_unknown);
    run(
        1, 1, 0, [&](std::uint64_t) { return std::move(command); },
        [&](const engine::Request& request, std::uint64_t) { answer = request.answer; });
    return answer;
}

}  // namespace huitong::apps::bench
