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

struct DoorBenchOptions {
    std::string data = "build/bench-data";
    std::size_t connections = 256;
    std::uint64_t count = 100'000;  // payments, or prepay requests
    std::string crypto = "rsa";     // of the merchant: rsa or sm2
};
int run_wallet(const DoorBenchOptions& options);
int run_merchant(const DoorBenchOptions& options);

struct MemoryOptions {
    std::string data = "build/bench-data";
    std::uint32_t accounts = 1'000'000;
    std::uint32_t tail = 100'000;  // payments
};
int run_memory(const MemoryOptions& options);

struct SwitchOptions {
    std::string data = "build/bench-data";
    std::uint64_t count = 100'000;  // payments of the run for the peak
    std::size_t in_flight = 256;
    double paced_seconds = 10;  // at half of the peak
};
int run_switch(const SwitchOptions& options);

struct Iso8583Options {
    double seconds = 2;  // of each part
};
int run_iso8583(const Iso8583Options& options);

struct QrOptions {
    double seconds = 2;  // of each figure
};
int run_qr(const QrOptions& options);

}  // namespace huitong::apps::bench
