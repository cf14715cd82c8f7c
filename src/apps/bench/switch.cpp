// bench switch: payments from one linked institution to another through a switch of its own
// process, each message under a MAC: JSON to JSON, and ISO 8583 to JSON. The institutions are light
// ones, so that what is measured is the switch.
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "apps/bench/commands.hpp"
#include "apps/bench/light_acquirer.hpp"
#include "apps/bench/light_institution.hpp"
#include "apps/bench/load.hpp"
#include "apps/bench/operation_rate.hpp"
#include "apps/bench/process_times.hpp"
#include "apps/log.hpp"
#include "crypto/key.hpp"

namespace huitong::apps::bench {
namespace {

using gateway::links::Duty;
using gateway::links::LegAnswer;

constexpr const char* bench_password = "huitong bench 2026";
constexpr const char* bench_code = "https://qr.95516.com/48020000/bench";
constexpr const char* bench_host = "QR.95516.COM";
constexpr const char* switch_code = "48010000";  // over ISO 8583
constexpr double paced_share = 0.5;              // of the peak

// ---- the one that is asked, a process of its own ----

std::string read_all(int from) {
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(from, buffer, sizeof buffer)) > 0)
        text.append(buffer, static_cast<std::size_t>(got));
    return text;
}

void write_peer(int to, const PeerInstitution& peer) {
    const std::string text = fmt::format("{}\n{}\n{}\n{}", peer.code, peer.channels.at(0),
                                         peer.serial, peer.public_key_pem);
    (void)!write(to, text.data(), text.size());
    close(to);
}

PeerInstitution read_peer(int from) {
    std::istringstream text(read_all(from));
    PeerInstitution peer;
    peer.channels.resize(1);
    std::getline(text, peer.code);
    std::getline(text, peer.channels[0]);
    std::getline(text, peer.serial);
    std::getline(text, peer.public_key_pem, '\0');
    peer.name = peer.code;
    peer.cap_minor = amount_minor_max;
    return peer;
}

class AskedProcess {
public:
    // Before this process has threads.
    AskedProcess() {
        int up[2];
        int down[2];
        if (pipe2(up, O_CLOEXEC) != 0 || pipe2(down, O_CLOEXEC) != 0) return;
        child_ = fork();
        if (child_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(up[0]);
            close(down[1]);
            _exit(serve(up[1], down[0]));
        }
        close(up[1]);
        close(down[0]);
        peer_ = read_peer(up[0]);
        close(up[0]);
        to_child_ = down[1];
    }
    ~AskedProcess() {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
    }
    AskedProcess(const AskedProcess&) = delete;
    AskedProcess& operator=(const AskedProcess&) = delete;

    [[nodiscard]] const PeerInstitution& peer() const { return peer_; }
    [[nodiscard]] pid_t id() const { return child_; }
    void meet(const PeerInstitution& other) const { write_peer(to_child_, other); }

private:
    static int serve(int to_parent, int from_parent) {
        auto asked = LightInstitution::make("ASKED");
        if (!asked) return EXIT_FAILURE;
        write_peer(to_parent, (*asked)->as_peer());
        if (!(*asked)->meet(read_peer(from_parent))) return EXIT_FAILURE;
        for (;;) ::pause();
    }

    pid_t child_ = 0;
    int to_child_ = -1;
    PeerInstitution peer_;
};

// ---- those who ask, in this process ----

// Pays `count` times: with so many under way, or at a pace.
class Payments {
public:
    struct Plan {
        std::uint64_t count = 0;
        std::size_t in_flight = 0;  // 0: paced
        double per_second = 0;
        switching::PaymentKind kind = switching::PaymentKind::mpm;
        std::string code;  // what the one that is asked finds its side by
    };
    Payments(gateway::links::Link& link, Plan plan) : link_(link), plan_(std::move(plan)) {}

