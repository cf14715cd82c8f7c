// bench wallet and bench merchant: payments and prepay requests through real sockets, with the load
// generator on the same machine; beside them, in the same run, the bare HTTP ceiling and the rate
// of signatures.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "apps/bench/commands.hpp"
#include "apps/bench/load.hpp"
#include "apps/bench/operation_rate.hpp"
#include "apps/bench/world.hpp"
#include "apps/demo/network.hpp"
#include "apps/log.hpp"
#include "apps/platform.hpp"

namespace huitong::apps::bench {
namespace {

Config bench_config(const DoorBenchOptions& options) {
    Config config;
    config.data = options.data;
    config.notices_to_private_addresses = true;
    for (DoorConfig* door :
         {&config.merchant, &config.portal_door, &config.observability, &config.institution})
        door->port = 0;
    // All of a run stays in memory: what misses cost is bench engine's to show.
    config.heart.orders_in_memory = config.heart.payments_in_memory = options.count;
    set_log_level("err");
    return config;
}

// Starts a platform on a fresh directory, runs `use`, and clears up.
int with_platform(const DoorBenchOptions& options,
                  const std::function<Result<void>(Platform&)>& use) {
    std::filesystem::remove_all(options.data);
    std::filesystem::remove(options.data + ".key");
    std::string why;
    auto platform = Platform::start(bench_config(options), why);
    if (!platform) {
        fmt::print(stderr, "cannot start: {}\n", why);
        return EXIT_FAILURE;
    }
    const auto done = use(**platform);
    if (!done) fmt::print(stderr, "the benchmark stopped: {}\n", describe(done.error()).text_en);
    platform->reset();
    for (const char* end : {"", "-shops", ".key"}) std::filesystem::remove_all(options.data + end);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}

bool is_server_part(const std::string& name) {
    return name != "notices" && name != "courier";
}

// CPU of the server's parts that serve payments, in microseconds: notices are counted apart.
double server_cpu(const ThreadTimes& before, const ThreadTimes& after) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (is_server_part(after[i].first)) sum += after[i].second - before[i].second;
    }
    return static_cast<double>(sum);
}

std::string request_bytes(const std::string& method, const std::string& target,
                          const std::string& headers, const std::string& body) {
    return fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}Content-Length: {}\r\n\r\n{}",
                       method, target, headers, body.size(), body);
}

Result<LoadReport> bare_http(const Platform& platform, const DoorBenchOptions& options,
                             std::uint64_t count) {
    const std::string request = request_bytes("GET", "/healthz", "", "");
    return run_load(
        port_of(platform.observability_url()), options.connections, count,
        [&](std::uint64_t) { return std::string_view(request); },
        [](std::string_view answer) { return answer.starts_with("HTTP/1.1 200"); });
}

Result<std::vector<OrderId>> bench_orders(Pump& pump, const World& world, std::uint64_t count) {
    std::vector<OrderId> orders(count);
    const auto report = pump.run(
        count, 1'000, 0, [&](std::uint64_t i) { return order_command(world, i); },
        [&](const engine::Request& request, std::uint64_t i) {
            if (request.answer)
                orders[i] = std::get<engine::OrderAnswer>(*request.answer).order.id();
        });
    if (report.refused > 0) return refuse(Error::outcome_unknown);
    return orders;
}

