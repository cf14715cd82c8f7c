#include "apps/bench/process_times.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

namespace huitong::apps::bench {
namespace {

std::string first_line(const std::filesystem::path& file) {
    std::string line;
    std::ifstream in(file);
    std::getline(in, line);
    return line;
}

}  // namespace

ThreadTimes process_times(pid_t process) {
    std::map<std::string, std::uint64_t> by_name;
    std::error_code gone;
    const auto folder = fmt::format("/proc/{}/task", process);
    for (const auto& task : std::filesystem::directory_iterator(folder, gone)) {
        std::uint64_t on_cpu_ns = 0;
        std::istringstream(first_line(task.path() / "schedstat")) >> on_cpu_ns;
        by_name[first_line(task.path() / "comm")] += on_cpu_ns / 1'000;
    }
    return {by_name.begin(), by_name.end()};
}

CpuSplit cpu_split(pid_t process) {
    // The name, field 2, may hold blanks; utime and stime are fields 14 and 15.
    const std::string line = first_line(fmt::format("/proc/{}/stat", process));
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t kernel = 0;
    fields >> user >> kernel;
    const auto tick_us = 1'000'000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return {.user_us = user * tick_us, .kernel_us = kernel * tick_us};
}

}  // namespace huitong::apps::bench