    // The seconds until the last commit was acknowledged; peer_timeout.
    Result<double> run() {
        const Clock::time_point start = Clock::now();
        if (plan_.in_flight == 0) {
            for (std::uint64_t i = 0; i < plan_.count; ++i) {
                const auto due =
                    start +
                    std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(i) / plan_.per_second));
                std::this_thread::sleep_until(due);
                send(due);
            }
        } else {
            for (std::size_t i = 0; i < plan_.in_flight; ++i) send_next();
        }
        std::unique_lock lock(mutex_);
        const bool over = wake_.wait_for(lock, std::chrono::minutes(5),
                                         [this] { return finished_ == plan_.count; });
        if (!over) return refuse(Error::peer_timeout);
        return seconds_since(start);
    }
    [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
    [[nodiscard]] const std::string& first_wrong() const { return first_wrong_; }
    Latencies& latencies() { return latencies_; }

private:
    static std::string said(const Result<LegAnswer>& answer) {
        if (!answer) return std::string(describe(answer.error()).name);
        return answer->kind == LegAnswer::Kind::pending ? "still under way" : answer->decline;
    }
    void send_next() {
        if (next_++ < plan_.count) send(Clock::now());
    }
    std::uint64_t next_id() {
        const std::lock_guard lock(mutex_);
        return ids_.next(engine::SystemClock().now(), Shard{});
    }
    void send(Clock::time_point due) {
        switching::Payment payment;
        payment.terms.id = {next_id()};
        payment.terms.minor = 1;
        payment.terms.currency = cny;
        payment.terms.kind = plan_.kind;
        payment.terms.code = plan_.code;
        payment.terms.created_at = engine::SystemClock().now();
        payment.terms.subject = "bench";
        link_.send(Duty::request, payment, [this, payment, due](const Result<LegAnswer>& answer) {
            const auto took = std::chrono::duration<double, std::micro>(Clock::now() - due);
            latencies_.add(
                took.count());  // On the one I/O thread of this process that hears answers.
            // The next one first: whoever waits in run() ends this object with the last finish().
            if (plan_.in_flight > 0) send_next();
            if (!answer || answer->kind != LegAnswer::Kind::yes) {
                if (wrong_++ == 0) first_wrong_ = said(answer);
                finish();
            } else if (plan_.kind == switching::PaymentKind::cpm) {
                finish();  // Over ISO 8583 the yes commits by itself.
            } else {
                link_.send(Duty::commit, payment, [this](const Result<LegAnswer>& acknowledged) {
                    if (!acknowledged) ++wrong_;
                    finish();
                });
            }
        });
    }
    void finish() {
        const std::lock_guard lock(mutex_);
        if (++finished_ == plan_.count) wake_.notify_one();
    }

    gateway::links::Link& link_;
    Plan plan_;
    std::atomic<std::uint64_t> next_ = 0;
    std::atomic<std::uint64_t> wrong_ = 0;
    std::string first_wrong_;
    Latencies latencies_;
    std::mutex mutex_;
    std::condition_variable wake_;
    IdSource ids_;
    std::uint64_t finished_ = 0;
};

Result<std::string> resolve_token(gateway::institution::JsonLink& link) {
    std::mutex mutex;
    std::condition_variable wake;
    std::optional<Result<gateway::institution::Resolution>> found;
    link.resolve(bench_code, [&](Result<gateway::institution::Resolution> answer) {
        const std::lock_guard lock(mutex);
        found = std::move(answer);
        wake.notify_one();
    });
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return found.has_value(); });
    if (!*found) return refuse(found->error());
    return (*found)->resolve_token;
}

// ---- the run ----

// The machine's time, by process.
struct Spent {
    CpuSplit switch_cpu;
    ThreadTimes switch_threads;
    std::uint64_t asking_us = 0;
    std::uint64_t asked_us = 0;
};

class SwitchBench {
public:
    explicit SwitchBench(const SwitchOptions& options) : options_(options) {}

    Result<void> run() {
        CHECK(start());
        fmt::print("JSON to JSON: a scan, under sessions' MACs, with its commit\n");
        CHECK(measure([this](Payments::Plan plan) { return scan(std::move(plan)); }));
        CHECK(bare_http());
        say_what_signing_costs();
        fmt::print("ISO 8583 to JSON: a till, 0200 under MACs of 3DES keys\n");
        CHECK(start_acquirer());
        return measure([this](Payments::Plan plan) { return charge(std::move(plan)); });
    }

