#include "apps/processes/server_process.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <netinet/in.h>
#include <random>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "base/ensure.hpp"

namespace huitong::apps {
namespace {

// The text between a mark and an end; empty when the mark is not there.
std::string after(const std::string& text, const std::string& mark, const std::string& end) {
    const std::size_t at = text.find(mark);
    if (at == std::string::npos) return {};
    const std::size_t from = at + mark.size();
    return text.substr(from, text.find(end, from) - from);
}

std::string config_of(const ServerPlan& plan) {
    const ServerPorts& ports = plan.ports;
    return fmt::format(
        "data = \"{}\"\nportal = \"{}\"\nlog_level = \"{}\"\n[merchant_door]\nport = {}\n"
        "[portal_door]\nport = {}\n[observability_door]\nport = {}\n"
        "[institution_door]\nport = {}\ncode = \"{}\"\n"
        "[iso8583_door]\nport = {}\ninstitution_code = \"{}\"\n[notices]\nprivate_addresses = "
        "true\n{}",
        plan.store(), plan.portal, plan.log_level, ports.merchant, ports.portal,
        ports.observability, ports.institution, plan.code, ports.iso8583, plan.institution_code,
        plan.more);
}

bool can_bind(std::uint16_t port) {
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(made);
    return bound;
}

// In the child: becomes the server, which ends when the parent does.
[[noreturn]] void become_server(const std::string& config, int out, int log) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(out, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    const std::string program = own_program();
    execl(program.c_str(), program.c_str(), "serve", "--config", config.c_str(), nullptr);
    _exit(127);
}

}  // namespace

ServerPorts ServerPorts::from(std::uint16_t first) {
    const auto at = [first](int i) { return static_cast<std::uint16_t>(first + i); };
    return {first, at(1), at(2), at(3), at(4)};
}

ServerPorts ServerPorts::free() {
    return {free_port(), free_port(), free_port(), free_port(), free_port()};
}

std::uint16_t free_port() {
    constexpr std::uint16_t lowest = 12'000;
    constexpr std::uint16_t count = 20'000;  // Linux begins its own at 32768.
    constexpr int tries = 100;
    std::random_device random;
    for (int i = 0; i < tries; ++i) {
        const auto port = static_cast<std::uint16_t>(lowest + random() % count);
        if (can_bind(port)) return port;
    }
    return 0;
}

std::string own_program() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

Result<ServerProcess> ServerProcess::start(const ServerPlan& plan) {
    std::filesystem::create_directories(plan.folder);
    const std::string config = plan.folder + "/huitong.toml";
    std::ofstream(config) << config_of(plan);
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) return refuse(Error::peer_unreachable);
    const int log_file = open(plan.log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ServerProcess server;
    server.child_ = log_file < 0 ? -1 : fork();
    if (server.child_ == 0) become_server(config, out[1], log_file);
    close(out[1]);
    if (log_file >= 0) close(log_file);
    const bool up = server.child_ > 0 && server.read_doors(out[0]);
    close(out[0]);
    if (!up) return refuse(Error::peer_unreachable);
    return server;
}

ServerProcess& ServerProcess::operator=(ServerProcess&& other) noexcept {
    std::swap(child_, other.child_);
    std::swap(doors_, other.doors_);
    return *this;
}

ServerProcess::~ServerProcess() {
    if (running()) end(SIGKILL);
}

void ServerProcess::end(int signal) {
    ENSURE(running());
    kill(child_, signal);
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
}

bool ServerProcess::read_doors(int from) {
    std::string text;
    char buffer[1024];
    // The door of ISO 8583 is the last thing that it prints.
    while (text.find("ISO 8583") == std::string::npos || text.back() != '\n') {
        const ssize_t got = read(from, buffer, sizeof buffer);
        if (got <= 0) return false;
        text.append(buffer, static_cast<std::size_t>(got));
    }
    doors_ = {.merchant_url = after(text, "merchant door  ", "\n"),
              .portal_url = after(text, "wallet         ", "/wallet/"),
              .institution_url = after(text, "institutions   ", "\n"),
              .observability_url = after(text, "metrics        ", "/metrics"),
              .iso8583_address = after(text, "ISO 8583       ", "\n"),
              .one_time_password = after(text, "one-time password ", " ")};
    return !doors_.merchant_url.empty() && !doors_.portal_url.empty();
}

}  // namespace huitong::apps