Result<void> wallet_bench(Platform& platform, const DoorBenchOptions& options) {
    Pump pump(platform.heart());
    TRY(world, make_world(pump, {.merchants = 50, .users = 1'000}));
    TRY(orders, bench_orders(pump, world, options.count));
    std::vector<std::string> requests;
    for (std::uint64_t i = 0; i < options.count; ++i) {
        const auto& session = world.users[i * 7919 % world.users.size()];
        requests.push_back(request_bytes(
            "POST", "/wallet/v1/payments",
            fmt::format("Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
                        platform.session_token(session)),
            fmt::format(R"({{"request_id":"bench-{:012}","code":"{}"}})", i,
                        platform.code_url(orders[i]))));
    }
    TRY(ceiling, bare_http(platform, options, options.count));
    (void)platform.heart().wait_stored(Sequence{platform.heart().counters().committed},
                                       std::chrono::minutes(2));

    const ThreadTimes before = platform.cpu_microseconds();
    const std::uint64_t written = bytes_written();
    const std::uint64_t batches = platform.heart().counters().batches;
    TRY(report,
        run_load(
            port_of(platform.portal_url()), options.connections, options.count,
            [&](std::uint64_t i) { return std::string_view(requests[i]); },
            [](std::string_view answer) { return answer.find("\"COMPLETED\"") != answer.npos; }));
    const ThreadTimes loaded = platform.cpu_microseconds();
    (void)platform.heart().wait_stored(Sequence{platform.heart().counters().committed},
                                       std::chrono::minutes(2));
    const ThreadTimes after = platform.cpu_microseconds();  // The reader's whole work is in it.
    if (report.wrong > 0) {
        fmt::print(stderr, "{} answers were wrong, the first: {}\n", report.wrong,
                   report.first_wrong);
        return refuse(Error::peer_refused);
    }
    const auto payments = static_cast<double>(report.answers);
    const double rate = payments / report.seconds;
    const double bare = static_cast<double>(ceiling.answers) / ceiling.seconds;
    fmt::print("{} payments over {} connections in {:.1f} s: {:.0f}/s; {}\n", report.answers,
               options.connections, report.seconds, rate, report.latencies.text());
    fmt::print("bare HTTP on the same server and connections: {:.0f}/s: ratio {:.2f}\n", bare,
               rate / bare);
    fmt::print("server CPU us a payment {:.1f}: {}; client {:.1f}\n",
               server_cpu(before, after) / payments, per_operation(before, after, report.answers),
               static_cast<double>(report.client_cpu_us) / payments);
    fmt::print("{:.1f} payments a batch; disk {:.0f} bytes a payment; notices waiting {}\n",
               payments / static_cast<double>(platform.heart().counters().batches - batches),
               static_cast<double>(bytes_written() - written) / payments,
               platform.notices_waiting());
    fmt::print("{}\n", limit_of(between(before, loaded), report.client_cpu_us, report.seconds));
    return {};
}

// Prepay requests for different orders, as they go over the line.
std::vector<std::string> signed_prepays(const Shop& shop, std::uint64_t count) {
    std::vector<std::string> requests;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string body =
            fmt::format(R"({{"appid":"{}","mchid":"{}","description":"Benchmark goods",)"
                        R"("out_trade_no":"bench-{:012}",)"
                        R"("notify_url":"http://127.0.0.1:9/notify",)"
                        R"("amount":{{"total":100,"currency":"CNY"}}}})",
                        shop.identity().appid, shop.identity().mchid, i);
        std::string headers;
        for (const auto& [name, value] :
             shop.signed_headers("POST", "/v3/pay/transactions/native", body))
            headers += name + ": " + value + "\r\n";
        requests.push_back(request_bytes("POST", "/v3/pay/transactions/native", headers, body));
    }
    return requests;
}

Result<void> merchant_bench(Platform& platform, const DoorBenchOptions& options) {
    std::string why;
    auto network = DemoNetwork::make({.merchant_url = platform.merchant_url(),
                                      .portal_url = platform.portal_url(),
                                      .one_time_password = platform.one_time_password()},
                                     options.data + "-shops", why);
    if (!network) {
        fmt::print(stderr, "{}\n", why);
        return refuse(network.error());
    }
    const auto family =
        options.crypto == "sm2" ? crypto::KeyAlgorithm::sm2 : crypto::KeyAlgorithm::rsa;
    const auto fits = [family](const auto& one) {
        return one->identity().key.algorithm() == family;
    };
    const Shop& shop = **std::ranges::find_if((*network)->shops(), fits);
    const std::vector<std::string> requests = signed_prepays(shop, options.count);
    // What an answer cannot do without: a signature, and with SM2 a check that costs as much.
    const auto publics = shop.identity().key.public_key();
    const std::string signature = shop.identity().key.sign("benchmark");
    OperationRate signing([&] {
        (void)shop.identity().key.sign("benchmark");
        if (family == crypto::KeyAlgorithm::sm2) (void)publics.verify("benchmark", signature);
    });
    const double idle_rate = signing.alone();
    signing.start();
    const ThreadTimes before = platform.cpu_microseconds();
    const std::uint64_t written = bytes_written();
    const std::uint64_t batches = platform.heart().counters().batches;
    TRY(report,
        run_load(
            port_of(platform.merchant_url()), options.connections, options.count,
            [&](std::uint64_t i) { return std::string_view(requests[i]); },
            [](std::string_view answer) { return answer.find("\"code_url\"") != answer.npos; }));
    const double signatures = signing.stop();
    const ThreadTimes loaded = platform.cpu_microseconds();
    (void)platform.heart().wait_stored(Sequence{platform.heart().counters().committed},
                                       std::chrono::minutes(2));
    const ThreadTimes after = platform.cpu_microseconds();
    if (report.wrong > 0) {
        fmt::print(stderr, "{} answers were wrong, the first: {}\n", report.wrong,
                   report.first_wrong);
        return refuse(Error::peer_refused);
    }
    const double cpu_seconds = server_cpu(before, after) / 1e6;
    const auto answers = static_cast<double>(report.answers);
    fmt::print("{} prepay answers over {} connections in {:.1f} s: {:.0f}/s; {}\n", report.answers,
               options.connections, report.seconds, answers / report.seconds,
               report.latencies.text());
    const double per_cpu_second = answers / cpu_seconds;
    fmt::print(
        "one core {} {:.0f}/s during the run, {:.0f}/s before it; the server used {:.2f} CPU "
        "seconds a second: ratio {:.2f} of that limit, {:.2f} of the idle one\n",
        family == crypto::KeyAlgorithm::sm2 ? "signs and verifies" : "signs", signatures, idle_rate,
        cpu_seconds / report.seconds, per_cpu_second / signatures, per_cpu_second / idle_rate);
    fmt::print("server CPU us an answer {:.0f}: {}; client {:.1f}\n", cpu_seconds * 1e6 / answers,
               per_operation(before, after, report.answers),
               static_cast<double>(report.client_cpu_us) / answers);
    fmt::print("{:.1f} orders a batch; disk {:.0f} bytes an order\n",
               answers / static_cast<double>(platform.heart().counters().batches - batches),
               static_cast<double>(bytes_written() - written) / answers);
    fmt::print("{}\n", limit_of(between(before, loaded), report.client_cpu_us, report.seconds));
    return {};
}

}  // namespace

int run_wallet(const DoorBenchOptions& options) {
    print_machine("bench wallet: session-authenticated payments of existing orders");
    return with_platform(options,
                         [&](Platform& platform) { return wallet_bench(platform, options); });
}

int run_merchant(const DoorBenchOptions& options) {
    print_machine(fmt::format("bench merchant: prepay requests ({}), signed before the run",
                              options.crypto == "sm2" ? "SM2" : "RSA"));
    return with_platform(options,
                         [&](Platform& platform) { return merchant_bench(platform, options); });
}

}  // namespace huitong::apps::bench