    // What the switch's operator door said last, if it said no.
    [[nodiscard]] std::string problem() const {
        const bool said = switch_.operators != nullptr && !switch_.operators->problem().empty();
        return said ? " (" + switch_.operators->problem() + ")" : "";
    }

private:
    Result<void> start() {
        TRY(caller, Caller::make());
        caller_ = std::move(caller);
        switch_.name = "Switch";
        switch_.plan = {.folder = options_.data, .code = "SWITCH", .institution_code = switch_code};
        CHECK(start_institution(switch_, *caller_, bench_password));
        TRY(wallet, LightInstitution::make("WALLET"));
        wallet_ = std::move(wallet);
        CHECK(register_peer(*switch_.operators, wallet_->as_peer()));
        TRY(asked, register_peer(*switch_.operators, asked_.peer()));
        CHECK(give_codes(*switch_.operators, asked, {.form = "URL", .pattern = bench_host}));
        CHECK(give_codes(*switch_.operators, asked,
                         {.form = "DIGITS",
                          .pattern = light_payer_code.substr(0, 2),
                          .length = static_cast<std::int64_t>(light_payer_code.size())}));
        TRY(own, switch_.as_peer());
        asked_.meet(own);
        return wallet_->meet(own);
    }
    Result<void> start_acquirer() {
        TRY(acquirer, LightAcquirer::make(options_.data));
        acquirer_ = std::move(acquirer);
        CHECK(register_peer(*switch_.operators, LightAcquirer::as_peer()));
        return acquirer_->meet(switch_code, switch_.process.doors().iso8583_address);
    }
    struct Last {
        std::uint64_t count = 0;
        double seconds = 0;
    };
    using Pay = std::function<Result<double>(Payments::Plan)>;
    // Warms up, then the peak, then at half of it.
    Result<void> measure(const Pay& pay) {
        warm_ = false;
        CHECK(pay({.count = options_.count / 10, .in_flight = options_.in_flight, .code = {}}));
        warm_ = true;
        const Spent before = spent();
        TRY(peak, pay({.count = options_.count, .in_flight = options_.in_flight, .code = {}}));
        const Last last = last_;
        wait_for_tables();
        report(before, spent(), last);
        const double pace = peak * paced_share;
        fmt::print("at half of the peak: ");
        CHECK(pay({.count = static_cast<std::uint64_t>(pace * options_.paced_seconds),
                   .per_second = pace,
                   .code = {}}));
        return {};
    }
    Result<double> scan(Payments::Plan plan) {
        TRY(token, resolve_token(wallet_->link()));
        plan.code = token;
        return run_payments(wallet_->link(), std::move(plan));
    }
    Result<double> charge(Payments::Plan plan) {
        plan.kind = switching::PaymentKind::cpm;
        plan.code = light_payer_code;
        return run_payments(*acquirer_->link(), std::move(plan));
    }
    // Payments a second; says how it went.
    Result<double> run_payments(gateway::links::Link& link, Payments::Plan plan) {
        last_.count = plan.count;
        Payments payments(link, std::move(plan));
        TRY(seconds, payments.run());
        last_.seconds = seconds;
        if (payments.wrong() > 0) {
            fmt::print(stderr, "{} payments did not go through, the first: {}\n", payments.wrong(),
                       payments.first_wrong());
            return refuse(Error::peer_refused);
        }
        const double rate = static_cast<double>(last_.count) / seconds;
        if (warm_)
            fmt::print("{} payments in {:.1f} s: {:.0f}/s; {}\n", last_.count, seconds, rate,
                       payments.latencies().text());
        return rate;
    }
    // The tables are a part of what a payment costs.
    void wait_for_tables() {
        for (int tries = 0; tries < 600; ++tries) {
            const auto page =
                caller_->call("GET", switch_.process.doors().observability_url + "/metrics");
            if (page && page->body.find("\nhuitong_tables_lag_entries 0\n") != std::string::npos)
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
    [[nodiscard]] Spent spent() const {
        return {.switch_cpu = cpu_split(switch_.process.id()),
                .switch_threads = process_times(switch_.process.id()),
                .asking_us = cpu_split(getpid()).all(),
                .asked_us = cpu_split(asked_.id()).all()};
    }
    void report(const Spent& before, const Spent& after, const Last& last) {
        const auto count = static_cast<double>(last.count);
        const auto each = [&](std::uint64_t from, std::uint64_t to) {
            return static_cast<double>(to - from) / count;
        };
        switch_us_ = each(before.switch_cpu.all(), after.switch_cpu.all());
        fmt::print(
            "CPU us a payment: switch {:.0f} (program {:.0f}, kernel {:.0f}), the one "
            "that asks {:.0f}, the one that is asked {:.0f}\n",
            switch_us_, each(before.switch_cpu.user_us, after.switch_cpu.user_us),
            each(before.switch_cpu.kernel_us, after.switch_cpu.kernel_us),
            each(before.asking_us, after.asking_us), each(before.asked_us, after.asked_us));
        fmt::print("the switch by thread: {}\n",
                   per_operation(before.switch_threads, after.switch_threads, last.count));
        const std::uint64_t others =
            after.asking_us + after.asked_us - before.asking_us - before.asked_us;
        fmt::print("{}\n", limit_of(between(before.switch_threads, after.switch_threads), others,
                                    last.seconds));
    }
    // What a request and its answer cost the same process when nothing is done about them.
    Result<void> bare_http() {
        const std::string request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        const CpuSplit before = cpu_split(switch_.process.id());
        TRY(report,
            run_load(
                port_of(switch_.process.doors().observability_url), options_.in_flight,
                options_.count, [&](std::uint64_t) { return std::string_view(request); },
                [](std::string_view answer) { return answer.starts_with("HTTP/1.1 200"); }));
        const double each =
            static_cast<double>(cpu_split(switch_.process.id()).all() - before.all()) /
            static_cast<double>(report.answers);
        fmt::print(
            "a bare HTTP exchange costs the switch {:.1f} us ({:.0f}/s). A payment has one on "
            "each side: {:.0f} us, {:.2f} of what it costs; the rest is MACs, JSON, the "
            "heart, the journal, the tables, and commits by the batch\n",
            each, static_cast<double>(report.answers) / report.seconds, 2 * each,
            2 * each / switch_us_);
        return {};
    }

    // A payment's two requests come in and go on, each with an answer: the switch signs four
    // messages and checks four, fewer when commits travel together.
    static void say_what_signing_costs() {
        constexpr double messages = 4;
        const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::sm2);
        const auto publics = key.public_key();
        const std::string signature = key.sign("benchmark");
        const double sign_us = 1e6 / OperationRate([&] { (void)key.sign("benchmark"); }).alone();
        const double verify_us =
            1e6 / OperationRate([&] { (void)publics.verify("benchmark", signature); }).alone();
        fmt::print(
            "signed with SM2 instead, a payment would cost the switch up to {0:.0f} signatures of "
            "{1:.0f} us and {0:.0f} verifications of {2:.0f} us more: {3:.0f} us. Sessions' MACs, "
            "keyed at a signed sign-on, avoid them\n",
            messages, sign_us, verify_us, messages * (sign_us + verify_us));
    }

    const SwitchOptions& options_;
    AskedProcess asked_;  // first: it forks
    std::unique_ptr<Caller> caller_;
    Institution switch_;
    std::unique_ptr<LightInstitution> wallet_;
    std::unique_ptr<LightAcquirer> acquirer_;
    bool warm_ = false;
    Last last_;
    double switch_us_ = 0;
};

}  // namespace

int run_switch(const SwitchOptions& options) {
    print_machine("bench switch: payments between two linked institutions, JSON under MACs");
    std::fflush(stdout);
    set_log_level("err");
    std::filesystem::remove_all(options.data);
    std::string why;
    // Made once: g++ 12 falsely sees an error that is not set in a result that is assigned later.
    const Result<void> done = [&] {
        SwitchBench bench(options);
        const Result<void> ended = bench.run();
        why = bench.problem();
        return ended;
    }();
    if (!done) {
        fmt::print(stderr, "\nthe benchmark stopped: {}{}; the switch's log is in {}\n",
                   describe(done.error()).text_en, why, options.data);
        return EXIT_FAILURE;
    }
    std::filesystem::remove_all(options.data);
    return EXIT_SUCCESS;
}

}  // namespace huitong::apps::bench
