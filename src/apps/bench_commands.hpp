// The benchmarks behind `huitong bench NAME`. Each prints its report and returns the process's exit
// status.
#pragma once

#include <cstdint>
#include <string>

namespace huitong::apps::bench {

struct EngineOptions {
    std::string data = "build/bench-data";  // made anew, and removed at the end
    double seconds = 20;                    // of (a)
    std::uint64_t payments = 5'000'000;     // of (b); 0: without (b)
    std::uint64_t singles = 2'000;          // one in flight
    std::size_t in_flight = 1'000;
    std::uint64_t chunk = 200'000;  // orders made, then paid, at a time
    std::size_t records_in_memory = 400'000;
    std::size_t bare_batches = 2'000;
};
int run_engine(const EngineOptions& options);

}  // namespace huitong::apps::bench
