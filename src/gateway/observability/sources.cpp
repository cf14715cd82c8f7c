#include "gateway/observability/sources.hpp"

#include <atomic>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace huitong::gateway::observability {
namespace {

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::size_t open_files() {
    std::error_code failed;
    std::size_t count = 0;
    std::filesystem::directory_iterator walk("/proc/self/fd", failed);
    for (; !failed && walk != std::filesystem::directory_iterator{}; walk.increment(failed))
        ++count;
    return count;
}

// The fields of /proc/self/stat behind the command's name, which may hold spaces (proc(5)).
std::vector<std::string> stat_fields() {
    std::ifstream in("/proc/self/stat");
    const std::string line{std::istreambuf_iterator<char>(in), {}};
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos) return {};
    std::istringstream rest(line.substr(end + 1));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;) fields.push_back(std::move(field));
    return fields;
}

void add_memory(MetricsText& text) {
    const std::vector<std::string> fields = stat_fields();
    constexpr std::size_t threads = 17;  // Field 20 of proc(5); the first one here is its third.
    constexpr std::size_t virtual_bytes = 20;
    constexpr std::size_t resident_pages = 21;
    if (fields.size() <= resident_pages) return;
    const auto number = [&fields](std::size_t at) {
        return std::strtod(fields[at].c_str(), nullptr);
    };
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    text.gauge("process_resident_memory_bytes", "Resident memory.", {},
               number(resident_pages) * page);
    text.gauge("process_virtual_memory_bytes", "Virtual memory.", {}, number(virtual_bytes));
    text.gauge("process_threads", "Threads.", {}, number(threads));
}

std::uint64_t read(const std::atomic<std::uint64_t>& counter) {
    return counter.load(std::memory_order_relaxed);
}

}  // namespace

MetricsPage::Source build_source(BuildInfo build) {
    return [build = std::move(build)](MetricsText& text) {
        text.gauge("huitong_build_info", "What is running.",
                   {
                       {"version", build.version},
                       {"commit",  build.commit }
        },
                   1);
    };
}

