// CPU time of a process, ours or another, by its threads' names (proc(5)).
#pragma once

#include <sys/types.h>

#include "apps/bench/bench.hpp"

namespace huitong::apps::bench {

// Threads of one name count together. Empty when there is no such process.
ThreadTimes process_times(pid_t process);
// Of all its threads so far, those that ended included: in the program and in the kernel.
struct CpuSplit {
    std::uint64_t user_us = 0;
    std::uint64_t kernel_us = 0;

    [[nodiscard]] std::uint64_t all() const { return user_us + kernel_us; }
};
CpuSplit cpu_split(pid_t process);

}  // namespace huitong::apps::bench