MetricsPage::Source process_source() {
    return [](MetricsText& text) {
        rusage usage{};
        if (::getrusage(RUSAGE_SELF, &usage) == 0) {
            const char* const help = "CPU time used.";
            const char* const name = "process_cpu_seconds_total";
            text.add(MetricKind::counter, name, help, {},
                     seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
        }
        add_memory(text);
        text.gauge("process_open_fds", "Open file descriptors.", {},
                   static_cast<double>(open_files()));
    };
}

MetricsPage::Source heart_source(const engine::HeartCounters& counters) {
    return [&counters](MetricsText& text) {
        const auto counter = [&text](std::string_view name, std::string_view help,
                                     const std::atomic<std::uint64_t>& value) {
            text.counter(fmt::format("huitong_heart_{}_total", name), help, {}, read(value));
        };
        counter("commands", "Commands decided.", counters.commands);
        counter("entries", "Entries written to the journal.", counters.entries);
        counter("refusals", "Commands refused without an entry.", counters.refusals);
        counter("batches", "Batches committed.", counters.batches);
        counter("bytes", "Bytes appended to the journal.", counters.bytes);
        counter("misses", "Records fetched from the tables.", counters.misses);
        counter("rebuilds", "Rebuilds after an unknown append.", counters.rebuilds);
        counter("overloads", "Commands refused for overload.", counters.overloads);
        const std::uint64_t committed = read(counters.committed);
        const std::uint64_t stored = read(counters.stored);
        text.gauge("huitong_heart_waiting", "Commands in the queue.", {},
                   static_cast<double>(read(counters.waiting)));
        text.gauge("huitong_journal_sequence", "The last committed sequence.", {},
                   static_cast<double>(committed));
        text.gauge("huitong_tables_lag_entries", "Committed entries that the tables lack.", {},
                   committed > stored ? static_cast<double>(committed - stored) : 0);
    };
}

MetricsPage::Source http_source(std::string door, const http::Metrics& metrics) {
    return [door = std::move(door), &metrics](MetricsText& text) {
        const Labels labels{
            {"door", door}
        };
        const auto counter = [&](std::string_view name, std::string_view help,
                                 const http::Counter& value) {
            text.counter(fmt::format("huitong_http_{}_total", name), help, labels, read(value));
        };
        counter("connections", "Connections accepted.", metrics.connections_accepted);
        counter("connections_refused", "Connections above a limit.", metrics.connections_refused);
        counter("requests", "Requests handed to the door.", metrics.requests);
        counter("received_bytes", "Bytes received.", metrics.bytes_received);
        counter("sent_bytes", "Bytes sent.", metrics.bytes_sent);
        counter("timeouts", "Connections that were too slow.", metrics.timeouts);
        counter("malformed_requests", "Requests refused as malformed.", metrics.requests_malformed);
        counter("dropped_answers", "Answers whose client had gone.", metrics.answers_dropped);
        counter("failed_handshakes", "TLS handshakes that failed.", metrics.tls_handshakes_failed);
        text.gauge("huitong_http_connections_open", "Connections open.", labels,
                   static_cast<double>(read(metrics.connections_open)));
        for (std::size_t i = 1; i < metrics.answers_by_class.size(); ++i) {
            text.counter("huitong_http_answers_total", "Answers by class of status.",
                         {
                             {"door", door},
                             {"status", fmt::format("{}xx", i)}
            },
                         read(metrics.answers_by_class[i]));
        }
    };
}

MetricsPage::Source merchant_source(const merchant::Metrics& metrics) {
    return [&metrics](MetricsText& text) {
        for (const auto& row : metrics.rows())
            text.counter("huitong_merchant_requests_total", "Requests by operation and code.",
                         {
                             {"operation", row.operation},
                             {"code",      row.wire_code}
            },
                         row.requests);
        const auto effort = [&text](std::string_view name, const merchant::Effort& value) {
            text.counter(fmt::format("huitong_merchant_{}_total", name), "How often.", {},
                         read(value.count));
            text.add(MetricKind::counter, fmt::format("huitong_merchant_{}_seconds_total", name),
                     "How long in all.", {}, static_cast<double>(read(value.microseconds)) / 1e6);
        };
        effort("signatures_verified", metrics.verified);
        effort("answers_signed", metrics.signed_answers);
        text.counter("huitong_merchant_unsigned_answers_total", "No platform key was in force.", {},
                     read(metrics.unsigned_answers));
        text.counter("huitong_merchant_repeats_total", "Byte-identical requests.", {},
                     read(metrics.repeats));
        text.gauge("huitong_merchant_in_flight", "Requests between arrival and answer.", {},
                   static_cast<double>(read(metrics.in_flight)));
    };
}

MetricsPage::Source pool_source(std::string pool, const door::WorkPool& work) {
    return [pool = std::move(pool), &work](MetricsText& text) {
        const Labels labels{
            {"pool", pool}
        };
        text.gauge("huitong_pool_waiting", "Tasks that wait in a pool.", labels,
                   static_cast<double>(work.waiting()));
        text.add(MetricKind::counter, "huitong_pool_cpu_seconds_total", "CPU used by a pool.",
                 labels, static_cast<double>(work.cpu_microseconds()) / 1e6);
    };
}

MetricsPage::Source threads_source(
    std::function<std::vector<std::pair<std::string, std::uint64_t>>()> cpu_microseconds) {
    return [cpu = std::move(cpu_microseconds)](MetricsText& text) {
        for (const auto& [thread, microseconds] : cpu())
            text.add(MetricKind::counter, "huitong_thread_cpu_seconds_total",
                     "CPU used by a thread.",
                     {
                         {"thread", thread}
            },
                     static_cast<double>(microseconds) / 1e6);
    };
}

MetricsPage::Source gauge_source(std::string name, std::string help,
                                 std::function<double()> value) {
    return [name = std::move(name), help = std::move(help),
            value = std::move(value)](MetricsText& text) { text.gauge(name, help, {}, value()); };
}

}  // namespace huitong::gateway::observability
